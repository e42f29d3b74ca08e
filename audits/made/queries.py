"""Made reports and schedules for pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.made.models import Cadence, MadeReport, MadeState, ReportSchedule, SchedulePerson
from core import clock, db
from core.i18n import Language
from tenants.models import Engagement, Membership, User
from tenants.relations import in_force

PAGE = 100


@dataclass(frozen=True, slots=True)
class Told:
    """A made report as a page tells it. by: who asked for it, "" for a schedule."""

    id: UUID
    name: str
    as_of: date
    language: Language
    schedule_id: UUID | None
    asked_by_id: UUID | None
    asked_at: datetime
    plan: bool
    continuity: bool
    trail: bool
    clients: list[Any]
    state: MadeState
    done: int
    total: int
    rows: int
    made_at: datetime | None
    file_name: str
    file_size: int
    file_sha256: str
    file_gone_at: datetime | None
    by: str

    @property
    def open(self) -> bool:
        """Tell whether it is yet to be made."""
        return self.state in (MadeState.WAITING, MadeState.MAKING)


_COLUMNS = [getattr(MadeReport, name) for name in Told.__dataclass_fields__ if name != "by"]


def newest() -> list[Told]:
    """Return the newest reports of the open scope's organisation, whoever may have them."""
    return _told(sa.select(*_COLUMNS, sa.func.coalesce(User.name, "")).limit(PAGE))


def one(report_id: UUID) -> Told | None:
    """Return one report."""
    found = _told(sa.select(*_COLUMNS, sa.func.coalesce(User.name, "")).where(MadeReport.id == report_id))
    return found[0] if found else None


def _told(query: sa.Select[Any]) -> list[Told]:
    query = query.select_from(MadeReport).outerjoin(User, User.id == MadeReport.asked_by_id)
    rows = db.session().execute(query.order_by(MadeReport.asked_at.desc(), MadeReport.id))
    return [Told(*row) for row in rows]


def schedules_of(user_id: UUID) -> frozenset[UUID]:
    """Return the schedules whose reports this person is told of."""
    return frozenset(
        db.session().scalars(sa.select(SchedulePerson.schedule_id).where(SchedulePerson.user_id == user_id))
    )


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule that runs. people: whom it tells, by name."""

    id: UUID
    name: str
    cadence: Cadence
    language: Language
    added_on: date
    people: tuple[str, ...]


def schedules() -> list[Schedule]:
    """Return the schedules that run, oldest first."""
    people: dict[UUID, list[str]] = {}
    told = sa.select(SchedulePerson.schedule_id, User.name).join(User, User.id == SchedulePerson.user_id)
    for schedule_id, name in db.session().execute(told):
        people.setdefault(schedule_id, []).append(name)
    rows = db.session().scalars(sa.select(ReportSchedule).where(ReportSchedule.ended_at.is_(None)))
    return [
        Schedule(
            row.id,
            row.name,
            row.cadence,
            row.language,
            row.added_on,
            tuple(sorted(people.get(row.id, ()), key=str.casefold)),
        )
        for row in sorted(rows, key=lambda row: (row.added_on, row.id))
    ]


def people_here() -> list[tuple[UUID, str]]:
    """Return who may be told of reports: members and auditors now, by name. Who they are lies in the people area."""
    at = clock.now()
    members = sa.select(Membership.user_id).where(in_force(Membership, at))
    auditors = sa.select(Engagement.auditor_id).where(in_force(Engagement, at))
    query = sa.select(User.id, User.name).where(
        sa.or_(User.id.in_(members), User.id.in_(auditors)), User.disabled_at.is_(None), User.erased_at.is_(None)
    )
    return sorted(((row.id, row.name) for row in db.session().execute(query)), key=lambda one: one[1].casefold())
