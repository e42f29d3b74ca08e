"""The form of a sign."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from plans.inputs import LongTextBox, NewRowField, SeenField, filled, radio
from plans.signs.queries import Sign
from plans.signs.services import TEXT_LENGTH
from plans.turns import seen

BEGINS, ENDS = "begins", "ends"


class SignForm(FlaskForm):  # type: ignore[misc]
    """One sign."""

    text = LongTextBox(_l("What you see or hear"), [filled(_l("Write down the sign."))], most=TEXT_LENGTH)
    tells = radio(
        _l("What does it tell?"),
        ((BEGINS, _l("The plan holds now")), (ENDS, _l("It is over: the plan can be put away"))),
        default=BEGINS,
    )
    seen = SeenField()
    new_row = NewRowField()

    @property
    def ends(self) -> bool:
        """Tell whether the sign tells that it is over."""
        return bool(self.tells.data == ENDS)


def sign_form(sign: Sign | None = None, **sent: Any) -> SignForm:
    """Return the form of a new sign, or of `sign` as it is stored."""
    told = {"text": sign.text, "tells": ENDS if sign.ends else BEGINS, "seen": seen([sign])} if sign else {}
    return SignForm(data=told, **sent)
