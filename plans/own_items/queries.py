"""The own items of the open scope's organisation. Copies of columns, never rows that could be changed."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from plans.handbook import Item, ItemKind, Section
from plans.models import OwnItem, OwnKind
from plans.own_items.ids import own_id
from tenants.prepared import Prepared

MINUTES = 3


@dataclass(frozen=True, slots=True)
class Own:
    """An own item. interval_days: how long an answer counts, None for ever; ended: no longer asked."""

    id: UUID
    version: int
    section: Section
    title: str
    help: str
    kind: OwnKind
    interval_days: int | None
    ended: bool

    @property
    def item(self) -> Item:
        """Return it as an item: its title is what people wrote, in whatever language."""
        item_id = own_id(self.section, self.id)
        return Item(item_id, self.section, ItemKind.QUESTION, self.title, self.title, "", MINUTES)


_EVERY = Prepared(
    sa.select(
        OwnItem.id,
        OwnItem.version,
        OwnItem.section,
        OwnItem.title,
        OwnItem.help,
        OwnItem.kind,
        OwnItem.interval_days,
        OwnItem.archived_at.is_not(None),
    ).order_by(OwnItem.id)
)


def own_items(section: Section | None = None) -> tuple[Own, ...]:
    """Return the own items, of one section or all, in the order in which they were added; those that ended too."""
    # There are few: one question serves for each section.
    found = (Own(*line) for line in _EVERY.rows())
    return tuple(one for one in found if section in (None, one.section))


def asked(found: tuple[Own, ...]) -> tuple[Item, ...]:
    """Return those of `found` that are still asked, as items."""
    return tuple(one.item for one in found if not one.ended)


def own_item(section: Section, row_id: UUID) -> Own | None:
    """Return one own item of a section, ended or not."""
    return next((one for one in own_items(section) if one.id == row_id), None)
