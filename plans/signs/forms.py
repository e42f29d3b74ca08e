"""The form of a sign."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from plans.inputs import LongTextBox, NewRowField, SeenField, filled
from plans.signs.queries import Sign
from plans.signs.services import TEXT_LENGTH
from plans.turns import seen


class SignForm(FlaskForm):  # type: ignore[misc]
    """One sign."""

    text = LongTextBox(_l("What you see or hear"), [filled(_l("Write down the sign."))], most=TEXT_LENGTH)
    seen = SeenField()
    new_row = NewRowField()


def sign_form(sign: Sign | None = None, **sent: Any) -> SignForm:
    """Return the form of a new sign, or of `sign` as it is stored."""
    return SignForm(data={"text": sign.text, "seen": seen([sign])} if sign else {}, **sent)
