"""What is left out of a plan, proposed and refused, for pages. Copies of columns, never rows that could be changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.items.queries import columns_of
from plans.models import Waiver, WaiverState
from tenants.prepared import Prepared


@dataclass(frozen=True, slots=True)
class CurrentWaiver:
    """Why an item or part of it is left out. `until` may have passed: it then no longer counts.

    author: who proposed it, decided_by: who approved it; alone: the only owner there was did both.
    """

    id: UUID
    item_id: str
    part: str
    reason: str
    author: str
    starts_on: date
    until: date
    decided_by: str
    alone: bool
    proposed_on: date | None

    @property
    def version(self) -> int:
        """Return how often it was saved: what is left out is told anew, never changed."""
        return 1

    @property
    def approved_by(self) -> str:
        """Return who approved it: of days that were kept before that was a step of its own, who left it out."""
        return self.decided_by or self.author


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes to leave out, and nobody decided about yet. author_id: their account."""

    id: UUID
    item_id: str
    part: str
    reason: str
    author: str
    author_id: UUID | None
    proposed_on: date
    until: date

    @property
    def version(self) -> int:
        """Return how often it was saved: it is proposed anew, never changed."""
        return 1


@dataclass(frozen=True, slots=True)
class Refused:
    """The newest proposal for an item, or a part of it, that was refused, where nothing came after it."""

    part: str
    reason: str
    author: str
    refusal: str
    decided_by: str
    ended_at: datetime


def waivers(item_ids: Collection[str]) -> tuple[CurrentWaiver, ...]:
    """Return the approved waivers of `item_ids` that nobody ended, by part."""
    query = sa.select(*columns_of(Waiver, CurrentWaiver)).where(
        Waiver.item_id.in_(item_ids), Waiver.state == WaiverState.APPROVED, Waiver.ended_at.is_(None)
    )
    found = (CurrentWaiver(*line) for line in db.session().execute(query))
    return tuple(sorted(found, key=lambda waiver: (waiver.item_id, waiver.part)))


def proposals(item_ids: Collection[str]) -> tuple[Proposal, ...]:
    """Return what is proposed to be left out of `item_ids` and waits for a decision, by part."""
    query = sa.select(*columns_of(Waiver, Proposal)).where(
        Waiver.item_id.in_(item_ids), Waiver.state == WaiverState.PROPOSED, Waiver.ended_at.is_(None)
    )
    found = (Proposal(*line) for line in db.session().execute(query))
    return tuple(sorted(found, key=lambda proposal: (proposal.item_id, proposal.part)))


_PROPOSED = Prepared(sa.select(Waiver.id).where(Waiver.state == WaiverState.PROPOSED, Waiver.ended_at.is_(None)))


def proposals_waiting() -> int:
    """Return how many proposals to leave something out wait for an owner."""
    return len(_PROPOSED.rows())


@dataclass(frozen=True, slots=True)
class LeavingOut:
    """Where leaving out an item and its parts stands. refused: the newest of a part, where nothing came after it."""

    waivers: tuple[CurrentWaiver, ...]
    proposals: tuple[Proposal, ...]
    refused: tuple[Refused, ...]


_LEFT_OUT = Prepared(
    sa.select(*columns_of(Waiver, CurrentWaiver), Waiver.author_id, Waiver.state, Waiver.refusal, Waiver.ended_at)
    .where(Waiver.item_id == sa.bindparam("item_id"))
    .order_by(Waiver.part, Waiver.id)
)


def leaving_out_of(item_id: str) -> LeavingOut:
    """Return where leaving out an item and its parts stands, each by part. One query."""
    rows = _LEFT_OUT.rows(item_id=item_id)
    newest = {row.part: row for row in rows}
    running = [row for row in rows if row.ended_at is None]
    return LeavingOut(
        tuple(_current(row) for row in running if row.state is WaiverState.APPROVED),
        tuple(_proposal(row) for row in running if row.state is WaiverState.PROPOSED),
        tuple(_refused(row) for row in newest.values() if row.state is WaiverState.REFUSED),
    )


def _current(row: Any) -> CurrentWaiver:
    return CurrentWaiver(
        row.id, row.item_id, row.part, row.reason, row.author, row.starts_on, row.until, row.decided_by, row.alone,
        row.proposed_on,
    )  # fmt: skip


def _proposal(row: Any) -> Proposal:
    day = row.proposed_on or row.starts_on
    return Proposal(row.id, row.item_id, row.part, row.reason, row.author, row.author_id, day, row.until)


def _refused(row: Any) -> Refused:
    assert row.ended_at is not None
    return Refused(row.part, row.reason, row.author, row.refusal, row.decided_by, row.ended_at)
