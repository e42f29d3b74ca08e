"""One step of a request: by the table, kept with who took it, and told in the trail."""

import sqlalchemy as sa

from continuity.errors import Refused
from continuity.models import Client, ClientRequest, Registration, RequestRole, RequestState, RequestStep
from continuity.requests.states import Act, take
from core import db
from plans.turns import take_turn
from tenants import trail
from tenants.owned import TenantOwned

EVENTS = {
    Act.GRANT: "request.granted",
    Act.REFUSE: "request.refused",
    Act.SERVE: "request.served",
    Act.EXIT: "request.exited",
    Act.WITHDRAW: "request.withdrawn",
    Act.ALARM: "request.ended",
    Act.CLOSE: "request.ended",
}


def in_turn(*rows: TenantOwned) -> None:
    """Wait for the turn, and read again what may have changed before it came: the state of the scheme, the request."""
    take_turn()
    for row in rows:
        db.session().refresh(row)


def move(row: ClientRequest, act: Act, role: RequestRole, *, by: str, reason: str = "") -> None:
    """Take one step of the table, in a turn; whoever called it flushes. Raises Refused as the table says."""
    reached = take(row.state, act, role, reason)
    keep(row, row.state, reached, role, by=by, reason=reason)
    row.state = reached
    if act in EVENTS:
        trail.record(EVENTS[act], "client_request", row.id, name=client_of(row).name)


def keep(
    row: ClientRequest,
    left: RequestState | None,
    reached: RequestState,
    role: RequestRole,
    *,
    by: str,
    reason: str = "",
) -> None:
    """Keep a step of a request, in a turn."""
    before = sa.select(sa.func.max(RequestStep.number)).where(
        RequestStep.tenant_id == row.tenant_id, RequestStep.request_id == row.id
    )
    db.session().add(
        RequestStep(
            tenant_id=row.tenant_id,
            request_id=row.id,
            number=(db.session().scalar(before) or 0) + 1,
            left=left,
            reached=reached,
            role=role,
            taken_by=by,
            reason=reason.strip(),
        )
    )


def client_of(row: ClientRequest) -> Client:
    """Return who asked."""
    return db.session().get_one(Client, (row.tenant_id, row.client_id))


def owner_of(row: ClientRequest) -> Registration:
    """Return the service for which it was asked."""
    query = sa.select(Registration).where(
        Registration.tenant_id == row.tenant_id, Registration.id == row.registration_id
    )
    return db.session().scalars(query).one()


def told(reason: str, text: object) -> str:
    """Return a reason without blanks around it. Raises Refused with `text` when there is none."""
    if not reason.strip():
        raise Refused(text, "reason")
    return reason.strip()
