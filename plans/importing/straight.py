"""The rows of a sheet in which every cell simply says what it means: read a column at a time. Pure.

Nearly all rows of a large sheet are so. What is out of the ordinary in the least is left to `reading`, cell by cell;
what is read here, that would have read the same.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from core.clock import FIRST_DAY, LAST_DAY
from core.sheets.reading import CellValue
from plans.importing.headings import INTO_NOTE, ROW_KEY, ROW_STATE
from plans.importing.layouts import has
from plans.importing.remarks import NOTHING_WORDS, UNKNOWN_WORDS, WITHOUT_SERIAL, Remark, RemarkKind
from plans.importing.steps import NOTE, SERIAL_TARGETS, SheetSteps, Step
from plans.registers.cells import BadCell, DayOrder, folded, parse
from plans.registers.shape import Column, Kind, Value

WORDS = NOTHING_WORDS | UNKNOWN_WORDS
TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.SERIAL})
BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IP = re.compile(rf"(?:{BYTE}\.){{3}}{BYTE}")
MAC = re.compile("[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}")
NO_SERIAL = (Remark(RemarkKind.WITHOUT_SERIAL, WITHOUT_SERIAL),)
# What tells which record a row was when it was downloaded.
OURS = (ROW_KEY, ROW_STATE)
Remarks = tuple[Remark, ...]
Cells = Sequence[Any]
# The values of some cells, None where there is nothing, and the places of those that are out of the ordinary.
Read = tuple[Cells, frozenset[int]]


class Straight:
    """What the straight rows of a sheet hold, by column name; nothing where rows are not all of one register."""

    def __init__(self, sheet: SheetSteps) -> None:
        """Read the columns."""
        self._first, self._odd = sheet.chosen.header_row + 1, set[int]()
        self._columns: dict[str, Cells] = {}
        self._serials: tuple[str, ...] = ()
        if sheet.routed is None or "name" not in sheet.columns:
            return
        register = sheet.routed.register
        # Which record a row is, is no part of what it says.
        steps = [step for step in sheet.steps(register) if step.target not in OURS]
        looks = sheet.looks(register)
        if looks.reachable or not all(_alone(step) or _whole_note(sheet, step) for step in steps):
            return
        self._grid, self._places = sheet.grid, {step.target: step.places[0] for step in steps}
        self._columns = {step.target: self._column(sheet, step) for step in steps}
        self._odd |= {row - self._first for row in sheet.noted}
        # Without a name, and where headings come back, there is more to tell.
        nameless = (None, sheet.above[sheet.columns["name"][0] - 1])
        self._odd |= {place for place, name in enumerate(self._columns["name"]) if name in nameless}
        self._serials = tuple(name for name in SERIAL_TARGETS if name in sheet.columns) if looks.serials else ()

    def holds(self, number: int) -> bool:
        """Tell whether row `number` is straight."""
        return bool(self._columns) and number - self._first not in self._odd

    def read(self, number: int) -> tuple[dict[str, Value], Remarks] | None:
        """Return the values of row `number` and what is told about it; None for a row that is not straight."""
        if not self.holds(number):
            return None
        place = number - self._first
        values = {name: cells[place] for name, cells in self._columns.items() if cells[place] is not None}
        return values, self.remarks([number]).get(number, ())

    def emptied(self, number: int) -> frozenset[str]:
        """Return the columns in the sheet whose cells hold nothing at all in row `number`, which is straight."""
        place, places = number - self._first, self._places
        nothing = [name for name, cells in self._columns.items() if cells[place] is None]
        return frozenset(name for name in nothing if not self._grid.present(number, places[name]))

    def columns(self, numbers: Sequence[int]) -> dict[str, Cells]:
        """Return what rows of these numbers, all straight, say by column name; None where they say nothing."""
        places = [number - self._first for number in numbers]
        return {
            name: cells if len(places) == len(cells) else [cells[place] for place in places]
            for name, cells in self._columns.items()
        }

    def remarks(self, numbers: Sequence[int]) -> dict[int, Remarks]:
        """Return what is told about rows of these numbers, all straight, of those with anything to tell."""
        if not self._serials:
            return {}
        told = [self._columns[name] for name in self._serials]
        return {one: NO_SERIAL for one in numbers if all(cells[one - self._first] is None for cells in told)}

    def _column(self, sheet: SheetSteps, step: Step) -> Cells:
        place = step.places[0] - 1
        cells = [row[place] for row in sheet.grid.rows[self._first - 1 :]]
        assert step.column is not None
        values, odd = _read(step.column, cells, sheet.chosen.order)
        self._odd |= odd
        return values


def _alone(step: Step) -> bool:
    return step.alone is not None


def _whole_note(sheet: SheetSteps, step: Step) -> bool:
    """Tell whether the cell of a note is the whole note: nothing else of its row is written into it."""
    assert sheet.routed is not None
    register, several = sheet.routed.register, len(step.places) > 1
    if step.column is None or step.column.name != NOTE or several or INTO_NOTE in sheet.columns:
        return False
    return all(has(register, target) for target in sheet.columns if target not in OURS)


def _read(column: Column, cells: Cells, order: DayOrder) -> Read:
    kinds = set(map(type, cells)) - {type(None)}
    if not kinds:
        return cells, frozenset()
    if column.kind in (Kind.DAY, Kind.TERM) and kinds == {date}:
        return _fitting(cells, lambda cell: isinstance(cell, date) and FIRST_DAY <= cell <= LAST_DAY)
    if column.kind in TEXTS and kinds == {str}:
        return _texts(column.limit, cells)
    # What else stands in a note is written out otherwise; who is meant by a name is not looked up here.
    if column.name == NOTE or column.kind in (Kind.CONTACT, Kind.PARTY):
        return _fitting(cells, lambda _cell: False)
    if column.kind is Kind.IP_ADDRESS and kinds == {str}:
        return _fitting(cells, lambda cell: IP.fullmatch(str(cell)) is not None)
    if column.kind is Kind.MAC_ADDRESS and kinds == {str}:
        values, odd = _fitting(cells, lambda cell: MAC.fullmatch(str(cell)) is not None)
        return [value and value.lower() for value in values], odd
    return _parsed(column, cells, order)


def _parsed(column: Column, cells: Cells, order: DayOrder) -> Read:
    """Read each cell by the rules of its column, what says the same once."""
    known: dict[tuple[type, CellValue], tuple[Value, bool]] = {}
    values, odd = list[Value](), set[int]()
    for place, cell in enumerate(cells):
        # Numbers and yes/no are equal to each other here and there, and mean something else.
        asked = (type(cell), cell)
        if asked not in known:
            known[asked] = _one(column, cell, order)
        value, usual = known[asked]
        values.append(value)
        if not usual:
            odd.add(place)
    return values, frozenset(odd)


def _one(column: Column, cell: CellValue, order: DayOrder) -> tuple[Value, bool]:
    """Return what a cell means, and whether there is nothing to be told about it."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None, True
    if isinstance(cell, str) and folded(cell).lstrip("@") in WORDS:
        return None, False
    try:
        value = parse(column, cell.strip() if isinstance(cell, str) else cell, order)
    except BadCell:
        return None, False
    return (None if value == "" else value), True


