"""Entries of the trail for page and workbook, newest first, read in the open scope."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core import db
from tenants.models import Tenant, TrailEntry, User
from tenants.trail.telling import SUBJECT
from tenants.trail.writing import LOOKED

PAGE = 50
AT_ONCE = 1000
CHANGES = ("created", "changed", "deleted")
PEOPLE_TABLES = ("membership", "engagement", "management_grant", "invitation", "client_invitation")
TAKEN_AWAY = ("%.exported", "%.downloaded", "%.revealed")
USER_COLUMNS = frozenset({"user_id", "auditor_id", "given_by", "ended_by", "invited_by"})
TENANT_COLUMNS = frozenset({"manager_id", "foundation_id"})


class Sort(StrEnum):
    """Kinds of things that happen."""

    CHANGE = "change"
    STEP = "step"
    EXPORT = "export"
    PEOPLE = "people"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries to show. who: part of a name; subject: a table; since, until: days, inclusive, in `zone`."""

    who: str = ""
    sort: Sort | None = None
    subject: str = ""
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"

    @property
    def narrowed(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.who or self.sort or self.subject or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, with the names of what its changes refer to. names: id or number as text -> name."""

    seq: int
    at: datetime
    actor: str
    role: str
    via: str
    request_id: str
    action: str
    subject: str
    label: str
    changes: Mapping[str, Any]
    erased_by: int | None
    link: bytes
    names: Mapping[str, str]


def page_of(filters: Filters, before: int | None) -> tuple[list[Entry], bool]:
    """Return one page of entries numbered under `before`, and whether there are older ones."""
    found = _read(filters, before, PAGE + 1)
    return _named(found[:PAGE]), len(found) > PAGE


def all_of(filters: Filters) -> Iterator[Entry]:
    """Yield every entry that passes `filters`, reading so many at once."""
    before = None
    while found := _read(filters, before, AT_ONCE):
        yield from _named(found)
        before = found[-1].seq


def _read(filters: Filters, before: int | None, most: int) -> list[Any]:
    query = sa.select(
        TrailEntry.seq,
        TrailEntry.at,
        TrailEntry.actor,
        TrailEntry.role,
        TrailEntry.via,
        TrailEntry.request_id,
        TrailEntry.action,
        TrailEntry.subject,
        TrailEntry.label,
        TrailEntry.changes,
        TrailEntry.erased_by,
        TrailEntry.link,
    ).where(*_conditions(filters))
    if before is not None:
        query = query.where(TrailEntry.seq < before)
    return list(db.session().execute(query.order_by(TrailEntry.seq.desc()).limit(most)))


def _conditions(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if filters.who:
        yield TrailEntry.actor.icontains(filters.who, autoescape=True)
    if filters.sort is not None:
        yield _of_sort(filters.sort)
    if filters.subject:
        yield TrailEntry.subject == filters.subject
    if filters.since is not None:
        yield TrailEntry.at >= _midnight(filters.since, filters.zone)
    if filters.until is not None:
        yield TrailEntry.at < _midnight(filters.until + timedelta(days=1), filters.zone)


def _of_sort(sort: Sort) -> sa.ColumnElement[bool]:
    access = sa.or_(TrailEntry.subject == SUBJECT, TrailEntry.action == LOOKED)
    people = TrailEntry.subject.in_(PEOPLE_TABLES)
    export = sa.or_(*(TrailEntry.action.like(pattern) for pattern in TAKEN_AWAY))
    changed = TrailEntry.action.in_(CHANGES)
    match sort:
        case Sort.ACCESS:
            return access
        case Sort.PEOPLE:
            return people
        case Sort.EXPORT:
            return export
        case Sort.CHANGE:
            return sa.and_(changed, sa.not_(people))
        case Sort.STEP:
            return sa.not_(sa.or_(access, people, export, changed))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _named(rows: list[Any]) -> list[Entry]:
    """Give rows the names of what they refer to, in at most three queries."""
    users, tenants, others = _references(rows)
    names: dict[str, str] = {}
    if users:
        names |= {str(row.id): row.name for row in _pairs(User.id, User.name, users)}
    if tenants:
        names |= {str(row.id): row.name for row in _pairs(Tenant.id, Tenant.name, tenants)}
    if others:
        query = sa.select(TrailEntry.subject_id, TrailEntry.label).where(
            TrailEntry.subject_id.in_(others), TrailEntry.label != ""
        )
        # In the order it was written: what a thing was called last counts.
        names |= {str(row.subject_id): row.label for row in db.session().execute(query.order_by(TrailEntry.seq))}
    return [Entry(*(*row, names)) for row in rows]


def _pairs(key: Any, name: Any, chosen: Iterable[object]) -> Iterable[Any]:
    return db.session().execute(sa.select(key.label("id"), name.label("name")).where(key.in_(list(chosen))))


def _references(rows: list[Any]) -> tuple[set[UUID], set[int], set[UUID]]:
    """Return the people, organisations and other things that the changes of `rows` name by their ids."""
    users: set[UUID] = set()
    tenants: set[int] = set()
    others: set[UUID] = set()
    for row in rows:
        for column, value in row.changes.items():
            for one in value if isinstance(value, list) else [value]:
                if column in TENANT_COLUMNS and isinstance(one, int):
                    tenants.add(one)
                elif isinstance(one, str) and (found := _uuid(one)) is not None:
                    (users if column in USER_COLUMNS else others).add(found)
    return users, tenants, others


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
