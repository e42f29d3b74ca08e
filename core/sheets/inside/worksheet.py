"""One sheet of a workbook, row by row, without ever building the grid it claims to have."""

from collections.abc import Callable
from typing import Final

from .archive import Archive
from .markup import SEPARATOR, End, Start, new_parser
from .package import TRUE, Contents, SheetEntry, unescape
from .regular import CLOSING, Block, RegularRows
from .reply import Reply
from .serials import iso_moment, moment
from .stretches import Irregular, Watch, feed_in_stretches
from .terms import NoteKind, Place, ReadLimits, Refused, UnreadableCode
from .values import EXACT_DIGITS, LAST_COLUMN, LAST_ROW, Moment, Plain, column_number, number_of

SHEET_DATA: Final = b"<sheetData>"
SHEET_DEPTH: Final = 2
OUTSIDE: Final = LAST_COLUMN + 1  # of every row: no cell stands to the right of it


def read_sheet(archive: Archive, entry: SheetEntry, contents: Contents, limits: ReadLimits, reply: Reply) -> None:
    """Send the rows of one sheet that hold anything.

    The stated dimension is not read. Rows and cells must come in ascending order, as every spreadsheet program
    requires. Raises Refused: TOO_MANY_ROWS or TOO_MANY_COLUMNS on the first cell with content past the limit,
    DAMAGED, TEXT_TOO_LONG, TOO_MANY_CELLS, TOO_MUCH_TEXT, with sheet and row.
    """
    reply.sheet(entry.name, hidden=entry.hidden)
    rows = _Rows(entry, contents, limits, reply)
    feed_in_stretches(
        rows, archive, entry.part, opening=b"<row ", closing=CLOSING.encode(), ready=rows.ready, read=rows.read
    )
    if not rows.is_worksheet:
        raise Refused(UnreadableCode.DAMAGED, Place(part=entry.part, sheet=entry.name))


