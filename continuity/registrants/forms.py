"""What a foundation's browser may send."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from continuity import fields
from continuity.models import ProofKind
from continuity.registrants.services import Proof

PROOF_LABELS = {
    ProofKind.LOGIN: _l("Signing in with it: it worked"),
    ProofKind.TAKEOVER: _l("Taking the service over, as a drill with the partner: it worked"),
}


def _tick(label: Any) -> Any:
    return BooleanField(label, [InputRequired(_l("Confirm only when this is so."))])


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Three ticks; a delivery counts only with all of them."""

    complete = _tick(_l("It is complete: everything the specification names is there"))
    readable = _tick(_l("It is readable: somebody who does not know the service can work with it"))
    key_fits = _tick(_l("The key fits: we opened it ourselves"))


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
