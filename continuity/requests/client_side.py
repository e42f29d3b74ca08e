"""What a client sees of its own request, by its link or as an organisation here, and what it does with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from flask_babel import lazy_gettext as _l

from continuity.acceptance.codes import spend_code
from continuity.acceptance.declaring import Matter, WrongCode
from continuity.errors import Refused
from continuity.models import (
    AskedBy,
    Client,
    ClientRequest,
    ExitTask,
    Registration,
    RequestRole,
    RequestState,
    SchemeContact,
)
from continuity.period import Period, period
from continuity.queries import tenant_kvk
from continuity.requests import asking, exiting
from continuity.requests.asking import Asking
from continuity.requests.deciding import proposed_fee
from continuity.requests.queries import requests_by, task_of, tasks_of
from continuity.requests.states import FINAL, LIVE, Act, may
from continuity.requests.telling import contact_of, plan_taken_back
from core import db
from plans.turns import take_turn


@dataclass(frozen=True, slots=True)
class Position:
    """Where a client stands. may_ask: it can ask now; why_not: why it cannot, "" where it can or has asked.

    request: the newest one; over: nothing more is asked or done after this trigger; fee: what the foundation expects
    for the whole period, None where that is not known; contact: whom to call at the foundation; kvk: its number in the
    trade register, "" where that is not known.
    """

    running: Period | None
    request: ClientRequest | None
    tasks: Sequence[ExitTask]
    may_ask: bool
    why_not: str
    over: bool
    fee: Decimal | None
    contact: SchemeContact | None
    kvk: str

    @property
    def lives(self) -> bool:
        """Tell whether a request of the client is not over."""
        return self.request is not None and self.request.state in LIVE

    @property
    def takes_back(self) -> bool:
        """Tell whether the client can take its request back."""
        return self.request is not None and may(self.request.state, Act.WITHDRAW, RequestRole.CLIENT)

    @property
    def ticks(self) -> bool:
        """Tell whether the client can tick off what it does."""
        return self.request is not None and self.request.state is RequestState.SERVED


def position(owner: Registration, client: Client, today: date) -> Position:
    """Return where `client` of `owner` stands today; the open scope is that of its supplier."""
    newest = next(iter(requests_by(client)), None)
    why_not = ""
    over = newest is not None and newest.state in FINAL
    try:
        found = asking.ground(owner, client, today)
        over = over and newest is not None and newest.case_id == found.case.id
    except Refused as refused:
        why_not = str(refused.text)
    lives = newest is not None and newest.state in LIVE
    return Position(
        period(owner.declared_bankrupt_on, owner.duration_months),
        newest,
        tasks_of(newest) if newest else (),
        may_ask=not (why_not or lives or over),
        why_not="" if lives else why_not,
        over=over,
        fee=proposed_fee(client.monthly_fee, owner.duration_months),
        contact=contact_of(owner),
        kvk=tenant_kvk(owner.foundation_id),
    )


def ask_by_link(
    matter: Matter, code: str, name: str, asked_as: str, note: str, *, at: datetime, today: date
) -> ClientRequest:
    """Ask for continuity with the code that was mailed. Raises WrongCode, and Refused as `asking.ask` does."""
    prove(matter, code, at=at)
    said = Asking(AskedBy.LINK, name, asked_as, matter.invitation.email, note)
    return asking.ask(matter.registration, matter.client, said, at=at, today=today)


def take_back_by_link(matter: Matter, code: str, name: str, why: str, *, at: datetime) -> None:
    """Take the request back with the code that was mailed. Raises WrongCode, and as `take_back` does."""
    prove(matter, code, at=at)
    take_back(matter.registration, matter.client, by=name, why=why, at=at)


def take_back(owner: Registration, client: Client, *, by: str, why: str, at: datetime) -> None:
    """Take the newest request of a client back, and tell the foundation's officers.

    Raises LookupError when nothing was asked; Refused when it is delivered to already, or the request is over.
    Source: rules 3.8.
    """
    row = next(iter(requests_by(client)), None)
    if row is None:
        raise LookupError(f"nobody asked for {owner.service_name}")
    asking.withdraw(row, RequestRole.CLIENT, by=by, reason=why, seen=None, at=at)
    plan_taken_back(row, owner, at=at)


def prove(matter: Matter, code: str, *, at: datetime) -> None:
    """Use up the code of the invitation, in a turn. Raises WrongCode."""
    take_turn()
    db.session().refresh(matter.invitation)
    if not spend_code(matter.invitation, code, at=at):
        raise WrongCode(_l("This code is not right, or too old. Use the code from the newest mail."), "code")


def tick(owner: Registration, client: Client, task_id: UUID, *, done: bool, note: str, by: str, today: date) -> None:
    """Tick off something of the client's own list, or take that back.

    Raises LookupError when there is no such thing on it; Refused when it is no longer delivered to.
    """
    for row in requests_by(client):
        task = task_of(row, task_id)
        if task is not None:
            exiting.tick(row, task, done=done, note=note, by=by, seen=None, today=today)
            return
    raise LookupError(f"{owner.service_name} has no task {task_id} for this client")
