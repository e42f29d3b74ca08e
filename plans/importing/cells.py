"""The cells of a sheet as they are kept between two steps: compressed JSON, days and times marked as such."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from types import MappingProxyType
from typing import Any

from core.sheets.reading import CellNote, CellValue, NoteKind, SheetRows

# Cells are kept for a while only; the first level costs a fifth of the sixth.
LEVEL = 1
MOMENTS: Mapping[str, Any] = MappingProxyType(
    {"day": date.fromisoformat, "moment": datetime.fromisoformat, "time": time.fromisoformat}
)
MARKS: Mapping[type, str] = MappingProxyType({date: "day", datetime: "moment", time: "time"})
Rows = tuple[tuple[CellValue, ...], ...]


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet. rows[0] is row 1; notes: by (row, column), both from 1."""

    rows: Rows
    notes: Mapping[tuple[int, int], CellNote]

    @property
    def width(self) -> int:
        """Return how many columns there are."""
        return max(map(len, self.rows), default=0)

    def filled(self, number: int) -> bool:
        """Tell whether row `number` (from 1) holds anything."""
        return number not in self.blank

    @cached_property
    def blank(self) -> frozenset[int]:
        """Return the numbers (from 1) of the rows that hold nothing."""
        nothing = {number for number, row in enumerate(self.rows, start=1) if not any(map(_holds, row))}
        return frozenset(nothing.difference(row for row, _column in self.notes))

    def present(self, row: int, column: int) -> bool:
        """Tell whether a cell holds anything, be it unreadable."""
        value = self.rows[row - 1][column - 1]
        return (value is not None and value != "" and not str(value).isspace()) or (row, column) in self.notes

    def text(self, row: int, column: int) -> str:
        """Return what a person sees in a cell. row, column: from 1."""
        value = self.rows[row - 1][column - 1]
        if value is None:
            note = self.notes.get((row, column))
            return note.text if note else ""
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return str(value).strip()


def _holds(value: CellValue) -> bool:
    return value is not None and not (isinstance(value, str) and (not value or value.isspace()))


def grid_of(sheet: SheetRows) -> Grid:
    """Return the cells of a sheet that was read."""
    return Grid(sheet.rows, {(note.row, note.column): note for note in sheet.notes})


def packed(grid: Grid) -> bytes:
    """Return the cells for keeping, a column at a time."""
    moments: list[list[Any]] = []
    content = {
        "count": len(grid.rows),
        "columns": [
            _without_moments(place, cells, moments) for place, cells in enumerate(zip(*grid.rows, strict=True))
        ],
        "moments": moments,
        "notes": [[note.row, note.column, note.kind.value, note.text] for note in grid.notes.values()],
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), LEVEL)


def _without_moments(place: int, cells: Sequence[CellValue], moments: list[list[Any]]) -> Sequence[CellValue] | None:
    """Return what JSON keeps of a column, None where that is nothing; add its days and times to `moments`."""
    kinds = set(map(type, cells))
    for kind in kinds & MARKS.keys():
        told = {cell: cell.isoformat() for cell in set(cells) if type(cell) is kind}  # type: ignore[union-attr]
        # A day never equals a moment, and neither of them a time.
        moments.append([place, MARKS[kind], [told.get(cell) for cell in cells]])
    if kinds.isdisjoint(MARKS):
        return cells
    rest = kinds - MARKS.keys() - {type(None)}
    return [None if type(cell) in MARKS else cell for cell in cells] if rest else None


def unpacked(kept: bytes) -> Grid:
    """Return cells that were kept by packed()."""
    content = json.loads(zlib.decompress(kept))
    notes = [CellNote(row, column, NoteKind(kind), text) for row, column, kind, text in content["notes"]]
    rows = _by_row(content) if "rows" in content else _by_column(content)
    return Grid(rows, {(note.row, note.column): note for note in notes})


def _by_column(content: Mapping[str, Any]) -> Rows:
    columns, count = content["columns"], content["count"]
    for place, kind, texts in content["moments"]:
        read = {text: MOMENTS[kind](text) for text in set(texts) if text is not None}
        cells = columns[place] or [None] * count
        columns[place] = [read.get(text, cell) for text, cell in zip(texts, cells, strict=True)]
    return tuple(zip(*columns, strict=True)) if columns else ((),) * count


def _by_row(content: Mapping[str, Any]) -> Rows:
    """Return cells of before they were kept by column. Only a moment is a list."""
    return tuple(tuple([_plain(one) if type(one) is list else one for one in row]) for row in content["rows"])


def _plain(marked: list[str]) -> CellValue:
    found: CellValue = MOMENTS[marked[0]](marked[1])
    return found
