"""What the page of priorities shows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import System
from plans.registers.display import sort_key, typed
from plans.registers.priorities.forms import COLUMNS

PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Ranked:
    """One system with its numbers as somebody would type them, by column name."""

    id: UUID
    name: str
    version: int
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ranking:
    """One page of systems. page, last: from 1."""

    systems: tuple[Ranked, ...]
    page: int
    last: int


def ranking(page: int, *, only: Collection[UUID] = ()) -> Ranking:
    """Return the systems that come back first, first; those without a priority last.

    only: the systems of a page that was sent, to show just those again.
    """
    columns = [getattr(System, column.name) for column in COLUMNS]
    query = sa.select(System.id, System.name, System.version, *columns).where(System.archived_at.is_(None))
    if only:
        query = query.where(System.id.in_(only))
    rows = sorted(db.session().execute(query), key=lambda row: (sort_key(row[3], {}), sort_key(row[1], {}), row[0]))
    last = max(1, -(-len(rows) // PAGE_LENGTH))
    page = min(page, last)
    return Ranking(tuple(_ranked(*row) for row in rows[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]), page, last)


def _ranked(row_id: UUID, name: str, version: int, *numbers: int | None) -> Ranked:
    texts = {column.name: typed(column, number) for column, number in zip(COLUMNS, numbers, strict=True)}
    return Ranked(row_id, name, version, texts)