class _Rows:
    """The state between expat's calls: the row and cell being read. Hot: a call per element and text."""

    def __init__(self, entry: SheetEntry, contents: Contents, limits: ReadLimits, reply: Reply) -> None:
        self._entry, self._contents, self._limits, self._reply = entry, contents, limits, reply
        self.start: Start = self._root
        self.end: End = self._end
        self.parser = new_parser(self.start, self.end)
        self.is_worksheet = False
        self._regular = RegularRows(contents, limits)
        self._text: list[str] = []
        self._take: Callable[[str], None] = self._text.append
        self._columns: dict[str, int] = {}
        self._row = self._column = self._aids = 0
        self._row_label = ""
        self._cells: list[Plain] = []
        self._moments: list[tuple[int, Moment]] = []
        self._type = "n"
        self._style: str | None = None
        self._formula: list[str] | None = None

    def _root(self, name: str, _: dict[str, str]) -> None:
        """Learn the namespace from the first element: elements of other namespaces are somebody's extension."""
        namespace, _space, tag = name.rpartition(SEPARATOR)
        self.is_worksheet = tag == "worksheet"
        prefix = namespace + SEPARATOR if namespace else ""
        self._c, self._v, self._t, self._f, self._rph, self._row_tag = (
            prefix + tag for tag in ("c", "v", "t", "f", "rPh", "row")
        )
        self._data_tag = prefix + "sheetData"
        self.start = self._start
        if self.parser.StartElementHandler == self._root:
            self.parser.StartElementHandler = self._start

    def ready(self, watch: Watch, head: bytes) -> bool:
        """Tell whether rows follow, whose bare tags are those of a worksheet."""
        return watch.depth == SHEET_DEPTH and watch.innermost == self._data_tag and head.endswith(SHEET_DATA)

    def read(self, stretch: str) -> Callable[[], None]:
        """Read whole rows at once; return what sends them. Raises Irregular."""
        blocks = self._regular.read(stretch, self._row)
        height, width = blocks[-1].last, max(len(block.columns) for block in blocks)
        if self._cells or not self._reply.has_room(height, width):
            raise Irregular
        return lambda: self._send(blocks)

    def _send(self, blocks: list[Block]) -> None:
        for block in blocks:
            if block.numbers:
                self._reply.block(block.numbers, block.columns, block.moments)
            for row, column, text in sorted(block.errors):
                self._reply.note(row, column, NoteKind.ERROR_VALUE, unescape(text[: self._limits.cell_characters]))
            self._row, self._column = block.last, OUTSIDE

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._c:
            label = self._row_label
            reference = attributes.get("r", "")
            column = self._columns.get(reference[: -len(label)], 0) if label and reference.endswith(label) else 0
            # A known column to the right of the last one is nearly every cell there is.
            self._column = column if column > self._column else self._new_column(reference)
            if self._text:
                self._text.clear()
            self._formula = None
            self._type = attributes.get("t", "n")
            self._style = attributes.get("s")
        elif name == self._v or (name == self._t and not self._aids):
            self.parser.CharacterDataHandler = self._take
        elif name == self._f:
            self._formula = []
            self.parser.CharacterDataHandler = self._formula.append
        elif name == self._row_tag:
            self._begin_row(attributes.get("r"))
        elif name == self._rph:
            self._aids += 1

    def _end(self, name: str) -> None:
        if name == self._v:
            self.parser.CharacterDataHandler = None
        elif name == self._c:
            if self._text or self._formula is not None:
                self._end_cell()
        elif name == self._row_tag:
            if self._cells:
                self._reply.row(self._row, self._cells, self._moments)
                self._cells, self._moments = [], []
            self._column = OUTSIDE
        elif name == self._rph:
            self._aids -= 1
        else:
            self.parser.CharacterDataHandler = None

    def _begin_row(self, label: str | None) -> None:
        row = self._row + 1
        if label is not None:
            row = int(label) if label.isascii() and label.isdigit() and len(label) <= len(str(LAST_ROW)) else 0
        if not self._row < row <= LAST_ROW or self._cells:
            raise Refused(UnreadableCode.DAMAGED, Place(self._entry.part, self._entry.name, self._row or None))
        self._row, self._row_label, self._column = row, str(row), 0

    def _new_column(self, reference: str) -> int:
        """Find the column of a cell that states none, or one not met before; refuse one that steps back."""
        column = self._column + 1
        if reference:
            letters = reference.removesuffix(self._row_label)
            column = 0 if letters == reference else column_number(letters)
            self._columns[letters] = column
        if not self._column < column <= LAST_COLUMN or not self._row:
            raise self._refused(UnreadableCode.DAMAGED)
        return column

    def _end_cell(self) -> None:
        text = "".join(self._text)
        kind = self._type
        value: Plain | Moment
        if text and kind == "s":
            value = self._shared(text) or None
        elif text and kind == "n":
            value = self._number(text)
        elif kind in ("str", "inlineStr"):
            value = self._typed(text) or None
        elif text:
            value = self._other(text)
        else:
            value = None
            if self._formula is not None:
                self._note(NoteKind.FORMULA_WITHOUT_VALUE, "=" + "".join(self._formula))
        if value is not None:
            self._put(value)

    def _put(self, value: Plain | Moment) -> None:
        """Place a value; None marks a cell that holds something without a value, so that its row is not cut off."""
        if self._row > self._limits.rows:
            raise self._refused(UnreadableCode.TOO_MANY_ROWS)
        if self._column > self._limits.columns:
            raise self._refused(UnreadableCode.TOO_MANY_COLUMNS)
        cells = self._cells
        if missing := self._column - 1 - len(cells):
            cells.extend([None] * missing)
        if value is None or isinstance(value, str | int | float):
            cells.append(value)
        else:
            cells.append(None)
            self._moments.append((self._column - 1, value))

    def _note(self, kind: NoteKind, text: str) -> None:
        self._reply.note(self._row, self._column, kind, unescape(text[: self._limits.cell_characters]))
        if kind is not NoteKind.NOT_A_DAY:
            self._put(None)

    def _number(self, text: str) -> int | float | Moment | None:
        number = number_of(text)
        if number is None:
            self._note(NoteKind.UNREADABLE_NUMBER, text)
            return None
        shown = self._contents.shown.get(self._style) if self._style is not None else None
        if shown is None:
            return number
        found = moment(number, shown, from_1904=self._contents.from_1904)
        if found is None:
            self._note(NoteKind.NOT_A_DAY, text)
            return number
        return found

    def _shared(self, text: str) -> str:
        if text.isascii() and text.isdigit() and len(text) <= EXACT_DIGITS and int(text) < len(self._contents.texts):
            return self._contents.texts[int(text)]
        raise self._refused(UnreadableCode.DAMAGED)

    def _typed(self, text: str) -> str:
        if len(text) > self._limits.cell_characters:
            raise self._refused(UnreadableCode.TEXT_TOO_LONG)
        return unescape(text)

    def _other(self, text: str) -> Plain | Moment:
        if self._type == "b":
            return text.strip() in TRUE
        if self._type == "d":
            return iso_moment(text.strip()) or self._typed(text)
        if self._type != "e":
            raise self._refused(UnreadableCode.DAMAGED)
        self._note(NoteKind.ERROR_VALUE, text)
        return None

    def _refused(self, code: UnreadableCode) -> Refused:
        column = self._column if self._column < OUTSIDE else 0
        place = Place(self._entry.part, self._entry.name, self._row or None, column or None)
        return Refused(code, place)
