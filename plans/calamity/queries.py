"""What the pages of calamities show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.calamity.course import Course, Entry, course
from plans.calamity.frozen import Frozen, unpacked
from plans.models import Calamity, CalamityEntry
from tenants.models import Alarm


@dataclass(frozen=True, slots=True)
class Brief:
    """A calamity or exercise as a list shows it."""

    id: UUID
    kind: Alarm
    activated_at: datetime
    activated_by: str
    plan_version: int
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class Told:
    """A calamity or exercise with everything about it. steps of `course` and the rest are as of `as_of`."""

    brief: Brief
    reason: str
    signs: tuple[str, ...]
    changed: bool
    digest: str
    conclusion: str
    frozen: Frozen
    course: Course
    as_of: datetime

    @property
    def leader(self) -> str:
        """Return who leads: whoever it was handed to last, else whoever put the plan to work."""
        found = self.course.leader
        return found.text.partition("\n")[0] if found else self.brief.activated_by


def briefs() -> list[Brief]:
    """Return every calamity and exercise, newest first."""
    query = _briefs().order_by(Calamity.activated_at.desc(), Calamity.id)
    return [Brief(*line) for line in db.session().execute(query)]


def running() -> Brief | None:
    """Return the one that is open."""
    found = db.session().execute(_briefs().where(Calamity.closed_at.is_(None))).one_or_none()
    return Brief(*found) if found else None


def exists(calamity_id: UUID) -> bool:
    """Tell whether there is such a calamity."""
    return db.session().scalar(sa.select(Calamity.id).where(Calamity.id == calamity_id)) is not None


def told(calamity_id: UUID, at: datetime) -> Told | None:
    """Return a calamity with everything about it, as of `at` or of when it was closed."""
    row = db.session().scalar(sa.select(Calamity).where(Calamity.id == calamity_id))
    return _told(row, entries([row.id]), at) if row else None


def over() -> list[Told]:
    """Return every calamity and exercise that was closed with everything about it, newest first, in two queries."""
    query = sa.select(Calamity).where(Calamity.closed_at.is_not(None))
    rows = list(db.session().scalars(query.order_by(Calamity.activated_at.desc(), Calamity.id)))
    written = entries([row.id for row in rows])
    return [_told(row, written, row.closed_at) for row in rows if row.closed_at is not None]


def entries(calamity_ids: Sequence[UUID]) -> dict[UUID, list[Entry]]:
    """Return what was written down about each of these."""
    row = CalamityEntry
    query = sa.select(
        row.calamity_id, row.id, row.kind, row.target, row.happened_at, row.recorded_at, row.by, row.text
    ).where(row.calamity_id.in_(calamity_ids))
    found: dict[UUID, list[Entry]] = {one: [] for one in calamity_ids}
    for line in db.session().execute(query):
        found[line[0]].append(Entry(*line[1:]))
    return found


def _briefs() -> Any:
    row = Calamity
    return sa.select(
        row.id, row.kind, row.activated_at, row.activated_by, row.plan_version, row.closed_at, row.closed_by
    )


def _told(row: Calamity, written: dict[UUID, list[Entry]], at: datetime) -> Told:
    frozen, as_of = unpacked(row.frozen), row.closed_at or at
    brief = Brief(row.id, row.kind, row.activated_at, row.activated_by, row.plan_version, row.closed_at, row.closed_by)
    return Told(
        brief=brief,
        reason=row.reason,
        signs=tuple(row.signs or ()),
        changed=row.changed,
        digest=row.digest,
        conclusion=row.conclusion,
        frozen=frozen,
        course=course(frozen, written[row.id], row.activated_at, as_of),
        as_of=as_of,
    )
