"""Workbooks made to hurt: each gets a typed refusal, and leaves no process and no file behind."""

import io
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.sheets.reading import DEFAULT_LIMITS, Place, ReadLimits, UnreadableCode, read_spreadsheet
from tests.core.sheets_reading_files import (
    FREELY_PACKED,
    MAIN,
    SHEET,
    STYLES,
    TEXTS,
    WORKBOOK,
    book,
    cells,
    changed,
    children,
    noise,
    pack,
    parts,
    refusal,
    sheet,
    sound,
    with_lying_size,
)

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000


@pytest.fixture(autouse=True)
def _leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = children()
    yield
    assert children() <= before
    assert list(tmp_path.iterdir()) == []


def with_entry(name: str, mode: int = 0) -> bytes:
    """A sound workbook with one more entry of the given name and file mode."""
    file = io.BytesIO(sound())
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    info.external_attr = mode << 16
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(info, b"x")
    return file.getvalue()


# --- what is no workbook --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", UnreadableCode.EMPTY, id="no bytes"),
        pytest.param(book(sheet("<sheetData/>")), UnreadableCode.EMPTY, id="no cells"),
        pytest.param(noise(5_000), UnreadableCode.NOT_A_SPREADSHEET, id="noise"),
        pytest.param(b"<html><table><tr><td>1</td></tr></table></html>", UnreadableCode.NOT_A_SPREADSHEET, id="page"),
        pytest.param(b"\xff\xfe" + "<html>".encode("utf-16-le"), UnreadableCode.NOT_A_SPREADSHEET, id="wide page"),
        pytest.param(b"naam;kvk\n", UnreadableCode.NOT_A_SPREADSHEET, id="text under a workbook's name"),
        pytest.param(pack({}), UnreadableCode.NOT_A_SPREADSHEET, id="empty package"),
        pytest.param(pack({"map.xlsx": sound()}), UnreadableCode.NOT_A_SPREADSHEET, id="workbook in a package"),
        pytest.param(changed(WORKBOOK, b"<document/>"), UnreadableCode.NOT_A_SPREADSHEET, id="other document"),
        pytest.param(COMPOUND + "Workbook".encode("utf-16-le"), UnreadableCode.OLD_EXCEL, id="xls"),
        pytest.param(COMPOUND + "EncryptedPackage".encode("utf-16-le"), UnreadableCode.ENCRYPTED, id="password"),
        pytest.param(pack({"mimetype": b"x", "content.xml": b"<x/>"}), UnreadableCode.OPEN_DOCUMENT, id="ods"),
        pytest.param(
            pack({"_rels/.rels": b'<R><Relationship Id="a" Type="/officeDocument" Target="xl/workbook.bin"/></R>'}),
            UnreadableCode.BINARY_EXCEL,
            id="xlsb",
        ),
    ],
)
def test_other_files_are_refused_by_what_they_are(data: bytes, code: UnreadableCode) -> None:
    assert refusal(data).code is code


# --- the package ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 4, 30, 200, 600, 1_000, -1, -22])
def test_truncated_workbook_is_refused(size: int) -> None:
    assert refusal(sound()[:size]).code in (UnreadableCode.DAMAGED, UnreadableCode.NOT_A_SPREADSHEET)


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        pytest.param(changed("xl/media/a.bin", b"\0" * 60_000_000), DEFAULT_LIMITS, id="ratio"),
        pytest.param(changed(SHEET, b" " * 60_000_000), ReadLimits(part_ratio=FREELY_PACKED), id="one part"),
        pytest.param(
            pack(parts(cells()) | {f"xl/media/{n}": noise(300_000) for n in range(4)}),
            ReadLimits(unpacked_bytes=1_000_000),
            id="all parts together",
        ),
    ],
)
def test_package_that_unpacks_too_far_is_refused(data: bytes, limits: ReadLimits) -> None:
    assert refusal(data, limits).code is UnreadableCode.UNPACKED_TOO_LARGE


def test_part_that_understates_its_size_is_not_read_past_it() -> None:
    bomb = b"<worksheet/>" + b" " * 5_000_000
    lying = with_lying_size(changed(SHEET, bomb), SHEET, 12, bomb)
    assert refusal(changed(SHEET, bomb)).code is UnreadableCode.UNPACKED_TOO_LARGE
    assert refusal(lying).code is UnreadableCode.EMPTY


