"""The cells of a sheet as they are kept between two steps: compressed JSON, days and times marked as such."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from core.sheets.reading import CellNote, CellValue, NoteKind, SheetRows

MOMENTS: Mapping[str, Any] = MappingProxyType(
    {"day": date.fromisoformat, "moment": datetime.fromisoformat, "time": time.fromisoformat}
)


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet. rows[0] is row 1; notes: by (row, column), both from 1."""

    rows: tuple[tuple[CellValue, ...], ...]
    notes: Mapping[tuple[int, int], CellNote]

    @property
    def width(self) -> int:
        """Return how many columns there are."""
        return max(map(len, self.rows), default=0)

    def filled(self, number: int) -> bool:
        """Tell whether row `number` (from 1) holds anything."""
        return any(self.present(number, column) for column in range(1, len(self.rows[number - 1]) + 1))

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


def grid_of(sheet: SheetRows) -> Grid:
    """Return the cells of a sheet that was read."""
    return Grid(sheet.rows, {(note.row, note.column): note for note in sheet.notes})


def packed(grid: Grid) -> bytes:
    """Return the cells for keeping."""
    content = {
        "rows": [[_marked(value) for value in row] for row in grid.rows],
        "notes": [[note.row, note.column, note.kind.value, note.text] for note in grid.notes.values()],
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def unpacked(kept: bytes) -> Grid:
    """Return cells that were kept by packed()."""
    content = json.loads(zlib.decompress(kept))
    notes = [CellNote(row, column, NoteKind(kind), text) for row, column, kind, text in content["notes"]]
    rows = tuple(tuple(_plain(value) for value in row) for row in content["rows"])
    return Grid(rows, {(note.row, note.column): note for note in notes})


def _marked(value: CellValue) -> Any:
    # A moment is a day as well for isinstance(), so it is asked for first.
    for kind, mark in ((datetime, "moment"), (date, "day"), (time, "time")):
        if isinstance(value, kind):
            return [mark, value.isoformat()]
    return value


def _plain(value: Any) -> CellValue:
    found: CellValue = MOMENTS[value[0]](value[1]) if isinstance(value, list) else value
    return found