def _fitting(cells: Cells, fits: Callable[[CellValue], bool]) -> Read:
    odd = frozenset(place for place, cell in enumerate(cells) if cell is not None and not fits(cell))
    return cells, odd


def _texts(limit: int, cells: Cells) -> Read:
    texts = [cell for cell in cells if isinstance(cell, str)]
    if _plain(texts, limit):
        return cells, frozenset()
    return _fitting(cells, lambda cell: isinstance(cell, str) and _clean(cell, limit))


def _plain(texts: Sequence[str], limit: int) -> bool:
    """Tell whether all texts are in order, by looking at them as one; some that are may fail."""
    if max(map(len, texts)) > limit or not WORDS.isdisjoint(map(str.lower, texts)):
        return False
    whole = f"|{'|'.join(texts)}|"
    return whole.isascii() and whole.isprintable() and not any(mark in whole for mark in ("  ", " |", "| ", "||", "|@"))


def _clean(text: str, limit: int) -> bool:
    """Tell whether a text is kept as it stands: no blanks too many, nothing that is not printed, no placeholder."""
    if not text or len(text) > limit or not text.isprintable() or text != " ".join(text.split()):
        return False
    composed = text.isascii() or unicodedata.is_normalized("NFC", text)
    return composed and folded(text).lstrip("@") not in WORDS
