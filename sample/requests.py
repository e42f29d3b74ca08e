"""What the clients of Kabelrijk IT asked of the foundation: one is served, one owes its fee, one waits."""

from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from continuity.models import (
    Acceptance,
    AskedBy,
    CameIn,
    Client,
    ClientRequest,
    ExitTask,
    Registration,
    RequestRole,
    RequestState,
    RequestStep,
    TriggerCase,
)
from continuity.period import Period, period
from continuity.requests.exit_list import EXIT_LIST, due_on
from continuity.requests.queries import conditions
from core import db
from core.i18n import Language, written_in
from sample.days import Days
from sample.foundation import SECRETARY

S, R = RequestState, RequestRole
Taken = tuple[RequestState, RequestState, int]
SERVED, OWES, WAITS = 12, 5, 1


def fill(row: Registration, days: Days) -> None:
    """Add what each client asked, and how far it is. Inside the supplier's scope, in the name of the foundation."""
    case = db.session().scalars(sa.select(TriggerCase).where(TriggerCase.registration_id == row.id)).one()
    running = period(row.declared_bankrupt_on, row.duration_months)
    assert running is not None
    clients = db.session().scalars(sa.select(Client).where(Client.registration_id == row.id)).all()
    first, second, third = sorted(clients, key=lambda one: one.name)
    _served(_asked(first, case, days, 17), running, days)
    _owes(_asked(second, case, days, 9), days)
    called = _asked(third, case, days, WAITS)
    called.asked_how, called.came_in, called.recorded_by = AskedBy.FOUNDATION, CameIn.PHONE, SECRETARY
    called.note = "Belde: hij kan geen offertes meer maken."
    _keep(called, S.ASKED, days, ())
    db.session().flush()


def _asked(client: Client, case: TriggerCase, days: Days, ago: int) -> ClientRequest:
    accepted = sa.select(Acceptance).where(Acceptance.client_id == client.id)
    acceptance = db.session().scalars(accepted).one()
    row = ClientRequest(
        registration_id=case.registration_id,
        client_id=client.id,
        acceptance_id=acceptance.id,
        case_id=case.id,
        asked_how=AskedBy.LINK,
        asked_by=acceptance.accepted_by,
        asked_as=acceptance.accepted_as,
        email=client.email,
        asked_at=days.at(ago),
        state=S.ASKED,
    )
    db.session().add(row)
    db.session().flush()
    return row


def _served(row: ClientRequest, running: Period, days: Days) -> None:
    row.note = "Onze planning staat in dit systeem."
    _paid(row, Decimal("285.00"), days.ago(14), days)
    row.fee_paid_on, row.served_on = days.ago(13), days.ago(SERVED)
    steps = (
        (S.ASKED, S.CHECKING, 16),
        (S.CHECKING, S.GRANTED, 16),
        (S.GRANTED, S.FEE_DUE, 15),
        (S.FEE_DUE, S.FEE_DUE, 13),
        (S.FEE_DUE, S.SERVED, SERVED),
    )
    _keep(row, S.SERVED, days, steps)
    row.decided_at = days.at(16)
    with written_in(Language.DUTCH):
        labels = [str(one.label) for one in EXIT_LIST]
    for position, (one, label) in enumerate(zip(EXIT_LIST, labels, strict=True)):
        due = due_on(one.day, running, days.ago(SERVED))
        done = days.ago(SERVED - 1) if position == 0 else None
        db.session().add(
            ExitTask(request_id=row.id, position=position, label=label, due_on=due, done_on=done,
                     done_by=row.asked_by if done else "", note="Op een eigen schijf, en geopend." if done else "")
        )  # fmt: skip


def _owes(row: ClientRequest, days: Days) -> None:
    _paid(row, Decimal("180.00"), days.ahead(2), days)
    steps = ((S.ASKED, S.CHECKING, 8), (S.CHECKING, S.GRANTED, 7), (S.GRANTED, S.FEE_DUE, OWES))
    _keep(row, S.FEE_DUE, days, steps)
    row.decided_at = days.at(7)


def _paid(row: ClientRequest, amount: Decimal, due: date, days: Days) -> None:
    found = conditions(row, Language.DUTCH)
    row.checked = [{"met_on": one.met_on and one.met_on.isoformat(), "why": ""} for one in found]
    row.decided_by, row.fee_amount, row.fee_due_on = SECRETARY, amount, due


def _keep(row: ClientRequest, state: RequestState, days: Days, taken: tuple[Taken, ...]) -> None:
    """Write a request with the steps that brought it to `state`."""
    row.state = state
    officer = row.asked_how is AskedBy.FOUNDATION
    asked = (None, S.ASKED, row.asked_at, R.FOUNDATION if officer else R.CLIENT, row.recorded_by or row.asked_by)
    told = [asked, *((left, to, days.at(ago) + timedelta(hours=2), R.FOUNDATION, SECRETARY) for left, to, ago in taken)]
    for number, (left, reached, at, role, by) in enumerate(told, start=1):
        db.session().add(
            RequestStep(request_id=row.id, number=number, left=left, reached=reached, role=role, taken_by=by,
                        taken_at=at)
        )  # fmt: skip
    db.session().flush()
