"""Which page answers which handbook item, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from plans.fields import ITEM_FIELDS
from plans.handbook import Item, Section, of_section
from plans.models import Outcome
from plans.own_items.ids import OWN
from plans.seats import ITEM_SEATS


class Shape(StrEnum):
    """How the page of an item is answered; the value names its template in templates/plans/shapes."""

    FIELDS = "fields"
    SEATS = "seats"
    REGISTER = "register"
    DATA_SETS = "data_sets"
    TASKS = "tasks"
    PARTIES = "parties"
    PHONES = "phones"
    STEPS = "steps"
    INSTRUCTION = "instruction"
    RESULTS = "results"
    CHANGES = "changes"
    TAILORED = "tailored"
    # Items of the back-up, once copies are kept as records.
    COPIES = "copies"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Where an item is answered. endpoint: the page; register: the slug of the rows it is about."""

    endpoint: str
    register: str


REGISTER = "registers.show"


def _register(name: str) -> RegisterPage:
    return RegisterPage(REGISTER, name)


ITEM_REGISTERS: Mapping[str, RegisterPage] = MappingProxyType(
    {
        **{item.id: _register(item.name) for item in of_section(Section.INVENTORY)},
        "processes.department-heads": _register("departments"),
        "processes.systems-used": RegisterPage("registers.systems_used", "systems"),
        "processes.data-needed": RegisterPage("registers.data_needed", "data-sets"),
        "processes.priorities": RegisterPage("registers.priorities", "systems"),
        "upkeep.contacts": _register("contacts"),
        "upkeep.licences": _register("licences"),
    }
)

SLA = "testing.sla"
_PASS_OR_FAIL = (Outcome.PASSED, Outcome.FAILED)
_FOUND_OUT = (Outcome.RECORDED,)
RESTORE = "testing.restore"
RESTORE_NEW = "testing.restore-new-systems"
COSTS = "testing.costs"
# The items answered by a dated result, and how such a result may end.
ITEM_OUTCOMES: Mapping[str, tuple[Outcome, ...]] = MappingProxyType(
    {
        item.id: _FOUND_OUT if item.id in ("testing.supplier-expectations", COSTS) else _PASS_OR_FAIL
        for item in of_section(Section.TESTING)
        if item.id != SLA
    }
)
# How a result of the programme may end: reading the agreement with a supplier is part of it.
OUTCOMES: Mapping[str, tuple[Outcome, ...]] = MappingProxyType({SLA: _FOUND_OUT, **ITEM_OUTCOMES})
# A test of the supplier names which one.
ABOUT_SUPPLIER = frozenset({"testing.weekend-call", "testing.supplier-expectations", COSTS, SLA})

_OWN_PAGES: Mapping[str, Shape] = MappingProxyType(
    {
        "self-check.attractive-data": Shape.DATA_SETS,
        "self-check.extra-protection": Shape.DATA_SETS,
        "runbook.tasks-known": Shape.TASKS,
        "runbook.external-parties": Shape.PARTIES,
        "runbook.external-phones": Shape.PHONES,
        "runbook.recovery": Shape.STEPS,
        "staff.policy": Shape.INSTRUCTION,
        "upkeep.business-change": Shape.CHANGES,
        "upkeep.tailored": Shape.TAILORED,
    }
)


def shape_of(item: Item) -> Shape:
    """Return how `item` is answered. Raises KeyError when nothing answers it: a gap in this file."""
    if item.name.startswith(OWN):
        return Shape.OWN
    if item.id in _OWN_PAGES:
        return _OWN_PAGES[item.id]
    for answered, shape in (
        (ITEM_FIELDS, Shape.FIELDS),
        (ITEM_SEATS, Shape.SEATS),
        (ITEM_REGISTERS, Shape.REGISTER),
        (ITEM_OUTCOMES, Shape.RESULTS),
    ):
        if item.id in answered:
            return shape
    raise KeyError(item.id)


def kept_at(item_id: str) -> str:
    """Return the item under which results of `item_id` are kept: new systems are proven by the restore itself."""
    return RESTORE if item_id == RESTORE_NEW else item_id
