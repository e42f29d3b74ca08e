"""What a browser may send about a version of the deed."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from continuity import fields
from continuity.deed.services import DeedValues
from continuity.fields import EditForm


class DeedForm(EditForm):
    """A draft of the beneficiary deed."""

    text = fields.text(
        _l("Text of the deed in Dutch"),
        missing=_l("Fill in the text of the deed."),
        longest=50_000,
        hint=_l("What the foundation promises to a client that accepts it."),
    )
    conditions = fields.text(
        _l("Conditions in Dutch"),
        missing=_l("Fill in at least one condition."),
        longest=5_000,
        hint=_l("One condition on each line. A client must meet all of them to ask for continuity."),
    )
    text_en = fields.text(
        _l("Text of the deed in English"),
        longest=50_000,
        hint=_l("A draft may still lack it. To offer the deed, both languages are needed."),
    )
    conditions_en = fields.text(
        _l("Conditions in English"), longest=5_000, hint=_l("The same conditions, in the same order.")
    )
    irrevocable_free = BooleanField(
        _l("This version cannot be revoked, and costs the client nothing"),
        description=_l(
            "Leave this off if clients pay while the scheme runs. With it on, the law says that a client that knows "
            "the deed and does not reject it without delay has accepted it. You can then never revoke this version."
        ),
    )

    def values(self) -> DeedValues:
        """Return what was filled in."""
        return DeedValues(
            self.text.data,
            _lines(self.conditions.data),
            self.text_en.data or "",
            _lines(self.conditions_en.data or ""),
            bool(self.irrevocable_free.data),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split("\n") if one.strip())


class CloseForm(EditForm):
    """Why a version of the deed is revoked or ends."""

    why = fields.text(_l("Why?"), missing=_l("Fill in why."), hint=_l("This stays written down with the version."))
