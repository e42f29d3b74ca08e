"""What the dependency map shows: systems, what they need, and how it is drawn."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import wrap
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import DataSet, ExternalParty, System, SystemNeed
from plans.processes.chains import Node, recovery_order, slowest_links
from plans.processes.drawing import Drawing, draw
from plans.processes.protection import Protection, covering, of_party
from plans.registers.display import sort_key

# Systems in one drawing: it must stay readable, and the page under 60 kB.
MOST_DRAWN = 60
# Letters on one line of a box.
LINE_LENGTH = 22

Needs = Mapping[UUID, Collection[UUID]]


class KnotKind(StrEnum):
    """What a box of the map stands for."""

    SYSTEM = "system"
    PARTY = "party"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Knot:
    """One box of the map. slowest: what in the chain of a system takes longest; broken: longer than the system may;
    service: what its supplier calls the system in a scheme; protections: the schemes of a party that this organisation
    accepted.
    """

    id: UUID
    kind: KnotKind
    name: str
    rto: int | None = None
    slowest: Node | None = None
    broken: bool = False
    service: str = ""
    protections: tuple[Protection, ...] = ()

    @property
    def lines(self) -> list[str]:
        """Return the name in lines that fit a box; what does not fit is cut off."""
        return wrap(self.name, LINE_LENGTH, max_lines=2, placeholder="…") or [self.name]


@dataclass(frozen=True, slots=True)
class Network:
    """A map. order: systems as they come back; needs: of each, by name; choices: every system, to look around it;
    around: the one that was chosen, None for all; left_out: systems that are not drawn.
    kept: what a scheme goes on delivering, by the system and the party that supplies it.
    """

    drawing: Drawing
    knots: Mapping[UUID, Knot]
    order: tuple[Knot, ...]
    needs: Mapping[UUID, tuple[Knot, ...]]
    choices: tuple[Knot, ...]
    around: UUID | None
    left_out: int
    kept: Mapping[tuple[UUID, UUID], Protection]

    def protects(self, one: Protection) -> tuple[Knot, ...]:
        """Return the systems that a scheme is about."""
        found = {system for (system, _party), each in self.kept.items() if each == one}
        return _by_name(self.knots[system] for system in found)


def network(around: UUID | None, protections: Sequence[Protection]) -> Network:
    """Return the map of all systems, or of the chains through the system `around`.

    With more than MOST_DRAWN systems it is always one system's: without a choice that of the first whose promise its
    chain cannot keep, else of the first that needs anything.
    """
    (systems, services), needs = _systems(), _needs()
    order = recovery_order(systems.values(), needs)
    slowest = slowest_links(order, needs)
    knots = {node.id: _system(node, slowest.get(node.id), services[node.id]) for node in order}
    knots |= _others(needs, knots, protections)
    middle = around if around in systems else None
    if middle is None and len(order) > MOST_DRAWN:
        middle = _telling(order, knots, needs)
    drawn = {node.id for node in order} if middle is None else _around(middle, needs, systems)
    others = {one for row_id in drawn for one in needs.get(row_id, ()) if one in knots and one not in systems}
    leaves = sorted(others, key=lambda one: (knots[one].kind, sort_key(knots[one].name, {}), one))
    shown = [node.id for node in order if node.id in drawn]
    return Network(
        drawing=draw([*leaves, *shown], needs),
        knots=knots,
        order=tuple(knots[one] for one in shown),
        needs={one: _by_name(knots[other] for other in needs.get(one, ()) if other in knots) for one in shown},
        choices=_by_name(knots[node.id] for node in order),
        around=middle,
        left_out=len(order) - len(shown),
        kept=_kept_ties(needs, knots),
    )


def _kept_ties(needs: Needs, knots: Mapping[UUID, Knot]) -> dict[tuple[UUID, UUID], Protection]:
    found = {}
    for system_id, wanted in needs.items():
        for party_id in wanted:
            if system_id in knots and party_id in knots:
                one = covering(knots[system_id].service, knots[party_id].protections)
                if one is not None:
                    found[system_id, party_id] = one
    return found


def _systems() -> tuple[dict[UUID, Node], dict[UUID, str]]:
    """Return the systems, and what their suppliers call them in a scheme."""
    columns = (System.scheme_service, System.id, System.name, System.recovery_priority, System.rto_hours)
    rows = db.session().execute(sa.select(*columns).where(System.archived_at.is_(None))).all()
    return {row[1]: Node(*row[1:]) for row in rows}, {row[1]: row[0] for row in rows}


def _needs() -> Needs:
    """Return what each system needs: systems, parties, its supplier, data sets."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    columns = (SystemNeed.system_id, SystemNeed.needed_system_id, SystemNeed.party_id, SystemNeed.data_set_id)
    for system_id, *needed in db.session().execute(sa.select(*columns)):
        found[system_id] |= {one for one in needed if one is not None}
    suppliers = sa.select(System.id, System.supplier_id).where(System.supplier_id.is_not(None))
    for system_id, party_id in db.session().execute(suppliers):
        if party_id is not None:
            found[system_id].add(party_id)
    return found


def _system(node: Node, slowest: Node | None, service: str) -> Knot:
    late = slowest is not None and node.rto is not None and (slowest.rto or 0) > node.rto
    return Knot(node.id, KnotKind.SYSTEM, node.name, node.rto, slowest, late, service)


def _others(needs: Needs, systems: Collection[UUID], protections: Sequence[Protection]) -> dict[UUID, Knot]:
    """Return the parties and data sets that some system in use needs."""
    wanted = {one for row_id in systems for one in needs.get(row_id, ())}
    found = {}
    # A party's number is sealed: it is opened only where there is something to compare it with.
    number = ExternalParty.kvk if protections else sa.literal("")
    for row_id, name, kvk in _kept(ExternalParty, number):
        if row_id in wanted:
            found[row_id] = Knot(row_id, KnotKind.PARTY, name, protections=of_party(name, kvk, protections))
    for row_id, name, _ in _kept(DataSet, sa.literal("")):
        if row_id in wanted:
            found[row_id] = Knot(row_id, KnotKind.DATA, name)
    return found


def _kept(model: Any, more: Any) -> Iterable[Any]:
    rows: Iterable[Any] = db.session().execute(sa.select(model.id, model.name, more).where(model.archived_at.is_(None)))
    return rows


def _telling(order: Sequence[Node], knots: Mapping[UUID, Knot], needs: Needs) -> UUID:
    """Return the system whose chain tells most."""
    broken = (node.id for node in order if knots[node.id].broken)
    tied = (node.id for node in order if needs.get(node.id))
    return next(broken, None) or next(tied, order[0].id)


def _around(middle: UUID, needs: Needs, systems: Collection[UUID]) -> set[UUID]:
    """Return the system itself, what it needs and what needs it, near before far, MOST_DRAWN at most."""
    needed_by: dict[UUID, set[UUID]] = defaultdict(set)
    for one in systems:
        for other in needs.get(one, ()):
            needed_by[other].add(one)
    found = {middle}
    waiting = deque([(middle, needs), (middle, needed_by)])
    while waiting and len(found) < MOST_DRAWN:
        here, ways = waiting.popleft()
        for one in sorted(set(ways.get(here, ())) & set(systems) - found):
            if len(found) < MOST_DRAWN:
                found.add(one)
                waiting.append((one, ways))
    return found


def _by_name(knots: Iterable[Knot]) -> tuple[Knot, ...]:
    return tuple(sorted(knots, key=lambda one: (sort_key(one.name, {}), one.id)))
