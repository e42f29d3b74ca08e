"""What a client may send about its request, by its link or signed in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from continuity import fields


class OwnForm(FlaskForm):  # type: ignore[misc]
    """Somebody who is signed in asks for its organisation."""

    asked_as = fields.line(
        _l("Your function"), missing=_l("Fill in your function."), hint=_l("For example: director, owner, partner.")
    )
    note = fields.text(_l("What must go on at all costs?"), hint=_l("For example: the tills, the mail, the web shop."))


class Proven(FlaskForm):  # type: ignore[misc]
    """Who says it by the link, with the code that was mailed."""

    name = fields.line(_l("Your name"), missing=_l("Fill in your name."))
    code = fields.line(
        _l("Code from the mail"),
        missing=_l("Fill in the code."),
        longest=20,
        hint=_l("Eight digits. We sent them to the address to which you were invited."),
    )


class LinkForm(OwnForm, Proven):
    """Somebody asks by the link."""


class TakeBackForm(FlaskForm):  # type: ignore[misc]
    """Somebody takes the request of its organisation back; why, the foundation reads."""

    why = fields.text(_l("Why"), hint=_l("For example: our supplier goes on after all, or we found another one."))


class LinkTakeBackForm(TakeBackForm, Proven):
    """Somebody takes it back by the link."""


class AddressForm(Proven):
    """Where a client wants to be written to from now on. again: typed once more, as a mistake would lose its mail."""

    email = fields.mail()
    again = fields.mail()

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.email.label.text, self.again.label.text = _l("New e-mail address"), _l("The same address once more")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for an address, and for the same one twice."""
        fine = bool(super().validate(extra_validators))
        if not self.email.data:
            self.email.errors = [*self.email.errors, _l("Fill in the address.")]
        elif self.email.data.casefold() != (self.again.data or "").casefold():
            self.again.errors = [*self.again.errors, _l("This is not the same address.")]
        return fine and not (self.email.errors or self.again.errors)


class TaskForm(FlaskForm):  # type: ignore[misc]
    """Something is done, with what is to be remembered of it."""

    note = fields.line(_l("Remark"), longest=500)
