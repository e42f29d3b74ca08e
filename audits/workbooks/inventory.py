"""The inventory workbook: a sheet for each class that has records, with every column the class keeps."""

from collections.abc import Iterator
from typing import cast

from flask_babel import gettext as _

from audits.workbooks.material import Material
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, Value
from plans.models import Asset
from plans.registers import shape
from plans.registers.cells import phone_text
from plans.registers.inventory import INVENTORY

KINDS = {
    shape.Kind.DAY: Kind.DAY,
    shape.Kind.TERM: Kind.DAY,
    shape.Kind.NUMBER: Kind.WHOLE,
    shape.Kind.AMOUNT: Kind.MONEY,
    shape.Kind.YES_NO: Kind.YES_NO,
}
WIDTHS = {Kind.DAY: 13, Kind.WHOLE: 10, Kind.MONEY: 14, Kind.YES_NO: 10, Kind.TEXT: 26}


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield a sheet per class with records; one sheet that says so when there is none at all."""
    empty = True
    for register in INVENTORY:
        own = [asset for asset in material.assets if asset.kind is register.asset_kind]
        if own:
            empty = False
            yield Sheet(str(register.title), columns_of(register), _rows(register, own))
    if empty:
        yield Sheet(_("Inventory"), (Column(_("Inventory"), Kind.TEXT, 60),), [(_("There are no records yet."),)])


def columns_of(register: shape.Register) -> tuple[Column, ...]:
    """Return the columns of a sheet that shows every column of the register."""
    kinds = [KINDS.get(column.kind, Kind.TEXT) for column in register.columns]
    return tuple(
        Column(str(column.label), kind, WIDTHS[kind]) for column, kind in zip(register.columns, kinds, strict=True)
    )


def _rows(register: shape.Register, assets: list[Asset]) -> Iterator[tuple[Value, ...]]:
    for asset in assets:
        yield tuple(value_of(column, asset) for column in register.columns)


def value_of(column: shape.Column, row: shape.Row) -> Value:
    """Return what a cell of a register says: the word of a choice, a number of a telephone as people write it."""
    stored = cast(Value, getattr(row, column.name))
    if column.kind is shape.Kind.TERM and isinstance(row, Asset) and row.perpetual:
        return str(_("Perpetual"))
    if stored is None or stored == "":
        return None
    if column.kind is shape.Kind.CHOICE:
        return next((str(choice.label) for choice in column.choices if choice.value == stored), str(stored))
    if column.kind is shape.Kind.PHONE:
        return phone_text(str(stored))
    if column.secret:
        # The key itself opens something; who files a workbook needs to know only which one it is.
        return f"{str(stored)[:4]}…"
    return stored
