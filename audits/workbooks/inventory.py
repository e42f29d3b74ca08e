"""The inventory workbook: how each of the twelve classes stands, then a sheet for each that has records, in full."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from audits.workbooks.material import Material
from audits.workbooks.plan import TONES, standing
from core.sheets.cells import Kind, Toned
from core.sheets.writing import ROWS_AT_ONCE, Column, InColumns, Sheet, Value
from plans.registers import shape
from plans.registers.batches import Columns, cells_of
from plans.registers.inventory import INVENTORY
from plans.status import STATUS_LABELS, ItemState

KINDS = {
    shape.Kind.DAY: Kind.DAY,
    shape.Kind.TERM: Kind.DAY,
    shape.Kind.NUMBER: Kind.WHOLE,
    shape.Kind.AMOUNT: Kind.MONEY,
    shape.Kind.YES_NO: Kind.YES_NO,
}
WIDTHS = {Kind.DAY: 13, Kind.WHOLE: 10, Kind.MONEY: 14, Kind.YES_NO: 10, Kind.TEXT: 26}

# So many remarks on a class stand in its cell.
REMARKS = 20


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield the sheet of all classes, and one per class with records."""
    yield _classes(material)
    for register, records in material.inventory:
        yield Sheet(str(register.title), columns_of(register), rows_of(register, records))


def _classes(material: Material) -> Sheet:
    """Return the sheet that tells a class without records from one that is not applicable."""
    columns = (
        Column(_("Register"), Kind.TEXT, 40),
        Column(_("Records"), Kind.WHOLE, 10),
        Column(_("Status"), Kind.TEXT, 18),
        Column(_("Remarks"), Kind.TEXT, 60),
        Column(_("Left out because"), Kind.TEXT, 40),
        Column(_("Left out until"), Kind.DAY, 13),
        Column(_("Code"), Kind.TEXT, 30),
    )
    return Sheet(_("Inventory"), columns, _class_rows(material))


def _class_rows(material: Material) -> Iterator[tuple[Value, ...]]:
    states, waivers = standing(material)
    counted = {register.slug: len(next(iter(records.values()), ())) for register, records in material.inventory}
    for register in INVENTORY:
        (item_id,) = (one for one in register.items if one.startswith("inventory."))
        state, waiver = states[item_id], waivers.get(item_id)
        yield (
            str(register.title),
            counted.get(register.slug, 0),
            Toned(str(STATUS_LABELS[state.status]), TONES[state.status]),
            _remarks(state) or None,
            waiver.reason if waiver else None,
            waiver.until if waiver else None,
            item_id,
        )


def _remarks(state: ItemState) -> str:
    """Return the worst remarks, one on a line: the workbook of the findings holds them all."""
    lines = [remark.text for remark in state.remarks[:REMARKS]]
    more = len(state.remarks) - len(lines)
    return "\n".join([*lines, ngettext("and %(num)s more remark", "and %(num)s more remarks", more)] if more else lines)


def columns_of(register: shape.Register) -> tuple[Column, ...]:
    """Return the columns of a sheet that shows every column of the register."""
    kinds = [KINDS.get(column.kind, Kind.TEXT) for column in register.columns]
    return tuple(
        Column(str(column.label), kind, WIDTHS[kind]) for column, kind in zip(register.columns, kinds, strict=True)
    )


def rows_of(register: shape.Register, records: Columns) -> InColumns:
    """Return the rows of a sheet that shows every column of the register. records: as columns, by name."""
    return InColumns(_blocks(register, records))


def _blocks(register: shape.Register, records: Columns) -> Iterator[list[Sequence[Value]]]:
    tellers = [(column.name, cells_of(column, {})) for column in register.columns]
    for start in range(0, len(next(iter(records.values()), ())), ROWS_AT_ONCE):
        yield [tell(records[name][start : start + ROWS_AT_ONCE]) for name, tell in tellers]
