"""Every register there is. A tuple lists what exists; nothing adds to it elsewhere."""

from collections.abc import Mapping
from types import MappingProxyType

from plans.registers.inventory import INVENTORY
from plans.registers.people import CONTACTS, DATA_SETS, DEPARTMENTS, PARTIES, SYSTEMS
from plans.registers.shape import Register

REGISTERS: tuple[Register, ...] = (CONTACTS, PARTIES, DEPARTMENTS, SYSTEMS, DATA_SETS, *INVENTORY)
BY_SLUG: Mapping[str, Register] = MappingProxyType({found.slug: found for found in REGISTERS})


def register(slug: str) -> Register:
    """Return the register called `slug`. Raises KeyError when there is none."""
    return BY_SLUG[slug]
