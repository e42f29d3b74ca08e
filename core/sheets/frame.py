"""The parts of a workbook around its sheets: what it is called, which sheets there are, and the styles of cells.

Written here rather than by openpyxl, whose import costs a server process more memory than everything else in a page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.sheets.cells import Kind, column_name, escape
from core.sheets.colours import LINE, looks
from core.version import VERSION

FORMATS = {
    Kind.TEXT: "@",
    Kind.WHOLE: "#,##0",
    Kind.DECIMAL: "#,##0.00",
    Kind.MONEY: '"€" #,##0.00;[Red]-"€" #,##0.00',
    Kind.DAY: "dd-mm-yyyy",
    Kind.MONTH: "yyyy-mm",
    Kind.INSTANT: "dd-mm-yyyy hh:mm",
    Kind.YES_NO: "General",
    Kind.MIXED: "@",
}
# Formats that every program knows by number.
KNOWN_FORMATS = {"General": 0, "#,##0": 3, "#,##0.00": 4, "@": 49}
FIRST_OWN_FORMAT = 164
HEADER = "17484F"

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet that stands in the package: its name, how many columns it has, and its last row.

    first: it is shown before the others, wherever in the package it stands.
    """

    name: str
    columns: int
    last_row: int
    hidden: bool
    first: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """How cells look. fill: RRGGBB behind the text, or none; header: bold and white, without a line below.

    left: on the left side of the cell whatever it holds, as in a column of mixed kinds.
    """

    number_format: str
    fill: str | None = None
    header: bool = False
    left: bool = False


# The first style is that of every cell that names none.
STYLES = (
    Style("General"),
    Style("@", HEADER, header=True),
    *(Style(FORMATS[kind]) for kind in Kind),
    *(Style(FORMATS[kind], left=True) for kind in Kind),
)
HEADER_STYLE = STYLES.index(Style("@", HEADER, header=True))
KIND_STYLES = {kind: 2 + n for n, kind in enumerate(Kind)}
LEFT_STYLES = {kind: 2 + len(Kind) + n for n, kind in enumerate(Kind)}


def area(columns: int, last_row: int) -> str:
    """Return where the cells of a sheet stand."""
    return f"A1:{column_name(columns - 1)}{last_row}"


def parts(sheets: Sequence[Written], title: str, made_at: datetime) -> Iterator[tuple[str, str]]:
    """Yield every part of the package but the sheets themselves: its name and its content.

    made_at: aware; when the workbook says it was made.
    """
    numbers = range(1, len(sheets) + 1)
    yield "[Content_Types].xml", _types(numbers)
    yield (
        "_rels/.rels",
        _relations(
            (f"{_OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
        ),
    )
    yield "docProps/app.xml", _program()
    yield "docProps/core.xml", _properties(title, made_at)
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations(
            *((f"{_OFFICE}/relationships/worksheet", f"worksheets/sheet{number}.xml") for number in numbers),
            (f"{_OFFICE}/relationships/styles", "styles.xml"),
        ),
    )
    yield "xl/styles.xml", _styles()
    yield "xl/workbook.xml", _workbook(sheets)


def _types(numbers: range) -> str:
    named = {
        "/xl/workbook.xml": f"{_SHEET_TYPE}.sheet.main+xml",
        "/xl/styles.xml": f"{_SHEET_TYPE}.styles+xml",
        **{f"/xl/worksheets/sheet{number}.xml": f"{_SHEET_TYPE}.worksheet+xml" for number in numbers},
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in named.items())
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _program() -> str:
    return (
        f'{_XML}<Properties xmlns="{_OFFICE}/extended-properties">'
        f"<Application>Waarborg {escape(VERSION)}</Application></Properties>"
    )


def _properties(title: str, made_at: datetime) -> str:
    moment = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>Waarborg</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )


def _workbook(sheets: Sequence[Written]) -> str:
    shown = sorted(enumerate(sheets, 1), key=lambda pair: not pair[1].first)
    listed = "".join(
        f'<sheet name="{_attribute(one.name)}" sheetId="{number}" state="{"hidden" if one.hidden else "visible"}" '
        f'r:id="rId{number}"/>'
        for number, one in shown
    )
    names = "".join(_names(index, one) for index, (_number, one) in enumerate(shown))
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><workbookPr/>'
        f'<bookViews><workbookView activeTab="0"/></bookViews><sheets>{listed}</sheets>'
        f'<definedNames>{names}</definedNames><calcPr calcId="124519" fullCalcOnLoad="1"/></workbook>'
    )


def _names(index: int, one: Written) -> str:
    """Say which cells of a sheet are filtered, and that its first row is printed on each page."""
    quoted = escape("'" + one.name.replace("'", "''") + "'")
    cells = f"$A$1:${column_name(one.columns - 1)}${one.last_row}"
    return (
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{index}" hidden="1">{quoted}!{cells}</definedName>'
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{index}">{quoted}!$1:$1</definedName>'
    )


def _attribute(text: str) -> str:
    return escape(text).replace('"', "&quot;")


def _styles() -> str:
    own = sorted({one.number_format for one in STYLES}.difference(KNOWN_FORMATS))
    formats = {**KNOWN_FORMATS, **{code: FIRST_OWN_FORMAT + n for n, code in enumerate(own)}}
    fills = [None, "gray125", *dict.fromkeys(one.fill for one in STYLES if one.fill)]
    cells = "".join(_cell_style(one, formats[one.number_format], fills.index(one.fill)) for one in STYLES[1:])
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="{len(own)}">'
        + "".join(f'<numFmt numFmtId="{formats[code]}" formatCode="{_attribute(code)}"/>' for code in own)
        + '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
        '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/><family val="2"/></font></fonts>'
        f'<fills count="{len(fills)}">{"".join(map(_fill, fills))}</fills>'
        '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/>'
        f'<bottom style="thin"><color rgb="FF{LINE}"/></bottom><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(STYLES)}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        f"{cells}</cellXfs>"
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        f"{looks()}</styleSheet>"
    )


def _fill(fill: str | None) -> str:
    if fill is None or fill == "gray125":
        # The first two of every workbook, whatever stands in it.
        return f'<fill><patternFill patternType="{fill or "none"}"/></fill>'
    return f'<fill><patternFill patternType="solid"><fgColor rgb="FF{fill}"/></patternFill></fill>'


_LEFT = 'horizontal="left" '


def _cell_style(one: Style, number_format: int, fill: int) -> str:
    return (
        f'<xf numFmtId="{number_format}" fontId="{int(one.header)}" fillId="{fill}" borderId="{int(not one.header)}" '
        'xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
        f'<alignment {_LEFT if one.left else ""}vertical="top" wrapText="1"/></xf>'
    )
