"""What a sheet can hold: the rows of one register, or rows that go to several."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from plans.importing.headings import EXTERNAL, IMEI_OR_SERIAL, INTO_NOTE, NOT_USED, ROW_KEY, ROW_STATE, SORT
from plans.models import AssetKind
from plans.registers.columns import REGISTERS, register
from plans.registers.shape import Column, Register


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of sheet. registers: where its rows can go; extra: targets that are no column of a register."""

    slug: str
    label: Any
    registers: tuple[Register, ...]
    extra: tuple[str, ...] = ()

    @property
    def mixed(self) -> bool:
        """Tell whether each row is sent to a register of its own."""
        return len(self.registers) > 1

    @property
    def targets(self) -> tuple[str, ...]:
        """Return what a column of the sheet can be, in the order in which it is offered."""
        names = (column.name for found in self.registers for column in found.columns)
        noted = (INTO_NOTE,) if any(has(found, "note") for found in self.registers) else ()
        return tuple(dict.fromkeys((*names, *self.extra, *noted)))

    def column(self, target: str) -> Column | None:
        """Return the column that `target` names, of the first register that has it; None for every other target."""
        return next((found.column(target) for found in self.registers if has(found, target)), None)

    def label_of(self, target: str) -> Any:
        """Return what `target` is called. Raises KeyError when this layout has no such target."""
        column = self.column(target)
        return column.label if column is not None else EXTRA_LABELS[target]


EXTRA_LABELS: Mapping[str, Any] = MappingProxyType(
    {
        NOT_USED: _l("Not used"),
        INTO_NOTE: _l("Into the note"),
        IMEI_OR_SERIAL: _l("IMEI or serial number"),
        EXTERNAL: _l("External: yes or no"),
        SORT: _l("Kind: phone or tablet"),
        ROW_KEY: _l("Key of the record"),
        ROW_STATE: _l("State when it was downloaded"),
    }
)


def has(where: Register, name: str) -> bool:
    """Tell whether a register has a column called `name`."""
    return any(column.name == name for column in where.columns)


TELEPHONY = Layout(
    "telephony",
    _l("Telephony and internet together"),
    (
        register(AssetKind.TELEPHONE_LINE),
        register(AssetKind.TELEPHONE_SYSTEM),
        register(AssetKind.INTERNET),
    ),
)
MOBILE_DEVICES = Layout(
    "mobile-devices",
    _l("Mobile phones and tablets together"),
    (register(AssetKind.MOBILE_PHONE), register(AssetKind.TABLET)),
    (SORT, IMEI_OR_SERIAL),
)
PEOPLE = Layout(
    "people",
    _l("Contacts and external parties together"),
    (register("contacts"), register("parties")),
    (EXTERNAL,),
)
MIXED = (PEOPLE, TELEPHONY, MOBILE_DEVICES)


def _single(found: Register) -> Layout:
    extra: tuple[str, ...] = ()
    if found.slug == "contacts":
        extra = (EXTERNAL,)
    elif found.asset_kind in (AssetKind.MOBILE_PHONE, AssetKind.TABLET):
        extra = (IMEI_OR_SERIAL,)
    return Layout(found.slug, found.title, (found,), (*extra, ROW_KEY, ROW_STATE))


LAYOUTS: tuple[Layout, ...] = (*MIXED, *(_single(found) for found in REGISTERS))
BY_SLUG: Mapping[str, Layout] = MappingProxyType({found.slug: found for found in LAYOUTS})