def test_part_that_overstates_its_size_is_refused() -> None:
    whole = cells("<c><v>1</v></c>")
    data = changed(SHEET, whole)
    lying = with_lying_size(data, SHEET, len(whole) + 9, whole)
    assert lying != data
    assert refusal(lying).place == Place(part=SHEET)


def test_package_of_too_many_parts_is_refused() -> None:
    content = parts(cells()) | {f"xl/media/{n}": b"" for n in range(2_000)}
    assert refusal(pack(content)).code is UnreadableCode.TOO_MANY_PARTS


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_cannot_be_bounded_is_refused(method: int) -> None:
    assert refusal(pack(parts(cells("<c><v>1</v></c>")), method)).code is UnreadableCode.DAMAGED


def test_encrypted_part_is_refused() -> None:
    data = bytearray(sound())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)).code is UnreadableCode.ENCRYPTED


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "xl/../../evil", "xl//a", "C:evil", "xl\\a", "a\nb", "XL/Workbook.XML", "./a"]
)
def test_misleading_part_name_is_refused(name: str) -> None:
    refused = refusal(with_entry(name))
    assert (refused.code, refused.place) == (UnreadableCode.DAMAGED, Place(part=name))


def test_link_in_a_package_is_refused() -> None:
    assert refusal(with_entry("xl/link", stat.S_IFLNK | 0o777)).code is UnreadableCode.DAMAGED


def test_folders_and_embedded_packages_do_no_harm() -> None:
    content = parts(cells("<c><v>1</v></c>")) | {"xl/": b"", "xl/embeddings/a.docx": sound()}
    assert read_spreadsheet(pack(content), "map.xlsx").sheets[0].rows == ((1,),)


# --- markup ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["_rels/.rels", WORKBOOK, SHEET, STYLES, TEXTS, "docProps/core.xml", "xl/media/a.svg"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32-be"])
def test_document_type_is_refused_in_every_part_and_encoding(part: str, encoding: str) -> None:
    text = parts(cells()).get(part, b"<x/>").decode()
    declared = encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    data = f'<?xml version="1.0" encoding="{declared}"?><!DOCTYPE x SYSTEM "file:///etc/passwd">{text}'
    refused = refusal(changed(part, data.encode(encoding)))
    assert (refused.code, refused.place) == (UnreadableCode.DOCTYPE, Place(part=part))


