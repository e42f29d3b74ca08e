"""A register as a workbook to be changed and uploaded again: writing it, and recognising it when it comes back."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from core import db
from core.i18n import Language, written_in
from core.sheets import cells as sheet_cells
from core.sheets.writing import Column, Sheet, Value
from plans.importing.cells import Grid
from plans.importing.guessing import guess_order, match_columns
from plans.importing.headings import KEY_HEADING, NOT_USED, ROW_KEY, ROW_STATE, STATE_HEADING
from plans.importing.layouts import BY_SLUG, Layout
from plans.importing.mapping import Chosen, headings
from plans.importing.states import written_state
from plans.models import Asset
from plans.registers import shape
from plans.registers.cells import folded
from plans.registers.display import Names, shown
from plans.registers.queries import names_for
from plans.registers.rows import values_of, with_forever
from plans.registers.shape import Kind, Register

# A hidden sheet that remembers which records stood in the workbook, so that one that is gone is noticed.
MEMORY = "Waarborg"
REGISTER_HEADING = "Waarborg register"
LOOK_ROWS = 20
KINDS: Mapping[Kind, sheet_cells.Kind] = MappingProxyType(
    {
        Kind.DAY: sheet_cells.Kind.DAY,
        Kind.TERM: sheet_cells.Kind.DAY,
        Kind.NUMBER: sheet_cells.Kind.WHOLE,
        Kind.AMOUNT: sheet_cells.Kind.MONEY,
        Kind.YES_NO: sheet_cells.Kind.TEXT,
    }
)


def sheets(register: Register) -> Iterator[Sheet]:
    """Yield the sheets of a register's workbook: its records in use, each with its key and state in hidden columns.

    What opens something, such as a licence key, is left out.
    """
    rows, columns = _rows(register), [column for column in register.columns if not column.secret]
    headed = tuple(
        Column(str(column.label), kind := KINDS.get(column.kind, sheet_cells.Kind.TEXT), 14 if kind else 24)
        for column in columns
    )
    hidden = (Column(KEY_HEADING, hidden=True), Column(STATE_HEADING, hidden=True))
    names = names_for(register)
    yield Sheet(str(register.title), (*headed, *hidden), (_line(register, row, columns, names) for row in rows))
    told = (Column(REGISTER_HEADING, width=40), Column(register.slug, width=40))
    yield Sheet(MEMORY, told, ((str(row.id), None) for row in rows), hidden=True)


def _rows(register: Register) -> list[shape.Row]:
    model: Any = register.model
    query = sa.select(model).where(model.archived_at.is_(None))
    if register.asset_kind is not None:
        query = query.where(Asset.kind == register.asset_kind)
    return sorted(db.session().scalars(query), key=lambda row: (folded(row.name), row.id))


def _line(register: Register, row: shape.Row, columns: list[shape.Column], names: Names) -> tuple[Value, ...]:
    held = with_forever(register, values_of(register, row))
    state = written_state(register, row.version, held)
    return (*(_cell(column, held[column.name], names) for column in columns), str(row.id), state)


def _cell(column: shape.Column, value: shape.Value, names: Names) -> Value:
    if value in (None, ""):
        return None
    if column.kind in (Kind.DAY, Kind.TERM, Kind.NUMBER, Kind.AMOUNT) and value is not shape.Forever.FOREVER:
        return value  # type: ignore[return-value]  # these kinds hold days and numbers only
    if column.kind is Kind.YES_NO:
        return str(_("Yes") if value else _("No"))
    return shown(column, value, names)


def recognise(grid: Grid, memory: Grid | None) -> Chosen | None:
    """Return how to read a sheet that was downloaded here, however its columns were moved; None for any other sheet.

    memory: the cells of the hidden sheet, None when the file has none: then no record counts as removed.
    """
    header_row = next((number for number in range(1, min(len(grid.rows), LOOK_ROWS) + 1) if _headed(grid, number)), 0)
    slug = memory.text(1, 2) if memory is not None and memory.rows and memory.width > 1 else ""
    if not header_row or slug not in BY_SLUG or BY_SLUG[slug].mixed:
        return None
    layout = BY_SLUG[slug]
    above = headings(grid, header_row)
    known = _known(layout)
    guessed = match_columns(layout, above)
    exact = [known.get(folded(heading), NOT_USED) for heading in above]
    used: set[str] = set()
    targets = []
    for told, guess in zip(exact, guessed, strict=True):
        # A heading that somebody renamed is guessed, unless the column it seems to be is there under its own name.
        target = told or (guess if guess not in exact else NOT_USED)
        targets.append(NOT_USED if target in used else target)
        used.add(target)
    order = guess_order(grid, layout, header_row, targets)
    assert memory is not None
    return Chosen(layout, header_row, tuple(targets), order, downloaded=tuple(_keys(memory)))


def _headed(grid: Grid, number: int) -> bool:
    return any(grid.text(number, place) == KEY_HEADING for place in range(1, grid.width + 1))


def _known(layout: Layout) -> Mapping[str, str]:
    """Return the column of each heading as we write it, in every language."""
    found = {folded(KEY_HEADING): ROW_KEY, folded(STATE_HEADING): ROW_STATE}
    for language in Language:
        with written_in(language):
            for column in layout.registers[0].columns:
                found[folded(str(column.label))] = column.name
    return found


def _keys(memory: Grid) -> Iterator[UUID]:
    for number in range(2, len(memory.rows) + 1):
        try:
            yield UUID(memory.text(number, 1))
        except ValueError:
            continue
