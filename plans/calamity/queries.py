"""What the pages of calamities show."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.i18n import reader_zone
from plans.calamity.course import Course, Entry, course, marked
from plans.calamity.frozen import Frozen, unpacked
from plans.calamity.reporting import REPORT_KINDS, Reporting, TermCourse, reporting
from plans.models import Calamity, CalamityEntry, EntryKind
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
    """A calamity or exercise with everything about it. `course` is as of `as_of`, `reporting` as of now."""

    brief: Brief
    reason: str
    signs: tuple[str, ...]
    changed: bool
    digest: str
    conclusion: str
    frozen: Frozen
    course: Course
    reporting: Reporting
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


def told(calamity_id: UUID, at: datetime, zone: str = "") -> Told | None:
    """Return a calamity with everything about it, as of `at` or of when it was closed.

    zone: an IANA name, "" for the reader's.
    """
    row = db.session().scalar(sa.select(Calamity).where(Calamity.id == calamity_id))
    return _told(row, entries([row.id]), at, zone or reader_zone()) if row else None


def still_due() -> list[tuple[Brief, TermCourse]]:
    """Return what must still be reported of calamities that were closed, what ends first first, in two queries."""
    found = [one for one in briefs() if one.kind is Alarm.REAL and one.closed_at is not None]
    said = entries([one.id for one in found], REPORT_KINDS | {EntryKind.RETRACTED}) if found else {}
    left = [
        (one, term)
        for one in found
        if said[one.id]
        for term in reporting(marked(said[one.id]), one.activated_at, reader_zone()).due
    ]
    return sorted(left, key=lambda pair: (pair[1].ends_at is None, pair[1].ends_at or pair[0].activated_at))


def over() -> list[Told]:
    """Return every calamity and exercise that was closed with everything about it, newest first, in two queries."""
    query = sa.select(Calamity).where(Calamity.closed_at.is_not(None))
    rows = list(db.session().scalars(query.order_by(Calamity.activated_at.desc(), Calamity.id)))
    written = entries([row.id for row in rows])
    return [_told(row, written, row.closed_at, reader_zone()) for row in rows if row.closed_at is not None]


def entries(calamity_ids: Sequence[UUID], kinds: Collection[EntryKind] = ()) -> dict[UUID, list[Entry]]:
    """Return what was written down about each of these. kinds: only entries of these, all without any."""
    row = CalamityEntry
    query = sa.select(
        row.calamity_id, row.id, row.kind, row.target, row.happened_at, row.recorded_at, row.by, row.text, row.names_at
    ).where(row.calamity_id.in_(calamity_ids))
    if kinds:
        query = query.where(row.kind.in_(kinds))
    found: dict[UUID, list[Entry]] = {one: [] for one in calamity_ids}
    for line in db.session().execute(query):
        found[line[0]].append(Entry(*line[1:]))
    return found


def _briefs() -> Any:
    row = Calamity
    return sa.select(
        row.id, row.kind, row.activated_at, row.activated_by, row.plan_version, row.closed_at, row.closed_by
    )


def _told(row: Calamity, written: dict[UUID, list[Entry]], at: datetime, zone: str) -> Told:
    frozen, as_of = unpacked(row.frozen), row.closed_at or at
    went = course(frozen, written[row.id], row.activated_at, as_of)
    brief = Brief(row.id, row.kind, row.activated_at, row.activated_by, row.plan_version, row.closed_at, row.closed_by)
    return Told(
        brief=brief,
        reason=row.reason,
        signs=tuple(row.signs or ()),
        changed=row.changed,
        digest=row.digest,
        conclusion=row.conclusion,
        frozen=frozen,
        course=went,
        reporting=reporting(went.timeline, row.activated_at, zone, frozen.reporters.hours),
        as_of=as_of,
    )
