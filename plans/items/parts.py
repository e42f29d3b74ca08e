"""What parts of an item are called: of some items a part can be left out by itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from plans.handbook import Item
from plans.models import PartyKind
from plans.runbook.queries import REQUIRED_PARTIES
from plans.shapes import Shape, shape_of

PARTY_LABELS: Mapping[PartyKind, Any] = MappingProxyType(
    {
        PartyKind.IT_ADMINISTRATOR: _l("IT administrator"),
        PartyKind.INSURER: _l("Insurer"),
        PartyKind.FACILITY: _l("Facility company"),
        PartyKind.LAWYER: _l("Lawyer"),
        PartyKind.SUPPLIER: _l("Supplier"),
        PartyKind.OTHER: _l("Other"),
    }
)


def part_labels(item: Item) -> list[tuple[str, Any]]:
    """Return the parts of an item that can be left out by themselves."""
    if shape_of(item) is not Shape.PARTIES:
        return []
    return [(kind.value, PARTY_LABELS[kind]) for kind in REQUIRED_PARTIES]
