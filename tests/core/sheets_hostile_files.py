"""Files that somebody means harm by, or that are only strange, and what is to become of each."""

import io
import zipfile
from collections.abc import Callable
from typing import Final

from core.sheets.reading import UnreadableCode as Code
from tests.core.sheets_reading_files import (
    OFFICE,
    RELATIONS,
    SHEET,
    STYLES,
    TEXTS,
    WORKBOOK,
    book,
    cells,
    changed,
    pack,
    parts,
    sheet,
    sound,
    with_lying_size,
)

ROW: Final = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>naam {0}</t></is></c></row>'
TABLE: Final = f"<sheetData>{''.join(map(ROW.format, (1, 2, 3)))}</sheetData>"
BOMB: Final = "<!DOCTYPE x [<!ENTITY a \"haha\">" + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def bombed(part: str) -> bytes:
    """A workbook with entities that unfold to much in one of its parts."""
    return changed(part, f'<?xml version="1.0"?>{BOMB}]><x>&i;</x>'.encode())


def nested() -> bytes:
    """A workbook with packages in packages in it, each of which unpacks to a hundred times its size."""
    inner = b"\0" * 3_000_000
    for _ in range(4):
        inner = pack({f"{n}.zip": inner for n in range(8)})
    return changed("xl/embeddings/a.zip", inner)


def unpacking_far() -> bytes:
    """A workbook whose sheet says to unpack to gigabytes, and a megabyte of it is there."""
    whole = sheet(TABLE + " " * 1_000_000)
    return with_lying_size(changed(SHEET, whole), SHEET, 10 * 2**30 % 2**32, whole)


def unpacked_for_real(megabytes: int = 1_500) -> bytes:
    """A workbook whose sheet unpacks to this much, packed as tightly as can be."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts(sheet(TABLE)).items():
            if name != SHEET:
                archive.writestr(name, content)
        with archive.open(SHEET, "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(b" " * 1_000_000)
    return file.getvalue()


def numbered(style: str, value: str = "44562") -> bytes:
    """A workbook of one number under a style."""
    return book(cells(f'<c r="A1" s="{style}"><v>{value}</v></c>'))


def beside(name: str, content: bytes = b"x") -> bytes:
    """A sound workbook with one more part."""
    file = io.BytesIO(sound())
    with zipfile.ZipFile(file, "a") as archive:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        archive.writestr(info, content)
    return file.getvalue()


def leading_out() -> bytes:
    """A workbook whose relations lead to files of the machine, and to other workbooks."""
    relations = (
        f'<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r8" Type="{OFFICE}/externalLink" TargetMode="External" Target="file:///etc/passwd"/>'
        f'<Relationship Id="r9" Type="{OFFICE}/sharedStrings" TargetMode="External" Target="file:///etc/passwd"/>'
        "</Relationships>"
    )
    return changed("xl/_rels/workbook.xml.rels", relations.encode())


def sheet_elsewhere() -> bytes:
    """A workbook whose only sheet is a file of the machine."""
    relation = f'<Relationship Id="r1" Type="{OFFICE}/worksheet" TargetMode="External" Target="file:///etc/passwd"/>'
    return changed(
        "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'.encode()
    )


def hidden_sheets() -> bytes:
    """A workbook of which no sheet is shown."""
    content = parts(sheet(TABLE))
    content[WORKBOOK] = content[WORKBOOK].replace(b'sheetId="1"', b'sheetId="1" state="veryHidden"')
    return pack(content)


def with_macros() -> bytes:
    """A workbook that brings a program along."""
    return changed("xl/vbaProject.bin", COMPOUND)


def wide(columns: int) -> bytes:
    """A workbook of a few rows, as wide as asked."""
    row = "".join("<c><v>1</v></c>" for _ in range(columns))
    return book(sheet(f'<sheetData><row r="1">{row}</row><row r="2">{row}</row></sheetData>'))


def declared_far() -> bytes:
    """A workbook that declares a row more than there can be, and holds three."""
    return book(sheet('<dimension ref="A1:XFD1048577"/>' + TABLE))


def days(epoch: str = "") -> bytes:
    """A workbook of numbers under a day's format: before the calendar, on the day that never was, past its end."""
    values = ("0", "60", "-1", "1", "2958465", "2958466", "1e308", "NaN")
    row = "".join(f'<c s="1"><v>{value}</v></c>' for value in values)
    return book(cells(row), workbook_properties=epoch)


