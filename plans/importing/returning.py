"""A register as a workbook to be changed and uploaded again: writing it, and recognising it when it comes back."""

import binascii
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from types import MappingProxyType
from uuid import UUID

from flask_babel import gettext as _

from core.i18n import Language, written_in
from core.sheets import cells as sheet_cells
from core.sheets.writing import Column, InColumns, Sheet, Value
from plans.importing.cells import Grid
from plans.importing.guessing import guess_order, match_columns
from plans.importing.headings import KEY_HEADING, NOT_USED, ROW_KEY, ROW_STATE, STATE_HEADING
from plans.importing.layouts import BY_SLUG, Layout
from plans.importing.mapping import Chosen, headings
from plans.importing.states import KEY_BYTES, States
from plans.registers import shape
from plans.registers.batches import Batch, Cells, batches, cells_of
from plans.registers.cells import folded
from plans.registers.display import Names
from plans.registers.queries import names_for
from plans.registers.shape import Kind, Register
from tenants.scope import current_scope

# A hidden sheet that remembers which records stood in the workbook, so that one that is gone is noticed.
MEMORY = "Waarborg"
REGISTER_HEADING = "Waarborg register"
# Before the keys of some records, base64 of 16 bytes each.
KEYS = "keys"
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


def sheets(register: Register, *, back: bool = True) -> Iterator[Sheet]:
    """Yield the sheets of a register's workbook: its records in use, without what opens something, such as a key.

    back: it may come back, so the key and the state of each record stand in a hidden column, and a hidden sheet tells
    which records it holds; without that it is there to be read.
    """
    columns = [column for column in register.columns if not column.secret]
    headed = tuple(
        Column(str(column.label), kind := KINDS.get(column.kind, sheet_cells.Kind.TEXT), 14 if kind else 24)
        for column in columns
    )
    if not back:
        yield Sheet(str(register.title), headed, InColumns(told for told, _some in _blocks(register, columns)))
        return
    keys: list[str] = []
    returning = InColumns(_returning(register, columns, keys))
    yield Sheet(str(register.title), (*headed, Column(KEY_HEADING, hidden=True)), returning)
    told = (Column(REGISTER_HEADING, width=40), Column(register.slug, width=40))
    yield Sheet(MEMORY, told, ((some, None) for some in keys), hidden=True)


def _blocks(register: Register, columns: list[shape.Column]) -> Generator[tuple[list[Sequence[Value]], Batch]]:
    """Yield the cells of the records in the workbook, some records at a time, and those records."""
    names = names_for(register)
    tellers = [(column.name, _cells(column, names)) for column in columns]
    with closing(batches(register, secrets=False)) as found:
        for some in found:
            yield [tell(some.columns[name]) for name, tell in tellers], some


def _returning(register: Register, columns: list[shape.Column], keys: list[str]) -> Iterator[list[Sequence[Value]]]:
    """Yield the same cells and those that let a record come back. keys: told the keys, those of a block together.

    A cell for each key in the hidden sheet would cost as much as another column.
    """
    states = States(register, current_scope().only_tenant)
    with closing(_blocks(register, columns)) as found:
        for told, some in found:
            packed = binascii.b2a_base64(bytes.fromhex("".join(some.keys)), newline=False)
            keys.append(f"{KEYS} {packed.decode()}")
            yield [*told, states.write(some.keys, some.versions, some.columns)]


def _cells(column: shape.Column, names: Names) -> Cells:
    """Return what makes the cells of a column: yes and no as words, which somebody can type."""
    if column.kind is not Kind.YES_NO:
        return cells_of(column, names)
    words = {None: None, True: str(_("Yes")), False: str(_("No"))}
    return lambda values: [words[value] for value in values]  # type: ignore[index]  # of this kind nothing else is


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
    """Yield the keys in the hidden sheet, also those of files of before, which write them as digits between spaces."""
    for number in range(2, len(memory.rows) + 1):
        words = memory.text(number, 1).split()
        read = _packed if words[:1] == [KEYS] else _written_out
        yield from read(words)


def _packed(words: Sequence[str]) -> Iterator[UUID]:
    # Somebody may have been here. What is not understood is never noticed as gone.
    with suppress(ValueError):
        every = binascii.a2b_base64("".join(words[1:]))
        yield from (UUID(bytes=every[start : start + KEY_BYTES]) for start in range(0, len(every), KEY_BYTES))


def _written_out(words: Sequence[str]) -> Iterator[UUID]:
    for word in words:
        with suppress(ValueError):
            yield UUID(word)
