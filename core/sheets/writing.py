"""Write workbooks: typed rows streamed as XML into a package whose styles openpyxl made.

Memory does not grow with the rows, and the same rows give the same bytes. Why: docs/decisions/writing-workbooks.md.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import IO
from zoneinfo import ZoneInfo

from core.sheets.cells import (
    Kind,
    Shaded,
    Tone,
    Toned,
    Value,
    Writer,
    column_name,
    number_cell,
    text_cell,
    writer_of,
)

MAX_ROWS = 1_048_576
MAX_SHEET_NAME = 31
# Text of spreadsheets packs well at any level; the first costs a third of the time of the sixth.
COMPRESSION = 1
ROWS_AT_ONCE = 200
LINE_POINTS = 15
# The format allows rows of 409 points.
MOST_LINES = 27
STILL = (1980, 1, 1, 0, 0, 0)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS = {
    Kind.TEXT: "@",
    Kind.WHOLE: "#,##0",
    Kind.DECIMAL: "#,##0.00",
    Kind.MONEY: '"€" #,##0.00;[Red]-"€" #,##0.00',
    Kind.DAY: "dd-mm-yyyy",
    Kind.INSTANT: "dd-mm-yyyy hh:mm",
    Kind.YES_NO: "General",
}
TONES = {Tone.GOOD: "D9F0E1", Tone.SOON: "DCEBF7", Tone.WARN: "FFF1CC", Tone.BAD: "FADBD8"}
# Dark letters can be read on each of them.
SHADE_FILLS = ("E3F1F4", "BFDFE6", "93C8D3", "63ADBC")
HEADER = "17484F"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, kind, width in characters; hidden: there for whoever reads the file again."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 18
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: name, columns, and rows as long as the columns. Rows may come from an iterator and are read once.

    hidden: not shown before somebody asks for it; the first sheet never is.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Styles:
    """The numbers of the styles in the package."""

    header: int
    kinds: dict[Kind, int]
    tones: dict[Tone, int]
    shades: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """A sheet that stands in the package: its name and its last row."""

    name: str
    columns: int
    last_row: int
    hidden: bool


def write_workbook(target: IO[bytes], sheets: Iterable[Sheet], *, title: str, zone: str, made_at: datetime) -> None:
    """Write `sheets` to `target` as an .xlsx workbook.

    zone: IANA name in which instants are shown; made_at: aware, kept in the properties. Rows over the format's
    1,048,576 go on in a next sheet. Sheet names are cleaned and made unique. Raises ValueError for no sheet at all.
    """
    styles = _make_styles(_new_book())
    written: list[_Written] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as package:
        for sheet in sheets:
            _write_sheet(package, sheet, styles, ZoneInfo(zone), written)
        if not written:
            raise ValueError("a workbook has at least one sheet")
        for name, content in _frame(written, title, made_at):
            with package.open(_still(name), "w") as part:
                part.write(content)


def _new_book() -> "Workbook":  # type: ignore[name-defined] # noqa: F821 -- openpyxl is imported where it is used
    import openpyxl

    return openpyxl.Workbook()


def _make_styles(book: "Workbook") -> _Styles:  # type: ignore[name-defined] # noqa: F821
    """Register every style in `book` by giving it to a cell, and return its number."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    sheet = book.active
    line = Border(bottom=Side(style="thin", color="D5DDE0"))
    top = Alignment(vertical="top", wrap_text=True)

    def style(row: int, number_format: str, font: Font, fill: str | None, border: Border) -> int:
        cell = sheet.cell(row=row, column=1)
        cell.number_format, cell.font, cell.alignment, cell.border = number_format, font, top, border
        if fill:
            cell.fill = PatternFill("solid", start_color=fill)
        return int(cell.style_id)

    plain = Font(name="Calibri", size=11)
    header = style(1, "@", Font(name="Calibri", size=11, bold=True, color="FFFFFF"), HEADER, Border())
    kinds = {kind: style(2 + n, shape, plain, None, line) for n, (kind, shape) in enumerate(FORMATS.items())}
    tones = {tone: style(20 + n, "@", plain, fill, line) for n, (tone, fill) in enumerate(TONES.items())}
    whole = FORMATS[Kind.WHOLE]
    shades = tuple(style(40 + n, whole, plain, fill, line) for n, fill in enumerate(SHADE_FILLS))
    return _Styles(header, kinds, {Tone.PLAIN: kinds[Kind.TEXT], **tones}, (kinds[Kind.WHOLE], *shades))


