"""What the pages of what systems need show."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.errors import NotThere
from plans.models import DataSet, Department, DepartmentSystem, ExternalParty, Impact, System, SystemNeed
from plans.processes.chains import Node, recovery_order, slowest_links
from plans.processes.impact import STRETCHES, bearable
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


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """The five answers of a department, and what follows. hours: it can bear, None for as long as you like;
    systems: those it uses, with whether each may be away longer.
    """

    id: UUID
    name: str
    version: int
    levels: Mapping[str, Impact | None]
    hours: int | None
    systems: tuple[tuple[Node, bool], ...]


def impact_page(department_id: UUID) -> ImpactPage:
    """Return what the page of the five questions shows. Raises NotThere for a department not there or put away."""
    query = sa.select(Department).where(Department.id == department_id, Department.archived_at.is_(None))
    row = db.session().scalar(query)
    if row is None:
        raise NotThere
    levels = {stretch.column: getattr(row, stretch.column) for stretch in STRETCHES}
    hours = bearable(tuple(levels.values()))
    used = sa.select(DepartmentSystem.system_id).where(DepartmentSystem.department_id == department_id)
    columns = (System.id, System.name, System.recovery_priority, System.rto_hours)
    found = db.session().execute(sa.select(*columns).where(System.id.in_(used), System.archived_at.is_(None)))
    nodes = sorted((Node(*one) for one in found), key=lambda one: (sort_key(one.name, {}), one.id))
    late = tuple((one, hours is not None and one.rto is not None and one.rto > hours) for one in nodes)
    return ImpactPage(row.id, row.name, row.version, levels, hours, late)


@dataclass(frozen=True, slots=True)
class Link:
    """One system in the order of recovery. needs: names of the systems, parties and data it needs; slowest: what in its
    chain takes longest, None when nothing tells a time; broken: that takes longer than this system may.
    """

    node: Node
    needs: tuple[str, ...]
    slowest: Node | None
    broken: bool


PAGE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Chain:
    """One page of the order of recovery. first: the place of its first link; page, last: from 1."""

    links: tuple[Link, ...]
    first: int
    page: int
    last: int


def chain(page: int) -> Chain:
    """Return the systems in the order in which they come back, with what each needs and its slowest link.

    page: from 1; a page beyond the last is the last.
    """
    columns = (System.id, System.name, System.recovery_priority, System.rto_hours)
    nodes = [Node(*row) for row in db.session().execute(sa.select(*columns).where(System.archived_at.is_(None)))]
    rows = list(db.session().scalars(sa.select(SystemNeed)))
    names = {node.id: node.name for node in nodes} | _names(ExternalParty) | _names(DataSet)
    systems: dict[UUID, set[UUID]] = defaultdict(set)
    told: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        if row.needed_system_id is not None:
            systems[row.system_id].add(row.needed_system_id)
        needed = row.needed_system_id or row.party_id or row.data_set_id
        if needed in names:
            told[row.system_id].append(names[needed])
    order = recovery_order(nodes, systems)
    slowest = slowest_links(order, systems)
    last = max(1, -(-len(order) // PAGE_LENGTH))
    page = min(page, last)
    first = (page - 1) * PAGE_LENGTH
    shown = order[first : first + PAGE_LENGTH]
    links = tuple(_link(node, told[node.id], slowest.get(node.id)) for node in shown)
    return Chain(links, first + 1, page, last)


def _link(node: Node, needs: list[str], slowest: Node | None) -> Link:
    late = slowest is not None and node.rto is not None and (slowest.rto or 0) > node.rto
    return Link(node, tuple(sorted(needs, key=str.casefold)), slowest, late)


def _names(model: Any) -> dict[UUID, str]:
    rows = db.session().execute(sa.select(model.id, model.name).where(model.archived_at.is_(None)))
    return {row_id: name for row_id, name in rows}  # noqa: C416 -- the type checker knows rows only when unpacked
