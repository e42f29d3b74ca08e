"""Write workbooks: typed rows streamed as XML, some hundred at a time, as a package that is sent while it is made.

Memory does not grow with the rows, and the same rows give the same bytes. Why: docs/decisions/writing-workbooks.md.
"""

import io
import re
import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from typing import IO, NamedTuple
from zoneinfo import ZoneInfo

from core.sheets.cells import MAX_COLUMNS, MAX_TEXT, Kind, column_name, escape, text_cell
from core.sheets.cells import Value as Value
from core.sheets.colours import Colours, line_below
from core.sheets.columns import MOST_LINES, ColumnWriter, Manner, Pieces, column_writer, side_by_side
from core.sheets.frame import HEADER_STYLE, KIND_STYLES, LEFT_STYLES, Written, area, parts

MAX_ROWS = 1_048_576
# Where the zip format would need an extension that not every spreadsheet program reads.
MAX_BYTES = 2_000_000_000
MAX_SHEET_NAME = 31
# The format takes 255 characters for the whole of it, each ampersand counted twice.
MAX_FOOTER = 110
# Text of spreadsheets packs well at any level; the first costs a fourth of the time of the sixth.
COMPRESSION = 1
ROWS_AT_ONCE = 250
LINE_POINTS = 15
# What a heading takes besides its letters: it is bold, and the arrow of the filter stands on its end.
HEADING_ROOM = 4
WIDEST_HEADING = 40
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, kind, width in characters; hidden: there for whoever reads the file again."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 18
    hidden: bool = False

    @property
    def shown_width(self) -> int:
        """Return how wide the column is drawn, in characters: as its heading, unless that is a sentence."""
        return max(self.width, min(len(self.title) + HEADING_ROOM, WIDEST_HEADING))

    @property
    def heading_lines(self) -> int:
        """Return how many lines its heading needs."""
        return 0 if self.hidden else -(-len(self.title) // max(self.shown_width - HEADING_ROOM, 1))


@dataclass(frozen=True, slots=True)
class InColumns:
    """Rows that come as columns, some hundred at a time: of each block a sequence for each column, equally long.

    What was read as columns is written without ever becoming rows; whoever else asks for them gets them as rows.
    blocks: may come from an iterator, and are read once.
    """

    blocks: Iterable[Sequence[Sequence[Value]]]

    def __iter__(self) -> Iterator[Sequence[Value]]:
        """Yield the rows. Raises ValueError for columns that are not equally long."""
        for columns in self.blocks:
            yield from zip(*columns, strict=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: name, columns, and rows as long as the columns. Rows may come from an iterator and are read once.

    hidden: not shown before somebody asks for it; the first sheet never is. first: shown before the others, although it
    is written in its turn: so it may tell what was written.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    hidden: bool = False
    first: bool = False


def write_workbook(target: IO[bytes], sheets: Iterable[Sheet], *, title: str, zone: str, made_at: datetime) -> None:
    """Write `sheets` to `target` as an .xlsx workbook. Arguments and errors as in `workbook_pieces`."""
    for piece in workbook_pieces(sheets, title=title, zone=zone, made_at=made_at):
        target.write(piece)


def workbook_pieces(sheets: Iterable[Sheet], *, title: str, zone: str, made_at: datetime) -> Generator[bytes]:
    """Yield `sheets` as an .xlsx workbook, piece by piece, the first before any row is read.

    Rows are read while pieces are taken: whoever closes the iterator stops the work, and closes the rows.
    zone: IANA name in which instants are shown; made_at: aware, kept in the properties. Rows over the format's
    1,048,576 go on in a next sheet. Sheet names are cleaned and made unique. Raises ValueError for no sheet at
    all, and for more columns than the format takes.
    """
    written: list[Written] = []
    target = _Passing()
    # Parts are opened by name: so they carry no time, and the package's level of compression holds for them.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as package:
        for sheet in sheets:
            # Closed before the package is, also when nobody wants the rest.
            with closing(_write_sheet(package, sheet, title, ZoneInfo(zone), written)) as steps:
                for _ in steps:
                    yield target.taken()
        if not written:
            raise ValueError("a workbook has at least one sheet")
        for name, content in parts(written, title, made_at):
            with package.open(name, "w") as part:
                part.write(content.encode())
    yield target.taken()


class _Passing(io.RawIOBase):
    """A file that keeps nothing but what was not taken yet."""

    def __init__(self) -> None:
        self._at = 0
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(piece))
        self._at += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        """Return what was written since this was last asked."""
        piece = b"".join(self._pieces)
        self._pieces.clear()
        return piece


def _write_sheet(
    package: zipfile.ZipFile, sheet: Sheet, title: str, zone: ZoneInfo, written: list[Written]
) -> Generator[None]:
    """Stream one sheet, and as many further ones as its rows need; stop now and again to let what is there be sent."""
    if len(sheet.columns) > MAX_COLUMNS:
        raise ValueError(f"{sheet.name}: {len(sheet.columns)} columns, of which the format takes {MAX_COLUMNS}")
    blocks, rest = _blocks(sheet.rows), None
    while True:
        name, width = _free_name(sheet.name, written), len(sheet.columns)
        colours = [Colours(column_name(index)) for index in range(width)]
        writers = [_writer(column, own, zone) for column, own in zip(sheet.columns, colours, strict=True)]
        with package.open(f"xl/worksheets/sheet{len(written) + 1}.xml", "w") as part:
            size = part.write(_head(sheet.columns).encode())
            yield
            last = 1
            while size < MAX_BYTES and last < MAX_ROWS and (block := rest or next(blocks, None)):
                here, rest = block.parted(MAX_ROWS - last)
                size += part.write(_lines(here, last + 1, writers).encode())
                last += here.height
                yield
            part.write(_tail(width, last, colours, title).encode())
        written.append(Written(name, width, last, sheet.hidden and bool(written), sheet.first))
        rest = rest or next(blocks, None)
        if rest is None:
            return


class _Block(NamedTuple):
    """Some rows as columns."""

    height: int
    columns: Sequence[Sequence[Value]]

    def parted(self, most: int) -> tuple["_Block", "_Block | None"]:
        """Return the first rows, at most so many, and what is left."""
        if self.height <= most:
            return self, None
        first, rest = ([column[part] for column in self.columns] for part in (slice(most), slice(most, None)))
        return _Block(most, first), _Block(self.height - most, rest)


def _blocks(rows: Iterable[Sequence[Value]]) -> Generator[_Block]:
    """Yield the rows some at a time. Raises ValueError for rows, or columns of a block, that are not equally long."""
    if isinstance(rows, InColumns):
        for columns in rows.blocks:
            if len({len(column) for column in columns}) != 1:
                raise ValueError("the columns of a block are not equally long")
            if columns[0]:
                yield _Block(len(columns[0]), columns)
        return
    each = iter(rows)
    while some := list(islice(each, ROWS_AT_ONCE)):
        yield _Block(len(some), tuple(zip(*some, strict=True)))


def _writer(column: Column, colours: Colours, zone: ZoneInfo) -> ColumnWriter:
    styles = LEFT_STYLES if column.kind is Kind.MIXED else KIND_STYLES
    # Nobody reads what is hidden: it makes no row higher.
    width = MAX_TEXT if column.hidden else column.shown_width
    return column_writer(column.kind, Manner(colours.letters, width, styles, zone, colours))


def _lines(block: _Block, number: int, writers: Sequence[ColumnWriter]) -> str:
    """Return the XML of some rows. number: of the first. Raises ValueError for rows longer or shorter than a sheet's.

    Where no text needs more than a line, all rows are opened alike.
    """
    numbers = [str(one) for one in range(number, number + block.height)]
    needed = [1] * block.height
    cells: Pieces = []
    for write, values in zip(writers, block.columns, strict=True):
        cells += write(values, numbers, needed)
    heights: Pieces = []
    if max(needed) > 1:
        told = {lines: _height(lines) for lines in set(needed)}
        heights.append(list(map(told.__getitem__, needed)))
    return side_by_side(['<row r="', numbers, '"', *heights, ">", *cells, "</row>"], block.height)


def _height(lines: int) -> str:
    # Not every program makes room for wrapped text by itself when it opens a file.
    return f' ht="{min(lines, MOST_LINES) * LINE_POINTS}" customHeight="1"' if lines > 1 else ""


_HIDDEN = ' hidden="1"'


def _head(columns: tuple[Column, ...]) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{column.shown_width}" customWidth="1"{_HIDDEN if column.hidden else ""}/>'
        for n, column in enumerate(columns, 1)
    )
    titles = "".join(text_cell(f"{column_name(n)}1", HEADER_STYLE, column.title) for n, column in enumerate(columns))
    height = _height(max(column.heading_lines for column in columns))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols><sheetData><row r="1"{height}>{titles}</row>'
    )


def _tail(columns: int, last_row: int, colours: Sequence[Colours], title: str) -> str:
    priority = count(1)
    rules = "".join(rule for own in colours for rule in own.rules(last_row, priority))
    if last_row > 1:
        rules += line_below(f"A2:{column_name(columns - 1)}{last_row}", "A2", priority)
    return (
        f'</sheetData><autoFilter ref="{area(columns, last_row)}"/>{rules}'
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>{_footer(title)}</oddFooter></headerFooter></worksheet>"
    )


def _footer(title: str) -> str:
    """Return what stands under each printed page: the sheet, the workbook and the page.

    An ampersand is written twice, as one alone begins a code of the footer.
    """
    return escape(f"&L&A&C{' '.join(title.split())[:MAX_FOOTER].replace('&', '&&')}&R&P / &N")


def _free_name(wanted: str, written: list[Written]) -> str:
    """Return a sheet name the format allows and no other sheet has."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip().strip("'")[:MAX_SHEET_NAME] or "Sheet"
    taken = {sheet.name.casefold() for sheet in written}
    name, number = clean, 1
    while name.casefold() in taken:
        number += 1
        ending = f" ({number})"
        name = clean[: MAX_SHEET_NAME - len(ending)] + ending
    return name
