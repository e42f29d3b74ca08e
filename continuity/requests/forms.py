"""What a foundation's browser may send about a request."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from continuity import fields
from continuity.fields import AddForm, EditForm
from continuity.models import AskedBy, CameIn, Client
from continuity.requests.asking import Asking
from continuity.requests.deciding import why_of
from continuity.requests.exiting import LONGEST
from continuity.requests.queries import Condition
from continuity.requests.states import CAME_IN_LABELS


class RecordForm(AddForm):
    """A request that came by phone or letter."""

    client = fields.choice(_l("Which client"), ())
    came_in = fields.choice(_l("How it came in"), ((one.value, label) for one, label in CAME_IN_LABELS.items()))
    name = fields.line(_l("Who asked"), missing=_l("Fill in who asked."))
    asked_as = fields.line(_l("In which function"), hint=_l("For example owner or director."))
    email = fields.mail()
    note = fields.text(_l("What was said"), hint=_l("For example what stands still, and what has to come first."))

    def offer(self, clients: Iterable[Client]) -> None:
        """Let one of these clients be chosen."""
        self.client.choices = fields.offered((str(one.id), one.name) for one in clients)
        self.email.description = _l(
            "Where mail about this request goes. Left empty, it goes to the address that is known of the client."
        )

    def client_id(self) -> UUID:
        """Return which client was chosen."""
        return UUID(self.client.data)

    def values(self, officer: str) -> Asking:
        """Return what was filled in."""
        return Asking(
            AskedBy.FOUNDATION,
            self.name.data,
            self.asked_as.data,
            self.email.data or "",
            self.note.data,
            CameIn(self.came_in.data),
            officer,
        )


class DecisionForm(EditForm):
    """Yes or no to a request; of each condition that is open, why yes nevertheless. Made by `decision_on`."""

    verdict = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Choose one."))],
        choices=fields.offered((("grant", _l("Grant continuity")), ("refuse", _l("Refuse")))),
    )
    reason = fields.text(
        _l("Why, or a remark"), hint=_l("The client reads this. Needed to refuse: say also what it can do about it.")
    )

    def whys(self, found: Iterable[Condition]) -> Mapping[int, str]:
        """Return why it is granted although these conditions are open, by position."""
        return {one.position: self[why_of(one.position)].data for one in found if one.met_on is None}


def decision_on(found: Sequence[Condition]) -> type[DecisionForm]:
    """Return a form with a field for each condition that is open."""
    more = {
        why_of(one.position): fields.text(
            _l("Why you grant it although this is open: %(condition)s", condition=one.text), longest=1000
        )
        for one in found
        if one.met_on is None
    }
    return cast("type[DecisionForm]", type("DecisionOnForm", (DecisionForm,), more))


class FeeForm(EditForm):
    """What the client has to pay, and by when."""

    fee_amount = fields.euros(_l("Amount for the whole period"), missing=_l("Fill in an amount. Zero is allowed."))
    fee_due_on = fields.day(_l("To be paid by"), missing=_l("Fill in the day."), past=False)


class PaymentForm(EditForm):
    """On which day the fee came in."""

    fee_paid_on = fields.day(_l("Paid on"), missing=_l("Fill in the day."))


class ServeForm(EditForm):
    """That delivery begins; why, where the fee did not come in."""

    reason = fields.text(
        _l("Why before the fee was paid"), hint=_l("Needed as long as no payment is recorded. It is kept.")
    )


class ExitForm(EditForm):
    """On which day the client left for its new supplier."""

    exited_on = fields.day(_l("Moved on"), missing=_l("Fill in the day."))


class RefuseForm(EditForm):
    """Why a request that was granted is not served after all."""

    reason = fields.text(_l("Why"), missing=_l("Fill in why: the client reads it."), hint=_l("The client reads this."))


class WithdrawForm(EditForm):
    """That the client takes its request back."""

    reason = fields.text(_l("Why"), missing=_l("Fill in why."), hint=_l("For example who called, and what was said."))


class TaskForm(EditForm):
    """One thing a client does before the period ends."""

    label = fields.text(_l("What is to be done"), missing=_l("Fill in what is to be done."), longest=LONGEST)
    due_on = fields.day(_l("By when"), missing=_l("Fill in the day."), past=False)
    done = BooleanField(_l("It is done"))
    note = fields.text(_l("Note"))
