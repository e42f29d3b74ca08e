"""Read what stands open of requests that are not over, for reminders, in the open scope of their suppliers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from continuity.models import Client, ClientRequest, ExitTask, Registration, RequestState, RequestStep
from continuity.period import period
from continuity.registrations.states import AT_WORK
from continuity.requests.states import LIVE
from continuity.requests.thresholds import Standing, Task
from continuity.terms import Terms, terms_of
from core import db
from core.clock import day_of


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A request with whose it is. client, service: what they are called."""

    standing: Standing
    foundation_id: int | None
    client: str
    service: str


def outstanding(tenant_ids: Iterable[int], request_id: UUID | None = None) -> list[Outstanding]:
    """Return the requests of these suppliers that are not over, the longest waiting first.

    In three queries, and one for each foundation. Those of a scheme that is not at work any more are left out.
    request_id: that one alone.
    """
    ids = sorted(tenant_ids)
    rows = db.session().execute(_not_over(ids, request_id)).all()
    if not rows:
        return []
    since, tasks = _newest_steps(ids), _tasks(ids)
    found, terms = [], dict[int | None, Terms]()
    for row, owner, client in rows:
        running = period(owner.declared_bankrupt_on, owner.duration_months)
        if running is not None:
            listed = tasks.get(row.id, ()) if row.state is RequestState.SERVED else ()
            if owner.foundation_id not in terms:
                terms[owner.foundation_id] = terms_of(owner.foundation_id)
            one = _standing(row, since[row.id], running.last_on, listed, terms[owner.foundation_id])
            found.append(Outstanding(one, owner.foundation_id, client, owner.service_name))
    return found


def _not_over(tenant_ids: Sequence[int], request_id: UUID | None) -> sa.Select[ClientRequest, Registration, str]:
    same = sa.and_(Registration.tenant_id == ClientRequest.tenant_id, Registration.id == ClientRequest.registration_id)
    query = (
        sa.select(ClientRequest, Registration, Client.name)
        .join(Registration, same)
        .join(Client, sa.and_(Client.tenant_id == ClientRequest.tenant_id, Client.id == ClientRequest.client_id))
        .where(
            ClientRequest.tenant_id.in_(tenant_ids),
            ClientRequest.state.in_(LIVE),
            Registration.state.in_(AT_WORK),
            Registration.archived_at.is_(None),
        )
        .order_by(ClientRequest.asked_at, ClientRequest.id)
    )
    return query if request_id is None else query.where(ClientRequest.id == request_id)


def _standing(row: ClientRequest, since: date, last_on: date, tasks: Sequence[Task], terms: Terms) -> Standing:
    return Standing(
        (row.tenant_id, row.id),
        row.state,
        day_of(row.asked_at),
        since,
        row.fee_amount,
        row.fee_due_on,
        row.fee_paid_on,
        last_on,
        tuple(tasks),
        terms,
    )


def _newest_steps(tenant_ids: Sequence[int]) -> Mapping[UUID, date]:
    query = (
        sa.select(RequestStep.request_id, sa.func.max(RequestStep.taken_at))
        .where(RequestStep.tenant_id.in_(tenant_ids))
        .group_by(RequestStep.request_id)
    )
    return {row[0]: day_of(row[1]) for row in db.session().execute(query)}


def _tasks(tenant_ids: Sequence[int]) -> Mapping[UUID, list[Task]]:
    query = (
        sa.select(ExitTask.request_id, ExitTask.due_on, ExitTask.label)
        .where(ExitTask.tenant_id.in_(tenant_ids), ExitTask.done_on.is_(None))
        .order_by(ExitTask.due_on, ExitTask.position)
    )
    found: dict[UUID, list[Task]] = defaultdict(list)
    for row in db.session().execute(query):
        found[row.request_id].append(Task(row.due_on, row.label))
    return found
