"""The requests of all registrants of a foundation, page by page, in a number of queries that never grows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from continuity.models import Client, ClientRequest, Registration
from continuity.registrants.queries import Registrant, registrations_of
from continuity.requests.states import LIVE, PROMISED, UNDECIDED
from core import db


@dataclass(frozen=True, slots=True)
class Line:
    """A request with whose it is."""

    row: ClientRequest
    client: str
    service: str
    supplier: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of requests. waiting: how many wait for an answer; live: how many are not over; all: how many ever."""

    lines: Sequence[Line]
    page: int
    last: int
    waiting: int
    live: int
    all: int


def to_answer(by_id: Mapping[UUID, Registrant]) -> list[Line]:
    """Return what was asked of these registrants and is not served, in one query.

    Who waits for an answer first, the longest waiting of them on top. by_id: by the id of the registration.
    """
    query = (
        sa.select(ClientRequest, Client.name)
        .join(Client, sa.and_(Client.tenant_id == ClientRequest.tenant_id, Client.id == ClientRequest.client_id))
        .where(ClientRequest.registration_id.in_(list(by_id)), ClientRequest.state.in_((*UNDECIDED, *PROMISED)))
        .order_by(sa.case((ClientRequest.state.in_(UNDECIDED), 0), else_=1), ClientRequest.asked_at, ClientRequest.id)
    )
    found = ((row, name, by_id[row.registration_id]) for row, name in db.session().execute(query))
    return [Line(row, name, one.registration.service_name, one.supplier) for row, name, one in found]


def listed(foundation_id: int, *, every: bool, page: int, size: int) -> Listed:
    """Return the requests of the registrants of a foundation: the longest waiting for an answer on top.

    every: also those that are over, the newest of them first; page: from 1. Three queries.
    """
    owners = registrations_of(foundation_id).with_only_columns(Registration.tenant_id, Registration.id)
    mine = sa.tuple_(ClientRequest.tenant_id, ClientRequest.registration_id).in_(owners)
    counted = sa.select(ClientRequest.state, sa.func.count(ClientRequest.id)).where(mine).group_by(ClientRequest.state)
    by_state = {row[0]: row[1] for row in db.session().execute(counted)}
    live = sum(by_state.get(one, 0) for one in LIVE)
    total = sum(by_state.values()) if every else live
    last = max(1, -(-total // size))
    at = min(page, last)
    query = (
        registrations_of(foundation_id)
        .join(
            ClientRequest,
            sa.and_(
                ClientRequest.tenant_id == Registration.tenant_id, ClientRequest.registration_id == Registration.id
            ),
        )
        .join(Client, sa.and_(Client.tenant_id == ClientRequest.tenant_id, Client.id == ClientRequest.client_id))
        .add_columns(ClientRequest, Client.name)
        .order_by(*_by_urgency())
        .offset((at - 1) * size)
        .limit(size)
    )
    if not every:
        query = query.where(ClientRequest.state.in_(LIVE))
    lines = [
        Line(row, client, registration.service_name, supplier)
        for registration, supplier, _left, row, client in db.session().execute(query)
    ]
    return Listed(lines, at, last, sum(by_state.get(one, 0) for one in UNDECIDED), live, sum(by_state.values()))


def _by_urgency() -> Iterator[Any]:
    """Yield what requests are sorted by: how far they are, the longest waiting first; of those over the newest."""
    yield sa.case(
        (ClientRequest.state.in_(UNDECIDED), 0),
        (ClientRequest.state.in_(PROMISED), 1),
        (ClientRequest.state.in_(LIVE), 2),
        else_=3,
    )
    yield sa.case((ClientRequest.state.in_(LIVE), ClientRequest.asked_at))
    yield ClientRequest.asked_at.desc()
    yield ClientRequest.id
