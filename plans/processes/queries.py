"""What the pages of what systems need show."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.errors import NotThere
from plans.models import DataSet, ExternalParty, System
from plans.processes.services import Wanted, needs_of
from plans.registers.display import sort_key


@dataclass(frozen=True, slots=True)
class Offered:
    """A row that a system may need. away: it was put away, and is offered only because it was needed before."""

    id: UUID
    name: str
    away: bool


@dataclass(frozen=True, slots=True)
class NeedsPage:
    """One system, what it needs as stored, and what it may need."""

    id: UUID
    name: str
    held: Wanted
    systems: tuple[Offered, ...]
    parties: tuple[Offered, ...]
    data_sets: tuple[Offered, ...]


def needs_page(system_id: UUID) -> NeedsPage:
    """Return what the page of one system shows. Raises NotThere for a system that is not there or was put away."""
    query = sa.select(System.name).where(System.id == system_id, System.archived_at.is_(None))
    name = db.session().scalar(query)
    if name is None:
        raise NotThere
    held = needs_of(system_id)
    systems = tuple(one for one in _offered(System, held.systems) if one.id != system_id)
    parties, data_sets = _offered(ExternalParty, held.parties), _offered(DataSet, held.data_sets)
    return NeedsPage(system_id, name, held, systems, parties, data_sets)


def _offered(model: Any, held: Collection[UUID]) -> tuple[Offered, ...]:
    where = sa.or_(model.archived_at.is_(None), model.id.in_(held))
    found = db.session().execute(sa.select(model.id, model.name, model.archived_at).where(where))
    rows = sorted(found, key=lambda row: (sort_key(row[1], {}), row[0]))
    return tuple(Offered(row_id, name, archived_at is not None) for row_id, name, archived_at in rows)
