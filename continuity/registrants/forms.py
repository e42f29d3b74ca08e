"""What a foundation's browser may send."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from continuity import fields
from continuity.models import CheckKind, ProofKind
from continuity.registrants.services import Proof

PROOF_LABELS = {
    ProofKind.LOGIN: _l("Signing in with it: it worked"),
    ProofKind.TAKEOVER: _l("Taking the service over, as a drill with the partner: it worked"),
}


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Three ticks, each by whoever saw it; a delivery counts only with all of them."""

    complete = BooleanField(_l("It is complete: everything the specification names is there"))
    readable = BooleanField(_l("It is readable: somebody who does not know the service can work with it"))
    key_fits = BooleanField(_l("The key fits: we opened it ourselves"))

    def ticks(self) -> frozenset[CheckKind]:
        """Return what was ticked."""
        given = {
            CheckKind.COMPLETE: self.complete.data,
            CheckKind.READABLE: self.readable.data,
            CheckKind.KEY_FITS: self.key_fits.data,
        }
        return frozenset(kind for kind, so in given.items() if so)


class RemindForm(FlaskForm):  # type: ignore[misc]
    """Which suppliers to remind."""

    suppliers: Any = SelectMultipleField(
        _l("Which suppliers?"), [InputRequired(_l("Tick at least one supplier."))], coerce=int
    )


class ProofForm(FlaskForm):  # type: ignore[misc]
    """What was tried with a delivery."""

    kind = RadioField(
        _l("What was tried?"),
        [InputRequired(_l("Choose what was tried."))],
        choices=fields.offered((kind.value, label) for kind, label in PROOF_LABELS.items()),
    )
    proved_on = fields.day(_l("On which day"), missing=_l("Fill in the day."))
    proved_by = fields.line(_l("By whom"), missing=_l("Fill in who tried it."))
    note = fields.text(
        _l("How it was done"),
        missing=_l("Fill in how it was done."),
        hint=_l("For example: the supplier typed the code while we watched, and signed out again. Never a password."),
    )

    def values(self) -> Proof:
        """Return what was filled in."""
        return Proof(ProofKind(self.kind.data), self.proved_on.data, self.proved_by.data, self.note.data)
