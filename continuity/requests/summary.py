"""How far the requests of some clients are, in a few values each: for pages that tell of much else besides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from continuity.models import ClientRequest, ExitTask, RequestState
from core import db


@dataclass(frozen=True, slots=True)
class Summary:
    """The newest request of one client, as plain values: they outlive the scope they were read in.

    task, task_due_on: the first thing the client has to do yet, "" and None where there is none.
    """

    state: RequestState
    fee_amount: Decimal | None
    fee_due_on: date | None
    fee_paid_on: date | None
    task: str = ""
    task_due_on: date | None = None


def summaries(client_ids: Collection[UUID]) -> dict[UUID, Summary]:
    """Return how far the newest request of each of these clients is, in at most two queries; who never asked is absent.

    The open scope is that of their suppliers.
    """
    query = sa.select(ClientRequest).where(ClientRequest.client_id.in_(client_ids))
    rows = db.session().scalars(query.order_by(ClientRequest.asked_at, ClientRequest.id))
    newest = {row.client_id: row for row in rows}
    served = [row.id for row in newest.values() if row.state is RequestState.SERVED]
    tasks = _first_open(served) if served else {}
    return {
        client_id: Summary(row.state, row.fee_amount, row.fee_due_on, row.fee_paid_on, *tasks.get(row.id, ()))
        for client_id, row in newest.items()
    }


def _first_open(request_ids: Collection[UUID]) -> dict[UUID, tuple[str, date]]:
    query = (
        sa.select(ExitTask.request_id, ExitTask.label, ExitTask.due_on)
        .where(ExitTask.request_id.in_(request_ids), ExitTask.done_on.is_(None))
        .order_by(ExitTask.due_on.desc(), ExitTask.position.desc())
    )
    return {row.request_id: (row.label, row.due_on) for row in db.session().execute(query)}
