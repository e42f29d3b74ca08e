"""The cells of a sheet as they are kept between two steps: compressed JSON, days and times marked as such."""

import json
import zlib
from collections.abc import Mapping
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


@dataclass(frozen=True)
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
        for value in self.rows[number - 1]:
            if isinstance(value, str):
                if value and not value.isspace():
                    return True
            elif value is not None:
                return True
        return number in self._noted

    @cached_property
    def _noted(self) -> frozenset[int]:
        return frozenset(row for row, _column in self.notes)

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
        "rows": grid.rows,
        "notes": [[note.row, note.column, note.kind.value, note.text] for note in grid.notes.values()],
    }
    return zlib.compress(
        json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_marked).encode(), LEVEL
    )


def unpacked(kept: bytes) -> Grid:
    """Return cells that were kept by packed()."""
    content = json.loads(zlib.decompress(kept))
    notes = [CellNote(row, column, NoteKind(kind), text) for row, column, kind, text in content["notes"]]
    # Only a moment is a list.
    rows = tuple(tuple([_plain(one) if type(one) is list else one for one in row]) for row in content["rows"])
    return Grid(rows, {(note.row, note.column): note for note in notes})


def _marked(value: object) -> list[str]:
    # A moment is a day as well for isinstance(), so it is asked for first.
    for kind, mark in ((datetime, "moment"), (date, "day"), (time, "time")):
        if isinstance(value, kind):
            return [mark, value.isoformat()]
    raise TypeError(f"no cell holds {type(value).__name__}")


def _plain(marked: list[str]) -> CellValue:
    found: CellValue = MOMENTS[marked[0]](marked[1])
    return found
