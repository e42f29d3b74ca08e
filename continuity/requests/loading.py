"""Load the requests for continuity that are not over, of many organisations, in two queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from continuity.facts import ExitTaskFact, RequestFact
from continuity.models import Client, ClientRequest, ExitTask
from continuity.requests.states import LIVE
from core.clock import day_of
from tenants.prepared import Prepared

_REQUESTS = Prepared(
    sa.select(
        ClientRequest.tenant_id,
        ClientRequest.registration_id,
        ClientRequest.id,
        Client.name,
        ClientRequest.state,
        ClientRequest.asked_at,
        ClientRequest.decided_at,
        ClientRequest.fee_due_on,
        ClientRequest.fee_paid_on,
    )
    .join(Client, sa.and_(Client.tenant_id == ClientRequest.tenant_id, Client.id == ClientRequest.client_id))
    .where(ClientRequest.state.in_(LIVE))
)
_TASKS = Prepared(
    sa.select(
        ExitTask.tenant_id,
        ExitTask.request_id,
        ExitTask.position,
        ExitTask.id,
        ExitTask.label,
        ExitTask.due_on,
    ).where(ExitTask.done_on.is_(None))
)
SELECTS = (_REQUESTS, _TASKS)


def load(tenant_ids: Sequence[int]) -> Mapping[UUID, list[RequestFact]]:
    """Return the requests that are not over by registration, each with what is still to be done, in its order."""
    tasks: dict[UUID, list[ExitTaskFact]] = defaultdict(list)
    for row in sorted(_TASKS.rows(tenant_ids), key=lambda row: (row.position, row.id)):
        tasks[row.request_id].append(ExitTaskFact(row.id, row.label, row.due_on))
    found: dict[UUID, list[RequestFact]] = defaultdict(list)
    for row in _REQUESTS.rows(tenant_ids):
        found[row.registration_id].append(
            RequestFact(
                row.id,
                row.name,
                row.state,
                day_of(row.asked_at),
                day_of(row.decided_at) if row.decided_at else None,
                row.fee_due_on,
                row.fee_paid_on,
                tuple(tasks.get(row.id, ())),
            )
        )
    return found