def formulas() -> bytes:
    """A workbook of formulas with their last value, without one, and with one of a wrong kind."""
    return book(
        cells(
            '<c t="str"><f>WEBSERVICE("http://x.example/")</f><v>naam</v></c>',
            "<c><f>1+1</f><v>2</v></c>",
            "<c><f>NOW()</f></c>",
            '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
            "<c><f>[1]Blad1!A1</f><v>9</v></c>",
        )
    )


# The name it is sent under, how it is made, and why it is refused: None where it is read.
FILES: Final[dict[str, tuple[str, Callable[[], bytes], Code | None]]] = {
    "gigabytes that are not there": ("a.xlsx", unpacking_far, Code.DAMAGED),
    "gigabytes that are there": ("a.xlsx", unpacked_for_real, Code.UNPACKED_TOO_LARGE),
    "packages in packages": ("a.xlsx", nested, None),
    **{
        f"entities in {part}": ("a.xlsx", lambda part=part: bombed(part), Code.DOCTYPE)  # type: ignore[misc]
        for part in (SHEET, TEXTS, STYLES, WORKBOOK, "_rels/.rels", "xl/_rels/workbook.xml.rels", "[Content_Types].xml")
    },
    "16384 columns": ("a.xlsx", lambda: wide(16_384), Code.TOO_MANY_COLUMNS),
    "a cell of 45 MB": (
        "a.xlsx",
        lambda: book(cells(f'<c t="inlineStr"><is><t>{"x" * 45_000_000}</t></is></c>')),
        Code.UNPACKED_TOO_LARGE,
    ),
    "a cell of 1 MB": (
        "a.xlsx",
        lambda: book(cells(f'<c t="inlineStr"><is><t>{"x" * 1_000_000}</t></is></c>')),
        Code.TEXT_TOO_LONG,
    ),
    "1048577 rows declared": ("a.xlsx", declared_far, None),
    "a style before the first": ("a.xlsx", lambda: numbered("-1"), None),
    "a style past the last": ("a.xlsx", lambda: numbered("99999999999999999999"), None),
    "a style that is none": ("a.xlsx", lambda: numbered("x"), None),
    "strange days": ("a.xlsx", days, None),
    "strange days since 1904": ("a.xlsx", lambda: days('<workbookPr date1904="1"/>'), None),
    "formulas": ("a.xlsx", formulas, None),
    "relations that lead out": ("a.xlsx", leading_out, None),
    "a sheet that lies elsewhere": ("a.xlsx", sheet_elsewhere, Code.DAMAGED),
    "under a password": ("a.xlsx", lambda: COMPOUND + "EncryptedPackage".encode("utf-16-le"), Code.ENCRYPTED),
    "xls under another name": ("a.xlsx", lambda: COMPOUND + "Workbook".encode("utf-16-le"), Code.OLD_EXCEL),
    "ods under another name": (
        "a.xlsx",
        lambda: pack({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}),
        Code.OPEN_DOCUMENT,
    ),
    "with a program": ("a.xlsm", with_macros, None),
    "nothing shown": ("a.xlsx", hidden_sheets, None),
    "a part outside": ("a.xlsx", lambda: beside("/etc/passwd"), Code.DAMAGED),
    "a part above": ("a.xlsx", lambda: beside("../../evil"), Code.DAMAGED),
    "wide text": ("a.csv", lambda: "naam;plaats\nZoë;Gouda\n".encode("utf-16"), None),
    "text of old Windows": ("a.csv", lambda: "naam;prijs\nZoë;€ 5\n".encode("cp1252"), None),
    "text with a NUL": ("a.csv", lambda: b"naam;plaats\nZ\x00e;Gouda\n", None),
    "one endless line": ("a.csv", lambda: b"x" * 9_900_000, Code.TEXT_TOO_LONG),
    "one endless row": ("a.csv", lambda: b"x;" * 4_900_000, Code.TOO_MANY_COLUMNS),
    "headings twice": ("a.csv", lambda: b"naam;naam;naam\n1;2;3\n", None),
    "workbook under the name of a text": ("a.csv", sound, None),
    "past the limit": ("a.csv", lambda: b"x;y\n" * 2_500_010, Code.TOO_LARGE),
}
