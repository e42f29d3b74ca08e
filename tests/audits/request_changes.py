"""Changes to requests for continuity, for the random sequence of changes: asked, moved on, ticked off, taken away."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import sqlalchemy as sa

from continuity.models import (
    Acceptance,
    AskedBy,
    CaseStage,
    Client,
    ClientRequest,
    DeedVersion,
    ExitTask,
    Registration,
    RequestState,
    SchemeState,
    SchemeType,
    TriggerCase,
    TriggerKind,
    TriggerProof,
)
from core import db

S = RequestState
# How far a request is brought in one go, by the days that were drawn.
FORWARD = {
    S.ASKED: S.CHECKING,
    S.CHECKING: S.GRANTED,
    S.GRANTED: S.FEE_DUE,
    S.FEE_DUE: S.SERVED,
    S.SERVED: S.EXITED,
}


def noon(day: date) -> datetime:
    """Return the moment of a day at which all of it happens."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def ask(name: str, days: int, today: date) -> None:
    """Have a client ask for continuity of a service whose supplier went bankrupt some days ago."""
    began = today - timedelta(days=abs(days) // 5)
    service = Registration(
        service_name=f"Cloud of {name}", scheme_type=SchemeType.HOSTING, duration_months=3,
        declared_bankrupt_on=began, state=SchemeState.TRIGGERED,
    )  # fmt: skip
    db.session().add(service)
    db.session().flush()
    client = Client(registration_id=service.id, name=f"Client of {name}", monthly_fee=Decimal(40))
    deed = DeedVersion(registration_id=service.id, number=1, text="You may ask.", conditions=[], published_on=began)
    case = TriggerCase(
        registration_id=service.id, kind=TriggerKind.DECLARED_BANKRUPT, stage=CaseStage.ACTIVATED, happened_on=began,
        proof=TriggerProof.INSOLVENCY_REGISTER, filed_at=noon(began), filed_by="One",
    )  # fmt: skip
    db.session().add_all((client, deed, case))
    db.session().flush()
    accepted = Acceptance(client_id=client.id, deed_version_id=deed.id, accepted_on=began, accepted_by=name)
    db.session().add(accepted)
    db.session().flush()
    db.session().add(
        ClientRequest(
            registration_id=service.id, client_id=client.id, acceptance_id=accepted.id, case_id=case.id,
            asked_how=AskedBy.LINK, asked_by=name, asked_at=noon(today), state=S.ASKED,
        )
    )  # fmt: skip


def bring_on(name: str, days: int, today: date) -> None:
    """Bring the requests of this name a step further, with the fee, the delivery and the list that belong to it."""
    for row in db.session().scalars(sa.select(ClientRequest).where(ClientRequest.asked_by == name)):
        row.state = FORWARD.get(row.state, row.state)
        if row.state is S.GRANTED:
            row.decided_at = noon(today)
        elif row.state is S.FEE_DUE:
            row.fee_amount, row.fee_due_on = Decimal(120), today + timedelta(days=days // 20)
        elif row.state is S.SERVED and row.served_on is None:
            row.served_on = today
            for position in range(2):
                due = today + timedelta(days=10 * position + days // 20)
                db.session().add(ExitTask(request_id=row.id, position=position, label=f"Do {position}", due_on=due))


def pay(name: str, _days: int, today: date) -> None:
    """Record the payment of what these requests owe."""
    for row in db.session().scalars(sa.select(ClientRequest).where(ClientRequest.asked_by == name)):
        if row.state is S.FEE_DUE:
            row.fee_paid_on = today


def tick(name: str, days: int, today: date) -> None:
    """Tick the first thing off that these clients have to do, or take that back."""
    mine = sa.select(ClientRequest.id).where(ClientRequest.asked_by == name)
    query = sa.select(ExitTask).where(ExitTask.request_id.in_(mine), ExitTask.position == 0)
    for row in db.session().scalars(query):
        row.done_on, row.done_by = (today, name) if days > 0 else (None, "")


def take_back(name: str, days: int, today: date) -> None:
    """Take the requests of this name back, or refuse them."""
    for row in db.session().scalars(sa.select(ClientRequest).where(ClientRequest.asked_by == name)):
        row.state = S.WITHDRAWN if days > 0 else S.REFUSED
        row.decided_at = noon(today)


def rest(_name: str, _days: int, _today: date) -> None:
    """Change nothing: only days go by, and what is judged may differ by them alone."""


REQUEST_CHANGES = (ask, bring_on, pay, tick, take_back, rest)