def _write_sheet(
    package: zipfile.ZipFile, sheet: Sheet, styles: _Styles, zone: ZoneInfo, written: list[_Written]
) -> None:
    """Stream one sheet, and as many further ones as its rows need."""
    writers = [writer_of(each.kind, styles.kinds[each.kind], styles.kinds[Kind.TEXT], zone) for each in sheet.columns]
    rows = iter(sheet.rows)
    first: Sequence[Value] | None = next(rows, None)
    while True:
        name = _free_name(sheet.name, written)
        with package.open(_still(f"xl/worksheets/sheet{len(written) + 1}.xml"), "w", force_zip64=True) as part:
            part.write(_head(sheet.columns, styles.header).encode())
            own = islice(chain([first], rows), MAX_ROWS - 1) if first is not None else iter(())
            last = 1
            for chunk, number in _chunks(own, sheet.columns, writers, styles):
                part.write(chunk.encode())
                last = number
            part.write(_tail(len(sheet.columns), last).encode())
        written.append(_Written(name, len(sheet.columns), last, sheet.hidden and bool(written)))
        first = next(rows, None)
        if first is None:
            return


def _chunks(
    rows: Iterator[Sequence[Value]], headed: tuple[Column, ...], writers: list[Writer], styles: _Styles
) -> Iterator[tuple[str, int]]:
    """Yield the XML of some rows at a time with the number of the last one."""
    letters = [column_name(index) for index in range(len(writers))]
    columns = list(zip(letters, writers, (column.width for column in headed), strict=True))
    number = 1
    while some := list(islice(rows, ROWS_AT_ONCE)):
        lines = []
        for row in some:
            number += 1
            cells, height = [], 1
            for (letter, write, width), value in zip(columns, row, strict=True):
                if value is None:
                    continue
                if isinstance(value, Toned):
                    cells.append(text_cell(f"{letter}{number}", styles.tones[value.tone], value.text))
                    continue
                if isinstance(value, Shaded):
                    cells.append(number_cell(f"{letter}{number}", styles.shades[value.shade], value.number))
                    continue
                if isinstance(value, str) and (len(value) > width or "\n" in value):
                    height = max(height, _lines(value, width))
                cells.append(write(f"{letter}{number}", value))
            lines.append(f'<row r="{number}"{_height(height)}>{"".join(cells)}</row>')
        yield "".join(lines), number


def _lines(text: str, width: int) -> int:
    """Return how many lines `text` needs in a column of `width` characters."""
    return sum(-(-len(line) // width) or 1 for line in text.split("\n", MOST_LINES))


def _height(lines: int) -> str:
    # Not every program makes room for wrapped text by itself when it opens a file.
    return f' ht="{min(lines, MOST_LINES) * LINE_POINTS}" customHeight="1"' if lines > 1 else ""


_HIDDEN = ' hidden="1"'


def _head(columns: tuple[Column, ...], header: int) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{column.width}" customWidth="1"{_HIDDEN if column.hidden else ""}/>'
        for n, column in enumerate(columns, 1)
    )
    titles = "".join(text_cell(f"{column_name(n)}1", header, column.title) for n, column in enumerate(columns))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols><sheetData><row r="1">{titles}</row>'
    )


def _tail(columns: int, last_row: int) -> str:
    return (
        f'</sheetData><autoFilter ref="{_area(columns, last_row)}"/>'
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )


def _area(columns: int, last_row: int) -> str:
    return f"A1:{column_name(columns - 1)}{last_row}"


def _frame(written: list[_Written], title: str, made_at: datetime) -> Iterator[tuple[str, bytes]]:
    """Yield every part of the package but the sheets themselves, as openpyxl writes them."""
    book = _new_book()
    _make_styles(book)
    book.active.title = written[0].name
    for sheet in written[1:]:
        book.create_sheet(sheet.name)
    for page, sheet in zip(book.worksheets, written, strict=True):
        page.print_title_rows = "1:1"
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        page.auto_filter.ref = _area(sheet.columns, sheet.last_row)
    moment = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.title, book.properties.creator = title, "Waarborg"
    book.properties.created = book.properties.modified = moment
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as package:
        for name in sorted(package.namelist()):
            if name == "docProps/core.xml":
                yield name, _settle(package.read(name), moment)
            elif not name.startswith("xl/worksheets/"):
                yield name, package.read(name)


def _settle(core: bytes, moment: datetime) -> bytes:
    # openpyxl stamps the moment of saving over the one it was given.
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, core)


def _still(name: str) -> zipfile.ZipInfo:
    """Return an entry without a time, so that the same rows give the same bytes."""
    info = zipfile.ZipInfo(name, STILL)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _free_name(wanted: str, written: list[_Written]) -> str:
    """Return a sheet name the format allows and no other sheet has."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip().strip("'")[:MAX_SHEET_NAME] or "Sheet"
    taken = {sheet.name.casefold() for sheet in written}
    name, number = clean, 1
    while name.casefold() in taken:
        number += 1
        ending = f" ({number})"
        name = clean[: MAX_SHEET_NAME - len(ending)] + ending
    return name
