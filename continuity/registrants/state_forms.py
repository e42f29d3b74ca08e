"""What a foundation's browser may send about the state of a scheme."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from continuity import fields
from continuity.fields import EditForm
from continuity.models import SchemeState, TriggerKind, TriggerProof
from continuity.registrants.cases import Filing
from continuity.registrations.words import KIND_LABELS

PROOF_LABELS = {
    TriggerProof.INSOLVENCY_REGISTER: _l("The central insolvency register"),
    TriggerProof.COURT_DECISION: _l("The decision of the court"),
    TriggerProof.TRADE_REGISTER: _l("The trade register"),
    TriggerProof.NOTICE: _l("A letter or message of the supplier or another party"),
    TriggerProof.OTHER: _l("Something else"),
}
STEP_LABELS = {
    SchemeState.ACTIVE: _l("The scheme is in force"),
    SchemeState.SUSPENDED: _l("Suspend it: the handover duty is not kept"),
    SchemeState.RUNNING: _l("We began to deliver"),
    SchemeState.CLOSED: _l("Close it: the period is over"),
    SchemeState.TERMINATED: _l("End it"),
}


class EverywhereForm(EditForm):
    """What may be meant for all services of a supplier at once."""

    everywhere = BooleanField(_l("The same for the other services of this supplier"), default=True)


class FilingForm(EverywhereForm):
    """What happened to a supplier, and its proof."""

    kind = fields.choice(_l("What happened"), ((kind.value, label) for kind, label in KIND_LABELS.items()))
    happened_on = fields.day(
        _l("On which day"),
        missing=_l("Fill in the day."),
        hint=_l("Of a bankruptcy: the day of the court's decision, as the central insolvency register shows it."),
    )
    proof = fields.choice(_l("Where it can be looked up"), ((one.value, label) for one, label in PROOF_LABELS.items()))
    reference = fields.line(
        _l("Number or reference"),
        missing=_l("Fill in under which number it can be found."),
        hint=_l("For example F.05/26/123 in the central insolvency register."),
    )
    note = fields.text(_l("Remarks"), hint=_l("For example the court, and who looked it up."))

    def values(self) -> Filing:
        """Return what was filled in."""
        return Filing(
            TriggerKind(self.kind.data),
            self.happened_on.data,
            TriggerProof(self.proof.data),
            self.reference.data,
            self.note.data,
        )


class BackForm(EverywhereForm):
    """Why a trigger is to be taken back."""

    reason = fields.text(
        _l("Why it is taken back"),
        missing=_l("Fill in why."),
        longest=1000,
        hint=_l(
            "For example: annulled on appeal, with the number of the decision; or another company of the same name."
        ),
    )


class DecisionForm(EverywhereForm):
    """Yes or no of an officer to what was filed or asked."""

    verdict = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Choose one."))],
        choices=fields.offered((("yes", _l("Yes, I looked it up myself and it is so")), ("no", _l("No")))),
    )
    reason = fields.text(_l("Why not"), longest=1000, hint=_l("Needed when you say no to what was filed."))


class StepForm(EditForm):
    """A step that one officer may take."""

    reached = RadioField(_l("Which step"), [InputRequired(_l("Choose one."))], coerce=str)
    reason = fields.text(_l("Why"), longest=1000, hint=_l("Needed to suspend, to take up again and to end."))

    def offer(self, reached: Iterable[SchemeState]) -> None:
        """Let these steps be taken."""
        self.reached.choices = fields.offered((one.value, STEP_LABELS[one]) for one in reached)


class TriggersForm(EditForm):
    """What starts the period by the agreement of one scheme."""

    kinds = SelectMultipleField(
        _l("What starts the period of continuity"),
        choices=fields.offered((kind.value, label) for kind, label in KIND_LABELS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("A declaration of bankruptcy always does. Tick more only if the framework agreement says so."),
    )
