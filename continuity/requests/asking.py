"""Ask for continuity, and take that back: by the client itself, or written down by an officer of the foundation."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import (
    Acceptance,
    AskedBy,
    CameIn,
    CaseStage,
    Client,
    ClientRequest,
    Registration,
    RequestRole,
    RequestState,
    TriggerCase,
)
from continuity.period import Period, period
from continuity.registrations.history import open_case
from continuity.registrations.states import AT_WORK
from continuity.requests import telling
from continuity.requests.queries import held_acceptance, left_for_good, live_request
from continuity.requests.states import Act
from continuity.requests.steps import client_of, in_turn, keep, move
from core import db
from tenants import trail

# So often a client asks in a day: who takes a request back may ask again, and every officer is mailed each time.
MOST_A_DAY = 5


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and how. email: where its mail goes, "" for the address known of the client.

    came_in, recorded_by: of what an officer writes down, and of nothing else.
    """

    how: AskedBy
    name: str
    asked_as: str
    email: str = ""
    note: str = ""
    came_in: CameIn | None = None
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a request rests on: the trigger, the period it began, and the acceptance of the deed."""

    case: TriggerCase
    running: Period
    acceptance: Acceptance


def ground(owner: Registration, client: Client, today: date) -> Ground:
    """Return what a request of `client` would rest on today.

    Raises Refused while nothing triggered the scheme, outside the period, and for whom no acceptance of the deed
    holds. Whoever the foundation admitted late holds one like everybody else.
    Source: rules 3.4 B6, B8; 3.7 T8, T9.
    """
    case = open_case(owner)
    running = period(owner.declared_bankrupt_on, owner.duration_months)
    if owner.state not in AT_WORK or running is None or case is None or case.stage is CaseStage.FILED:
        raise Refused(_l("Continuity can be asked for once the foundation declared that the scheme is at work."))
    if not running.covers(today):
        raise Refused(_l("The period of continuity is over."))
    acceptance = held_acceptance(client)
    if acceptance is None or client.archived_at is not None or client.registration_id != owner.id:
        raise Refused(_l("This client has no deed that it accepted and that still holds."))
    return Ground(case, running, acceptance)


def ask(owner: Registration, client: Client, asking: Asking, *, at: datetime, today: date) -> ClientRequest:
    """Ask for continuity. Who asked already gets the request that is there: asking twice is asking once.

    Tells the client that it was asked, and the foundation's officers. Raises Refused as `ground` does, and to a client
    that asked MOST_A_DAY times, or whose request after the same trigger ended for good: an officer may still write
    one down.
    Source: rules 3.7 T9; 3.8, client request.
    """
    in_turn(owner, client)
    found = ground(owner, client, today)
    there = live_request(client, found.case.id)
    if there is not None:
        return there
    if asking.how is not AskedBy.FOUNDATION:
        _refuse_again(client, found.case.id, at)
    row = ClientRequest(
        tenant_id=owner.tenant_id,
        registration_id=owner.id,
        client_id=client.id,
        acceptance_id=found.acceptance.id,
        case_id=found.case.id,
        asked_how=asking.how,
        came_in=asking.came_in,
        recorded_by=asking.recorded_by,
        asked_by=asking.name,
        asked_as=asking.asked_as,
        email=asking.email,
        note=asking.note,
        asked_at=at,
        state=RequestState.ASKED,
    )
    db.session().add(row)
    db.session().flush()
    by_officer = asking.how is AskedBy.FOUNDATION
    role, by = (RequestRole.FOUNDATION, asking.recorded_by) if by_officer else (RequestRole.CLIENT, asking.name)
    keep(row, None, row.state, role, by=by)
    trail.record("request.asked", "client_request", row.id, name=client.name)
    telling.tell(row, owner, client, telling.ASKED, at=at)
    telling.plan_asked(row, owner, at=at)
    db.session().flush()
    return row


def _refuse_again(client: Client, case_id: UUID, at: datetime) -> None:
    """Refuse a client that asks itself once more, after it left for good or too often in a day."""
    if left_for_good(client, case_id):
        raise Refused(_l("Your request ended for good. Do you need the service again? Call the foundation."))
    query = sa.select(sa.func.count(ClientRequest.id)).where(
        ClientRequest.tenant_id == client.tenant_id,
        ClientRequest.client_id == client.id,
        ClientRequest.asked_how != AskedBy.FOUNDATION,
        ClientRequest.asked_at > at - timedelta(days=1),
    )
    if (db.session().scalar(query) or 0) >= MOST_A_DAY:
        raise Refused(_l("You asked several times today. Do you need the service? Call the foundation."))


def withdraw(row: ClientRequest, role: RequestRole, *, by: str, reason: str, seen: int | None, at: datetime) -> None:
    """Take a request back before it is served; an officer who writes that down says why.

    seen: the version that was shown, None where the page shows none. Raises EditConflict when it moved since,
    Refused when it is served or over.
    """
    in_turn(row)
    if seen is not None:
        row.expect_version(seen)
    move(row, Act.WITHDRAW, role, by=by, reason=reason)
    row.decided_at, row.decided_by, row.reason = at, by, reason.strip()
    db.session().flush()


__all__ = ["Asking", "Ground", "ask", "client_of", "ground", "withdraw"]
