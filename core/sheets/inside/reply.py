"""The answer of the limited process: lines of JSON that can carry data and nothing else.

["sheet", name, hidden]
["rows", [[number, [cell, ...], [[index, tag, iso text], ...]], ...]]      numbers from 1, ascending, gaps allowed
["columns", [number, ...], [[cell, ...] or null, ...], [[index, tag, [iso text or null, ...]], ...]]
                                                                           the same by column: as long as the numbers
["notes", [[row, column, kind, text], ...]]                                rows and columns from 1
["end", kind]   or   ["refused", code, part, sheet, row, column]           always the last line
"""

import json
from collections.abc import Sequence
from typing import BinaryIO, Final

from .terms import NoteKind, Place, ReadLimits, Refused, SpreadsheetKind, UnreadableCode
from .values import Moment, Plain, moment_tag

BATCH_ROWS: Final = 500
NOTE_CHARACTERS: Final = 80

Tagged = tuple[int, str, str]


class Reply:
    """Write one reading to a stream, within the limits on cells and size. Raises Refused where one is passed."""

    def __init__(self, stream: BinaryIO, limits: ReadLimits) -> None:
        self._stream = stream
        self._limits = limits
        self._encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
        self._written = 0
        self._earlier_cells = 0
        self._sheet: str | None = None
        self._height = self._width = 0
        self._rows: list[tuple[int, list[Plain], list[Tagged]]] = []
        self._notes: list[tuple[int, int, str, str]] = []
        self.is_empty = True

    def sheet(self, name: str, *, hidden: bool) -> None:
        """Begin a sheet."""
        self._flush()
        self._earlier_cells += self._height * self._width
        self._height = self._width = 0
        self._sheet = name
        self._line(["sheet", name, hidden])

    def row(self, number: int, cells: list[Plain], moments: list[tuple[int, Moment]]) -> None:
        """Add a row: its number from 1, its cells, and the moments that take the place of cells, by index from 0."""
        self.is_empty = False
        self._height = number
        self._width = max(self._width, len(cells))
        if not self.has_room(number, self._width):
            raise Refused(UnreadableCode.TOO_MANY_CELLS, Place(sheet=self._sheet, row=number))
        self._rows.append((number, cells, [(index, moment_tag(value), value.isoformat()) for index, value in moments]))
        if len(self._rows) == BATCH_ROWS:
            self._flush()

    def has_room(self, height: int, width: int) -> bool:
        """Tell whether the sheet may grow to this height and width."""
        return self._earlier_cells + height * max(self._width, width) <= self._limits.cells

    def block(
        self,
        numbers: Sequence[int],
        columns: Sequence[Sequence[Plain] | None],
        moments: Sequence[tuple[int, str, Sequence[str | None]]],
    ) -> None:
        """Add rows by column, for which there is room: numbers, cells, and moments that take the place of cells."""
        self._flush()
        self.is_empty = False
        self._height, self._width = numbers[-1], max(self._width, len(columns))
        self._line(["columns", numbers, columns, moments])

    def note(self, row: int, column: int, kind: NoteKind, text: str) -> None:
        """Add a remark on one cell, with the start of what stood there."""
        self._notes.append((row, column, kind.value, text[:NOTE_CHARACTERS]))

    def end(self, kind: SpreadsheetKind) -> None:
        """Close a reading that succeeded."""
        self._flush()
        self._line(["end", kind.value])

    def refuse(self, refused: Refused) -> None:
        """Close a reading that did not; what was sent before does not count."""
        place = refused.place
        line = ["refused", refused.code.value, place.part, place.sheet, place.row, place.column]
        self._stream.write(self._encode(line).encode("ascii") + b"\n")

    def _flush(self) -> None:
        if self._rows:
            self._line(["rows", self._rows])
            self._rows = []
        if self._notes:
            self._line(["notes", self._notes])
            self._notes = []

    def _line(self, line: list[object]) -> None:
        encoded = self._encode(line).encode("ascii") + b"\n"
        self._written += len(encoded)
        if self._written > self._limits.reply_bytes:
            raise Refused(UnreadableCode.TOO_MUCH_TEXT, Place(sheet=self._sheet, row=self._height or None))
        self._stream.write(encoded)
