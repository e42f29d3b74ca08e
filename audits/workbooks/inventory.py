"""The inventory workbook: a sheet for each class that has records, with every column the class keeps."""

from collections.abc import Iterator

from flask_babel import gettext as _

from audits.workbooks.material import Material
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, Value
from plans.registers import shape
from plans.registers.batches import Columns, cells_of

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
    for register, records in material.inventory:
        yield Sheet(str(register.title), columns_of(register), rows_of(register, records))
    if not material.inventory:
        yield Sheet(_("Inventory"), (Column(_("Inventory"), Kind.TEXT, 60),), [(_("There are no records yet."),)])


def columns_of(register: shape.Register) -> tuple[Column, ...]:
    """Return the columns of a sheet that shows every column of the register."""
    kinds = [KINDS.get(column.kind, Kind.TEXT) for column in register.columns]
    return tuple(
        Column(str(column.label), kind, WIDTHS[kind]) for column, kind in zip(register.columns, kinds, strict=True)
    )


def rows_of(register: shape.Register, records: Columns) -> Iterator[tuple[Value, ...]]:
    """Return the rows of a sheet that shows every column of the register. records: as columns, by name."""
    if not records:
        return iter(())
    return zip(*(cells_of(column, {})(records[column.name]) for column in register.columns), strict=True)
