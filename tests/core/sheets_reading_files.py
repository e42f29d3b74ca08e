"""Workbooks made by hand, part by part, so that each can be wrong in one chosen way."""

import io
import random
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from core.sheets.reading import DEFAULT_LIMITS, ReadLimits, Unreadable, read_spreadsheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORMATS = ("General", "d-m-yyyy", "d-m-yyyy h:mm", "[h]:mm", "h:mm", '0.00" dagen"', "[Red]#,##0.00", "mmm-yy")

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
WORKBOOK = "xl/workbook.xml"
FREELY_PACKED = 5_000  # a ratio no part exceeds, where another limit is meant to answer


def sheet(inner: str) -> bytes:
    """A worksheet around sheetData and what goes beside it."""
    return f'<worksheet xmlns="{MAIN}">{inner}</worksheet>'.encode()


def cells(*markup: str) -> bytes:
    """A worksheet of one row."""
    return sheet(f'<sheetData><row r="1">{"".join(markup)}</row></sheetData>')


def parts(sheet_xml: bytes, *, texts: str = "", workbook_properties: str = "") -> dict[str, bytes]:
    """All parts of a sound workbook with one sheet; style n of a cell is FORMATS[n]."""
    formats = "".join(f"<numFmt numFmtId='{164 + n}' formatCode='{code}'/>" for n, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(FORMATS)))
    return {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _relations(f'Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"'),
        WORKBOOK: (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook_properties}'
            '<sheets><sheet name="Blad 1" sheetId="1" r:id="r1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": _relations(
            f'Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"',
            f'Id="r2" Type="{OFFICE}/styles" Target="/xl/styles.xml"',
            f'Id="r3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"',
        ),
        STYLES: (
            f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
            f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>'
        ).encode(),
        TEXTS: f'<sst xmlns="{MAIN}">{texts}</sst>'.encode(),
        SHEET: sheet_xml,
    }


def pack(content: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip the parts in their order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return file.getvalue()


def book(sheet_xml: bytes, *, texts: str = "", workbook_properties: str = "") -> bytes:
    """A sound workbook around one sheet."""
    return pack(parts(sheet_xml, texts=texts, workbook_properties=workbook_properties))


def sound() -> bytes:
    """A small workbook that reads without a remark."""
    row = '<c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c><c r="C1" s="1"><v>44562</v></c>'
    return book(cells(row), texts="<si><t>naam</t></si>")


def changed(name: str, data: bytes) -> bytes:
    """A sound workbook with one part replaced or added."""
    return pack(parts(cells("<c><v>1</v></c>")) | {name: data})


def noise(size: int) -> bytes:
    """Bytes that mean nothing and do not pack."""
    return random.Random(size).randbytes(size)  # noqa: S311 - the same noise every time


def refusal(data: bytes, limits: ReadLimits = DEFAULT_LIMITS) -> Unreadable:
    """What reading these bytes as a workbook is refused with."""
    with pytest.raises(Unreadable) as caught:
        read_spreadsheet(data, "map.xlsx", limits)
    return caught.value


def children() -> set[str]:
    """The processes this one has started and not yet waited for."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that ended meanwhile
            found.update((task / "children").read_text().split())
    return found


def with_lying_size(data: bytes, name: str, size: int, prefix: bytes) -> bytes:
    """Rewrite the unpacked size and checksum a package states for a part to those of the part's beginning."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(name)
        honest = struct.pack("<LLL", info.CRC, info.compress_size, info.file_size)
    return data.replace(honest, struct.pack("<LLL", zlib.crc32(prefix[:size]), info.compress_size, size))


def _relations(*relations: str) -> bytes:
    inner = "".join(f"<Relationship {relation}/>" for relation in relations)
    return f'<Relationships xmlns="{RELATIONS}">{inner}</Relationships>'.encode()
