"""The rows of a sheet in which every cell simply says what it means: read a column at a time. Pure.

Nearly all rows of a large sheet are so. What is out of the ordinary in the least is left to `reading`, cell by cell;
what is read here, that would have read the same.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from core.sheets.reading import CellValue
from plans.importing.headings import INTO_NOTE
from plans.importing.layouts import has
from plans.importing.remarks import NOTHING_WORDS, UNKNOWN_WORDS, WITHOUT_SERIAL, Remark, RemarkKind
from plans.importing.steps import NOTE, SERIAL_TARGETS, SheetSteps, Step
from plans.registers.cells import BadCell, DayOrder, folded, parse
from plans.registers.cells.days import FIRST, LAST
from plans.registers.shape import Column, Kind, Value

WORDS = NOTHING_WORDS | UNKNOWN_WORDS
TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.SERIAL})
BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IP = re.compile(rf"(?:{BYTE}\.){{3}}{BYTE}")
MAC = re.compile("[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}")
NO_SERIAL = (Remark(RemarkKind.WITHOUT_SERIAL, WITHOUT_SERIAL),)
Remarks = tuple[Remark, ...]
Cells = Sequence[CellValue]
# The values of some cells, None where there is nothing, and the places of those that are out of the ordinary.
Read = tuple[Sequence[Any], frozenset[int]]


class Straight:
    """What the straight rows of a sheet hold; none where rows are not all of one register."""

    def __init__(self, sheet: SheetSteps) -> None:
        """Read the columns."""
        self._first, self._odd = sheet.chosen.header_row + 1, set[int]()
        self._names: tuple[str, ...] = ()
        self._rows: list[tuple[Value, ...]] = []
        self._heading = ""
        self._serials: tuple[str, ...] = ()
        if sheet.routed is None or "name" not in sheet.columns:
            return
        steps, register = sheet.steps(sheet.routed.register), sheet.routed.register
        looks = sheet.looks(register)
        if looks.reachable or not all(_alone(step) or _whole_note(sheet, step) for step in steps):
            return
        read = [self._column(sheet, step) for step in steps]
        self._names, self._rows = tuple(step.target for step in steps), list(zip(*read, strict=True))
        self._odd |= {row - self._first for row in sheet.noted}
        self._heading = sheet.above[sheet.columns["name"][0] - 1]
        self._serials = tuple(name for name in SERIAL_TARGETS if name in sheet.columns) if looks.serials else ()

    def read(self, number: int) -> tuple[dict[str, Value], Remarks] | None:
        """Return the values of row `number` and what is told about it; None for a row that is not straight."""
        place = number - self._first
        if not self._rows or place in self._odd:
            return None
        values: dict[str, Value] = {
            name: value for name, value in zip(self._names, self._rows[place], strict=True) if value is not None
        }
        # Without a name, and where headings come back, there is more to tell.
        if values.get("name") in (None, self._heading):
            return None
        remarks: Remarks = () if not self._serials or any(name in values for name in self._serials) else NO_SERIAL
        return values, remarks

    def _column(self, sheet: SheetSteps, step: Step) -> Sequence[Value]:
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
    return all(has(register, target) for target in sheet.columns)


def _read(column: Column, cells: Cells, order: DayOrder) -> Read:
    kinds = set(map(type, cells)) - {type(None)}
    if not kinds:
        return cells, frozenset()
    if column.kind in (Kind.DAY, Kind.TERM) and kinds == {date}:
        return _fitting(cells, lambda cell: isinstance(cell, date) and FIRST <= cell <= LAST)
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
