"""Items of the plan that a change in the business opened: look at them again, and say that one did."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import BusinessChange, ChangedItem, Happening
from tenants.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Look:
    """An item that must be looked at again, and why."""

    item_id: str
    change_id: UUID
    kind: Happening
    what: str
    reported_on: date


@dataclass(frozen=True, slots=True)
class Touched:
    """An item that a change touched. settled_on: None while nobody looked."""

    item_id: str
    settled_on: date | None
    settled_by: str
    still_right: bool


def open_item(change: BusinessChange, item_ids: Collection[str]) -> None:
    """Ask to look at these items because of a change."""
    db.session().add_all(
        ChangedItem(change_id=change.id, item_id=item_id, settled_on=None) for item_id in sorted(set(item_ids))
    )
    db.session().flush()


def settle(item_id: str, *, by: str, today: date, still_right: bool = False) -> int:
    """Note that somebody looked at an item: it was changed, or is still right. Return how many questions that ends."""
    query = sa.select(ChangedItem).where(ChangedItem.item_id == item_id, ChangedItem.settled_on.is_(None))
    rows = list(db.session().scalars(query))
    for row in rows:
        row.settled_on, row.settled_by, row.still_right = today, by, still_right
    db.session().flush()
    return len(rows)


_OPEN_LOOKS = Prepared(
    sa.select(
        ChangedItem.item_id, BusinessChange.id, BusinessChange.kind, BusinessChange.what, BusinessChange.reported_on
    )
    .join(
        BusinessChange,
        (BusinessChange.tenant_id == ChangedItem.tenant_id) & (BusinessChange.id == ChangedItem.change_id),
    )
    .where(
        ChangedItem.item_id == sa.bindparam("item_id"),
        ChangedItem.settled_on.is_(None),
        BusinessChange.archived_at.is_(None),
    )
    .order_by(BusinessChange.reported_on, BusinessChange.id)
)


def open_looks(item_id: str) -> list[Look]:
    """Return why an item must be looked at again, the earliest change first."""
    return [Look(*line) for line in _OPEN_LOOKS.rows(item_id=item_id)]


def touched(change_id: UUID) -> list[Touched]:
    """Return the items that a change touched."""
    row = ChangedItem
    query = sa.select(row.item_id, row.settled_on, row.settled_by, row.still_right).where(row.change_id == change_id)
    return [Touched(*line) for line in db.session().execute(query)]


def open_counts() -> dict[UUID, tuple[int, int]]:
    """Return by change how many items were looked at, and how many it touched."""
    row = ChangedItem
    query = sa.select(row.change_id, sa.func.count(row.settled_on), sa.func.count()).group_by(row.change_id)
    return {change_id: (done, total) for change_id, done, total in db.session().execute(query)}
