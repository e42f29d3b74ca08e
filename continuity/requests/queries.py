"""Requests for continuity as pages and services ask for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from continuity.acceptance import queries as acceptances
from continuity.models import (
    Acceptance,
    Client,
    ClientRequest,
    DeedState,
    DeedVersion,
    ExitTask,
    Registration,
    RequestState,
    RequestStep,
)
from continuity.requests.states import FINAL, LIVE
from core import db
from core.i18n import Language

# A version that was set back since a bankruptcy displaces none that the client accepted before it.
SET_BACK = sa.case((DeedVersion.closed_as == DeedState.REVOKED, 1), else_=0)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the accepted deed. met_on: since when it is met; why: why it was granted without, if so."""

    position: int
    text: str
    met_on: date | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its service, its client and what that client has to do before the period ends, in order."""

    service: str
    client: str
    request: ClientRequest
    tasks: tuple[ExitTask, ...]


def request_of(owner: Registration, request_id: UUID) -> ClientRequest | None:
    """Return a request under `owner`."""
    query = _under(owner).where(ClientRequest.id == request_id)
    return db.session().scalar(query)


def requests_of(owner: Registration) -> Sequence[ClientRequest]:
    """Return every request under `owner`, newest first."""
    return db.session().scalars(_under(owner).order_by(ClientRequest.asked_at.desc(), ClientRequest.id.desc())).all()


def asked_under(owner: Registration) -> list[tuple[ClientRequest, str]]:
    """Return every request under `owner` with the name of its client, newest first, in one query."""
    query = (
        sa.select(ClientRequest, Client.name)
        .join(Client, sa.and_(Client.tenant_id == ClientRequest.tenant_id, Client.id == ClientRequest.client_id))
        .where(ClientRequest.tenant_id == owner.tenant_id, ClientRequest.registration_id == owner.id)
        .order_by(ClientRequest.asked_at.desc(), ClientRequest.id.desc())
    )
    return [(row, name) for row, name in db.session().execute(query)]


def requests_by(client: Client) -> Sequence[ClientRequest]:
    """Return every request of one client, newest first."""
    query = sa.select(ClientRequest).where(
        ClientRequest.tenant_id == client.tenant_id, ClientRequest.client_id == client.id
    )
    return db.session().scalars(query.order_by(ClientRequest.asked_at.desc(), ClientRequest.id.desc())).all()


def live_request(client: Client, case_id: UUID) -> ClientRequest | None:
    """Return the request of a client after one trigger that is not over."""
    query = sa.select(ClientRequest).where(
        ClientRequest.tenant_id == client.tenant_id,
        ClientRequest.client_id == client.id,
        ClientRequest.case_id == case_id,
        ClientRequest.state.in_(LIVE),
    )
    return db.session().scalar(query)


def left_for_good(client: Client, case_id: UUID) -> bool:
    """Tell whether a request of a client after one trigger ended for good: it moved on, or the scheme ended it."""
    query = sa.select(ClientRequest.id).where(
        ClientRequest.tenant_id == client.tenant_id,
        ClientRequest.client_id == client.id,
        ClientRequest.case_id == case_id,
        ClientRequest.state.in_(FINAL),
    )
    return db.session().scalar(query.limit(1)) is not None


def live_requests(owner: Registration) -> Sequence[ClientRequest]:
    """Return the requests under `owner` that are not over, the oldest first."""
    query = _under(owner).where(ClientRequest.state.in_(LIVE))
    return db.session().scalars(query.order_by(ClientRequest.asked_at, ClientRequest.id)).all()


def _under(owner: Registration) -> sa.Select[ClientRequest]:
    return sa.select(ClientRequest).where(
        ClientRequest.tenant_id == owner.tenant_id, ClientRequest.registration_id == owner.id
    )


def held_acceptance(client: Client) -> Acceptance | None:
    """Return the acceptance of the newest version of the deed that did not end: on it a request rests.

    A version that was superseded binds still: a deed that was accepted cannot be revoked. One that was set back since a
    bankruptcy counts where the client accepted no other.
    Source: rules 3.4 B2, B6.
    """
    query = (
        sa.select(Acceptance)
        .join(
            DeedVersion,
            sa.and_(DeedVersion.tenant_id == Acceptance.tenant_id, DeedVersion.id == Acceptance.deed_version_id),
        )
        .where(
            Acceptance.tenant_id == client.tenant_id,
            Acceptance.client_id == client.id,
            Acceptance.ended_on.is_(None),
        )
        .order_by(SET_BACK, DeedVersion.number.desc())
    )
    return db.session().scalar(query.limit(1))


def may_ask(owner: Registration) -> list[Client]:
    """Return the clients of `owner` whose acceptance holds, by name."""
    accepted = sa.select(Acceptance.client_id).where(
        Acceptance.tenant_id == owner.tenant_id, Acceptance.ended_on.is_(None)
    )
    query = sa.select(Client).where(
        Client.tenant_id == owner.tenant_id,
        Client.registration_id == owner.id,
        Client.archived_at.is_(None),
        Client.id.in_(accepted),
    )
    return sorted(db.session().scalars(query), key=lambda row: (row.name.casefold(), row.id))


def accepted_deed(row: ClientRequest) -> tuple[Acceptance, DeedVersion]:
    """Return the acceptance a request rests on, and the version of the deed that was accepted."""
    acceptance = db.session().get_one(Acceptance, (row.tenant_id, row.acceptance_id))
    return acceptance, db.session().get_one(DeedVersion, (row.tenant_id, acceptance.deed_version_id))


def conditions(row: ClientRequest, language: Language) -> list[Condition]:
    """Return the conditions of the accepted deed as they stand now; once decided on, as they stood then.

    Source: rules 3.4 B6.
    """
    acceptance, deed = accepted_deed(row)
    texts = deed.conditions_in(language)
    if row.checked:
        kept = [_kept(one) for one in row.checked]
        return [Condition(at, text, *one) for at, (text, one) in enumerate(zip(texts, kept, strict=False))]
    checks = acceptances.checks(acceptance)
    # Met as a whole, before conditions were checked one by one.
    whole = acceptance.conditions_met_on if not checks else None
    return [Condition(at, text, checks[at].met_on if at in checks else whole) for at, text in enumerate(texts)]


def _kept(one: Mapping[str, str | None]) -> tuple[date | None, str]:
    met_on = one["met_on"]
    return (date.fromisoformat(met_on) if met_on else None), one["why"] or ""


def steps_of(row: ClientRequest) -> Sequence[RequestStep]:
    """Return the steps of a request, newest first."""
    query = sa.select(RequestStep).where(RequestStep.tenant_id == row.tenant_id, RequestStep.request_id == row.id)
    return db.session().scalars(query.order_by(RequestStep.number.desc())).all()


def payment_among(row: ClientRequest, steps: Iterable[RequestStep]) -> RequestStep | None:
    """Return which of the steps of a request recorded the payment, None as long as it did not come in.

    Both another fee and the payment leave a request waiting for the fee; once it is paid no other fee is asked, so it
    is the last of them. steps: newest first, as `steps_of` gives them.
    """
    if row.fee_paid_on is None:
        return None
    return next((one for one in steps if one.left is one.reached is RequestState.FEE_DUE), None)


def tasks_of(row: ClientRequest) -> Sequence[ExitTask]:
    """Return what the client of a request has to do before the period ends, in order."""
    return tasks([row])[row.id]


def task_of(row: ClientRequest, task_id: UUID) -> ExitTask | None:
    """Return one of them."""
    query = sa.select(ExitTask).where(
        ExitTask.tenant_id == row.tenant_id, ExitTask.request_id == row.id, ExitTask.id == task_id
    )
    return db.session().scalar(query)


def tasks(rows: Iterable[ClientRequest]) -> dict[UUID, list[ExitTask]]:
    """Return what the clients of these requests have to do, by request, in one query."""
    found: dict[UUID, list[ExitTask]] = {row.id: [] for row in rows}
    query = sa.select(ExitTask).where(ExitTask.request_id.in_(list(found))).order_by(ExitTask.position)
    for one in db.session().scalars(query):
        found[one.request_id].append(one)
    return found


def all_asked() -> tuple[Asked, ...]:
    """Return every request of the open scope's organisation by service, the oldest first, in two queries."""
    query = (
        sa.select(Registration.service_name, Client.name, ClientRequest)
        .join(
            Registration,
            sa.and_(
                Registration.tenant_id == ClientRequest.tenant_id, Registration.id == ClientRequest.registration_id
            ),
        )
        .join(Client, sa.and_(Client.tenant_id == ClientRequest.tenant_id, Client.id == ClientRequest.client_id))
    )
    rows = [(service, client, row) for service, client, row in db.session().execute(query)]
    listed = tasks(row for _service, _client, row in rows)
    found = [Asked(service, client, row, tuple(listed[row.id])) for service, client, row in rows]
    return tuple(sorted(found, key=lambda one: (one.service.casefold(), one.request.asked_at, one.request.id)))
