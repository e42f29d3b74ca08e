"""What the pages of the upkeep show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.intervals import DEFAULT_DAYS, INTERVAL_LABELS, Interval, days
from plans.models import Asset, AssetKind, BusinessChange, Contact, Happening, IntervalSetting


@dataclass(frozen=True, slots=True)
class Change:
    """A reported change in the business."""

    id: UUID
    reported_on: date
    what: str
    reported_by: str
    archived: bool
    kind: Happening
    contact_id: UUID | None


@dataclass(frozen=True, slots=True)
class StoredInterval:
    """A tightened interval as it is stored. set_by, set_on, reason: who set it last, when and why, where known."""

    id: UUID
    version: int
    name: str
    days: int
    set_by: str = ""
    set_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """An interval: the days that count, the default, and the row that tightens it."""

    interval: Interval
    label: Any
    days: int
    default: int
    stored: StoredInterval | None = None


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """How many rows there are, and how many nobody confirmed within the interval of so many days."""

    total: int
    unconfirmed: int
    days: int


def changes() -> list[Change]:
    """Return the reported changes, newest first, those put away too."""
    query = _changes()
    found = (Change(*line) for line in db.session().execute(query))
    return sorted(found, key=lambda one: (one.reported_on, one.id), reverse=True)


def change(change_id: UUID) -> Change | None:
    """Return a reported change."""
    found = db.session().execute(_changes().where(BusinessChange.id == change_id)).one_or_none()
    return Change(*found) if found else None


def _changes() -> sa.Select[*tuple[Any, ...]]:
    row = BusinessChange
    return sa.select(
        row.id, row.reported_on, row.what, row.reported_by, row.archived_at.is_not(None), row.kind, row.contact_id
    )


def tightened() -> list[StoredInterval]:
    """Return the stored intervals."""
    row = IntervalSetting
    query = sa.select(row.id, row.version, row.name, row.days, row.set_by, row.set_on, row.reason)
    return [StoredInterval(*line) for line in db.session().execute(query)]


def interval_rows(stored: list[StoredInterval]) -> list[IntervalRow]:
    """Return every interval with the days that count."""
    own, rows = {one.name: one.days for one in stored}, {one.name: one for one in stored}
    return [
        IntervalRow(one, INTERVAL_LABELS[one], days(own, one), DEFAULT_DAYS[one], rows.get(one.value))
        for one in Interval
    ]


def unconfirmed_contacts(today: date, own: Iterable[StoredInterval]) -> Unconfirmed:
    """Return how many contacts nobody confirmed within the interval. own: the tightened intervals."""
    return _unconfirmed(Contact, Interval.CONTACT, today, own)


def unconfirmed_licences(today: date, own: Iterable[StoredInterval]) -> Unconfirmed:
    """Return how many licences nobody confirmed within the interval. own: the tightened intervals."""
    return _unconfirmed(Asset, Interval.LICENCE, today, own, Asset.kind == AssetKind.LICENCE)


def _unconfirmed(
    model: Any, interval: Interval, today: date, own: Iterable[StoredInterval], *where: Any
) -> Unconfirmed:
    allowed = days({one.name: one.days for one in own}, interval)
    found = list(db.session().scalars(sa.select(model.confirmed_on).where(model.archived_at.is_(None), *where)))
    oldest = today - timedelta(days=allowed)
    return Unconfirmed(len(found), sum(day is None or day < oldest for day in found), allowed)