@pytest.mark.parametrize("before", [1024 * 1024 - 4, 1024 * 1024, 2 * 1024 * 1024 - 1])
def test_document_type_across_pieces_is_found(before: int) -> None:
    padding = noise(before // 2).hex().encode().ljust(before, b"0")
    assert refusal(changed("docProps/x.xml", padding + b"<!DOCTYPE x>")).code is UnreadableCode.DOCTYPE


def test_expanding_entities_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    data = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><worksheet>&e11;</worksheet>'
    assert refusal(changed(SHEET, data.encode())).code is UnreadableCode.DOCTYPE


@pytest.mark.parametrize("name", [SHEET, STYLES, TEXTS, WORKBOOK, "_rels/.rels", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize(
    "data", [b"", b"<a>", b"<a/><b/>", b"<a>&b;</a>", noise(900), b"<?xml version='1.0' encoding='x'?><a/>"]
)
def test_part_that_is_no_markup_is_refused_by_name(name: str, data: bytes) -> None:
    refused = refusal(changed(name, data))
    assert (refused.code, refused.place) == (UnreadableCode.DAMAGED, Place(part=name))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param(SHEET, sheet('<sheetData><row r="2"/><row r="1"/></sheetData>'), id="rows out of order"),
        pytest.param(SHEET, sheet('<sheetData><row r="1048577"/></sheetData>'), id="row past the last"),
        pytest.param(SHEET, sheet('<sheetData><row r="-1"/></sheetData>'), id="negative row"),
        pytest.param(SHEET, sheet("<sheetData><c><v>1</v></c></sheetData>"), id="cell outside a row"),
        pytest.param(SHEET, cells('<c r="B1"/><c r="A1"/>'), id="cells out of order"),
        pytest.param(SHEET, cells('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>'), id="cell twice"),
        pytest.param(SHEET, cells('<c r="A2"/>'), id="cell of another row"),
        pytest.param(SHEET, cells('<c r="XFE1"/>'), id="column past the last"),
        pytest.param(SHEET, cells('<c r="1"/>'), id="no column"),
        pytest.param(SHEET, cells('<c r="é1"/>'), id="foreign letter"),
        pytest.param(SHEET, cells('<c t="s"><v>0</v></c>'), id="text that is not there"),
        pytest.param(SHEET, cells('<c t="s"><v>-1</v></c>'), id="text before the first"),
        pytest.param(SHEET, cells('<c t="zz"><v>1</v></c>'), id="unknown type"),
        pytest.param(SHEET, b"<chartsheet/>", id="chart in place of a sheet"),
        pytest.param(
            WORKBOOK, f'<workbook xmlns="{MAIN}"><sheets><sheet id="r9"/></sheets></workbook>'.encode(), id="no sheet"
        ),
    ],
)
def test_impossible_workbook_is_refused(name: str, data: bytes) -> None:
    assert refusal(changed(name, data)).code is UnreadableCode.DAMAGED


# --- size -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "code", "row", "column"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', UnreadableCode.TOO_MANY_ROWS, 1_048_576, 16_384),
        ('<row r="50001"><c r="A50001" t="e"><v>#REF!</v></c></row>', UnreadableCode.TOO_MANY_ROWS, 50_001, 1),
        ('<row r="2"><c r="XFD2"><v>1</v></c></row>', UnreadableCode.TOO_MANY_COLUMNS, 2, 16_384),
    ],
)
def test_lone_cell_far_away_is_refused_and_pointed_at(cell: str, code: UnreadableCode, row: int, column: int) -> None:
    refused = refusal(book(sheet(f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>{cell}</sheetData>')))
    assert (refused.code, refused.place) == (code, Place(SHEET, "Blad 1", row, column))


def test_last_allowed_cell_is_read() -> None:
    data = book(sheet('<sheetData><row r="50000"><c r="A50000"><v>1</v></c></row></sheetData>'))
    assert len(read_spreadsheet(data, "map.xlsx").sheets[0].rows) == 50_000


def test_grid_of_mostly_nothing_is_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="KN{n}"><v>1</v></c></row>' for n in range(1, 7_000))
    assert refusal(book(sheet(f"<sheetData>{rows}</sheetData>"))).code is UnreadableCode.TOO_MANY_CELLS


def test_too_many_sheets_are_refused() -> None:
    entries = '<sheet name="x" r:id="r1"/>' * 201
    content = parts(cells("<c><v>1</v></c>"))
    content[WORKBOOK] = content[WORKBOOK].replace(b"</sheets>", entries.encode() + b"</sheets>")
    assert refusal(pack(content)).code is UnreadableCode.TOO_MANY_SHEETS


@pytest.mark.parametrize("markup", ["<cellXfs>{}</cellXfs>", "<numFmts>{}</numFmts>", "<dxfs>{}</dxfs>"])
def test_styles_without_end_are_refused(markup: str) -> None:
    many = "<xf/><numFmt/>" * 70_000
    data = f'<styleSheet xmlns="{MAIN}">{markup.format(many)}</styleSheet>'.encode()
    assert refusal(changed(STYLES, data)).code is UnreadableCode.TOO_MANY_STYLES


def test_one_text_used_everywhere_is_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3_000))
    data = book(sheet(f"<sheetData>{rows}</sheetData>"), texts=f"<si><t>{'x' * 32_767}</t></si>")
    assert refusal(data).code is UnreadableCode.TOO_MUCH_TEXT


def test_too_long_text_is_refused_wherever_it_stands() -> None:
    text = "x" * 32_768
    assert refusal(book(cells("<c/>"), texts=f"<si><t>{text}</t></si>")).code is UnreadableCode.TEXT_TOO_LONG
    inline = refusal(book(cells(f'<c t="inlineStr"><is><t>{text}</t></is></c>')))
    assert (inline.code, inline.place.row, inline.place.column) == (UnreadableCode.TEXT_TOO_LONG, 1, 1)


def test_shared_texts_without_end_are_refused() -> None:
    data = book(cells("<c><v>1</v></c>"), texts="<si/>" * 2_001)
    assert refusal(data, ReadLimits(cells=2_000)).code is UnreadableCode.TOO_MANY_CELLS


def test_file_past_the_limit_is_refused_unopened() -> None:
    assert refusal(sound(), ReadLimits(file_bytes=100)).code is UnreadableCode.TOO_LARGE
