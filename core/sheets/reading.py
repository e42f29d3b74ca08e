"""Uploaded spreadsheets as plain typed cells. The file itself is only ever opened in a limited process."""

import json
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import Any, Final

from . import sandbox
from .inside.terms import MIB, NoteKind, Place, ReadLimits, SpreadsheetKind, UnreadableCode
from .refusal import Unreadable

__all__ = [
    "DEFAULT_LIMITS",
    "CellNote",
    "CellValue",
    "NoteKind",
    "Place",
    "ReadLimits",
    "SheetRows",
    "Spreadsheet",
    "SpreadsheetKind",
    "Unreadable",
    "UnreadableCode",
    "read_spreadsheet",
]

CellValue = str | int | float | bool | date | datetime | time | None

DEFAULT_LIMITS: Final = ReadLimits()
TEXT_ENDINGS: Final = (".csv", ".tsv", ".tab", ".txt")
NAME_CHARACTERS: Final = 255
VERDICT_BYTES: Final = MIB  # room for the last line after a reply that filled its limit
# Each reading may take a whole gigabyte; a row of uploads must not take the server down with it.
AT_ONCE: Final = threading.BoundedSemaphore(2)
MOMENTS: Final = {"date": date.fromisoformat, "datetime": datetime.fromisoformat, "time": time.fromisoformat}


@dataclass(frozen=True, slots=True)
class CellNote:
    """Remark that a cell came out other than it stands in the file. row, column: from 1; text: what stood there."""

    row: int
    column: int
    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The cells of one sheet: rows[0] is row 1, all rows equally wide, empty rows and columns at the end cut off."""

    name: str
    hidden: bool
    rows: tuple[tuple[CellValue, ...], ...]
    notes: tuple[CellNote, ...]


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """What an uploaded file holds, in the order of its sheets; charts and macros are left where they were."""

    kind: SpreadsheetKind
    sheets: tuple[SheetRows, ...]


def read_spreadsheet(data: bytes, filename: str, limits: ReadLimits = DEFAULT_LIMITS) -> Spreadsheet:
    """Read a workbook (.xlsx, .xlsm, .xltx, .xltm) or a text file with separators (.csv, .tsv, .tab, .txt).

    data: the whole file; filename: as uploaded, used for its ending and to name the sheet of a text file; what a
    workbook is, is told by its bytes, whatever its name.

    Cells of a workbook come as: text exactly as typed (spaces, leading zeros, =, +, - and @ kept); whole numbers up
    to 15 digits as int, others as float; percentages as the fraction they are; booleans; numbers under a day format
    as date, or datetime without zone where there is a time; under a time format, below one day, as time. A bare
    number stays a number. A formula gives its last calculated value. None for an empty cell or empty text; with a
    note for a formula never calculated, an error value (#REF!) and a number no one can read. A number under a day
    format that is no day stays a number, with a note. Cells of a text file all come as text.
    Characters that cannot be stored (NUL, other controls, half surrogate pairs) come as U+FFFD.

    Raises Unreadable for every other file: refused, damaged, too much or too slow, or BUSY when two other files are
    still being read after limits.wall_seconds. Nothing else is raised, whatever the file holds.
    """
    if not data:
        raise Unreadable(UnreadableCode.EMPTY, limits, Place())
    if len(data) > limits.file_bytes:
        raise Unreadable(UnreadableCode.TOO_LARGE, limits, Place())
    kind = "text" if filename.lower().endswith(TEXT_ENDINGS) else "workbook"
    if not AT_ONCE.acquire(timeout=limits.wall_seconds):
        raise Unreadable(UnreadableCode.BUSY, limits, Place())
    try:
        outcome = sandbox.run(
            [json.dumps(asdict(limits)), kind],
            data,
            wall_seconds=limits.wall_seconds,
            output_bytes=limits.reply_bytes + VERDICT_BYTES,
        )
    finally:
        AT_ONCE.release()
    return _spreadsheet(outcome, PurePosixPath(filename.replace("\\", "/")).stem[:NAME_CHARACTERS], limits)


def _spreadsheet(outcome: sandbox.Outcome, stem: str, limits: ReadLimits) -> Spreadsheet:
    lines = outcome.output.splitlines()
    try:
        last: list[Any] = json.loads(lines.pop()) if lines else [None]
        if last[0] == "refused":
            raise Unreadable(UnreadableCode(last[1]), limits, Place(*last[2:]))
        if last[0] != "end" or outcome.status != 0:
            raise Unreadable(_cause(outcome), limits, Place())
        kind = SpreadsheetKind(last[1])
        return Spreadsheet(kind, tuple(_sheets(iter(lines), stem)))
    except (ValueError, TypeError, LookupError) as error:
        # A process that was killed stops in the middle of a line.
        raise Unreadable(_cause(outcome), limits, Place()) from error


def _cause(outcome: sandbox.Outcome) -> UnreadableCode:
    """Tell from the way the process ended why it never gave a verdict."""
    if outcome.overflowed:
        return UnreadableCode.TOO_MUCH_TEXT
    if outcome.late or outcome.status == -signal.SIGXCPU:
        return UnreadableCode.TOO_SLOW
    if outcome.status in (-signal.SIGKILL, -signal.SIGABRT):
        return UnreadableCode.TOO_MUCH_MEMORY  # not killed by us: by the system, when memory ran out
    return UnreadableCode.DAMAGED


def _sheets(lines: Iterator[bytes], stem: str) -> Iterator[SheetRows]:
    sheet: _Growing | None = None
    for line in lines:
        tag, *rest = json.loads(line)
        if tag == "columns" and sheet is not None:
            sheet.take_columns(*rest)
        elif tag == "sheet":
            if sheet is not None:
                yield sheet.finished()
            sheet = _Growing(rest[0] or stem, rest[1])
        elif sheet is not None:
            sheet.take(tag, rest[0])
    if sheet is not None:
        yield sheet.finished()


class _Growing:
    """One sheet while its lines come in."""

    def __init__(self, name: str, hidden: bool) -> None:
        self._name, self._hidden = name, hidden
        self._rows: list[Sequence[CellValue]] = []
        self._notes: list[CellNote] = []

    def take(self, tag: str, values: list[Any]) -> None:
        if tag == "notes":
            self._notes.extend(CellNote(row, column, NoteKind(kind), text) for row, column, kind, text in values)
            return
        for number, cells, moments in values:
            while len(self._rows) < number - 1:
                self._rows.append([])
            for index, kind, iso in moments:
                cells[index] = MOMENTS[kind](iso)
            self._rows.append(cells)

    def take_columns(self, numbers: list[int], columns: list[Any], moments: list[Any]) -> None:
        """Take rows by column."""
        for index, kind, texts in moments:
            read = {text: MOMENTS[kind](text) for text in set(texts) if text is not None}
            cells, found = columns[index], map(read.get, texts)
            pairs = () if cells is None else zip(cells, found, strict=True)
            columns[index] = [cell if one is None else one for cell, one in pairs] or list(found)
        nothing = [None] * len(numbers)
        rows = zip(*(nothing if cells is None else cells for cells in columns), strict=True)
        for number, row in zip(numbers, rows, strict=True):
            if len(self._rows) < number - 1:
                self._rows.extend([()] * (number - 1 - len(self._rows)))
            self._rows.append(row)

    def finished(self) -> SheetRows:
        width = max(map(len, self._rows), default=0)
        rows = tuple(
            cells if isinstance(cells, tuple) and len(cells) == width else (*cells, *(None,) * (width - len(cells)))
            for cells in self._rows
        )
        return SheetRows(self._name, self._hidden, rows, tuple(self._notes))
