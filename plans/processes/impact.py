"""How bad an outage gets as it lasts: what a department can bear, and what follows for its systems. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from plans.models import Impact
from plans.processes.chains import Needs, Node, recovery_order
from plans.registers.people import IMPACTS as CHOICES

IMPACTS = tuple(Impact)
_HOW_BAD = {level: place for place, level in enumerate(IMPACTS)}
# From here on an outage is no longer borne.
UNBEARABLE = frozenset({Impact.SEVERE, Impact.RUINOUS})


@dataclass(frozen=True, slots=True)
class Stretch:
    """One of the five questions. column: of the department; bearable: hours a department can bear when an outage
    becomes unbearable in this stretch, which is the end of the stretch before.
    """

    column: str
    bearable: int
    question: Any
    short: Any


STRETCHES = (
    # Nothing is back at once: an hour is the shortest time that can be promised.
    Stretch("impact_4_hours", 1, _l("How bad are the first 4 hours?"), _l("First 4 hours")),
    Stretch("impact_day", 4, _l("How bad is it when it lasts a day?"), _l("A day")),
    Stretch("impact_3_days", 24, _l("How bad is it when it lasts 3 days?"), _l("3 days")),
    Stretch("impact_week", 72, _l("How bad is it when it lasts a week?"), _l("A week")),
    Stretch("impact_longer", 168, _l("How bad is it when it lasts longer?"), _l("Longer")),
)
LABELS: Mapping[Impact, Any] = MappingProxyType({Impact(choice.value): choice.label for choice in CHOICES})
EXAMPLES: Mapping[Impact, Any] = MappingProxyType(
    {
        Impact.NONE: _l("The work goes on as usual."),
        Impact.ANNOYING: _l("It takes more time or goes on paper; customers notice little."),
        Impact.SERIOUS: _l("Work is left undone, customers complain, some income is lost."),
        Impact.SEVERE: _l("Customers leave, agreements or the law are broken, people may get hurt."),
        Impact.RUINOUS: _l("The organisation may not survive it."),
    }
)


def bearable(levels: Sequence[Impact | None]) -> int | None:
    """Return how many hours a department can bear an outage; None when no answer says that one is unbearable.

    levels: the answers in the order of STRETCHES.
    """
    for stretch, level in zip(STRETCHES, levels, strict=True):
        if level in UNBEARABLE:
            return stretch.bearable
    return None


def falls(levels: Sequence[Impact | None]) -> bool:
    """Tell whether a longer outage is said to be less bad than a shorter one. levels: in the order of STRETCHES."""
    told = [_HOW_BAD[level] for level in levels if level is not None]
    return told != sorted(told)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many hours may a system be away, because of this department. department: its name."""

    hours: int
    department: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What follows for a system. priority: from 1, each its own; limit: None when nothing asks it back soon."""

    priority: int
    limit: Limit | None


def limits(borne: Mapping[UUID, Limit], uses: Iterable[tuple[UUID, UUID]]) -> dict[UUID, Limit]:
    """Return how long each system may be away for the departments that use it themselves: the shortest counts.

    borne: what each department can bear; uses: pairs (department, system).
    """
    found: dict[UUID, Limit] = {}
    if not borne:
        return found
    told = [(department.int, system, borne[department]) for department, system in uses if department in borne]
    for _, system, limit in sorted(told, key=itemgetter(0)):
        if system not in found or limit.hours < found[system].hours:
            found[system] = limit
    return found


def proposals(nodes: Collection[Node], needs: Needs, own: Mapping[UUID, Limit]) -> dict[UUID, Proposal]:
    """Propose a priority and a recovery time for each system.

    own: of limits(). What a system needs may not be away longer than the system itself, so the shortest limit of all
    that need it counts. The order: what is needed before what needs it, then the shortest limit.
    """
    found = dict(own)
    for node in reversed(recovery_order(nodes, needs)):
        limit = found.get(node.id)
        for one in needs.get(node.id, ()):
            if limit is not None and (one not in found or limit.hours < found[one].hours):
                found[one] = limit
    ranked = [Node(node.id, node.name, found[node.id].hours if node.id in found else None, None) for node in nodes]
    return {node.id: Proposal(place, found.get(node.id)) for place, node in enumerate(recovery_order(ranked, needs), 1)}
