"""What comes out of a workbook, cell by cell."""

# ruff: noqa: DTZ001 - moments in a spreadsheet have no zone

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.sheets.reading import CellNote, NoteKind, SheetRows, SpreadsheetKind, read_spreadsheet
from tests.core.sheets_reading_files import TEXTS, WORKBOOK, book, cells, pack, parts, sheet, sound

SAMPLES = Path(__file__).parent.parent / "samples"


def first_sheet(data: bytes) -> SheetRows:
    return read_spreadsheet(data, "map.xlsx").sheets[0]


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        pytest.param('<c r="A1"><v>8470054.0</v></c>', 8470054, id="whole number"),
        pytest.param('<c r="A1" t="n"><v>-12</v></c>', -12, id="negative number"),
        pytest.param('<c r="A1"><v>1E3</v></c>', 1000, id="exponent"),
        pytest.param('<c r="A1"><v>49.5</v></c>', 49.5, id="fraction"),
        pytest.param('<c r="A1"><v>12345678901234567890</v></c>', 12345678901234567890.0, id="past fifteen digits"),
        pytest.param('<c r="A1"><v>0.21</v></c>', 0.21, id="percentage"),
        pytest.param('<c r="A1"><v>44562</v></c>', 44562, id="bare number that might be a day"),
        pytest.param('<c r="A1" s="1"><v>44562</v></c>', date(2022, 1, 1), id="day"),
        pytest.param('<c r="A1" s="1"><v>44562.75</v></c>', datetime(2022, 1, 1, 18), id="time under a day format"),
        pytest.param('<c r="A1" s="2"><v>44562</v></c>', datetime(2022, 1, 1), id="midnight under a time format"),
        pytest.param('<c r="A1" s="2"><v>44562.99999999</v></c>', datetime(2022, 1, 2), id="rounded to the second"),
        pytest.param('<c r="A1" s="1"><v>1</v></c>', date(1900, 1, 1), id="first day"),
        pytest.param('<c r="A1" s="1"><v>59</v></c>', date(1900, 2, 28), id="day before the false leap day"),
        pytest.param('<c r="A1" s="1"><v>61</v></c>', date(1900, 3, 1), id="day after the false leap day"),
        pytest.param('<c r="A1" s="1"><v>2958465</v></c>', date(9999, 12, 31), id="last day"),
        pytest.param('<c r="A1" s="3"><v>1.5</v></c>', 1.5, id="elapsed hours"),
        pytest.param('<c r="A1" s="4"><v>0.75</v></c>', time(18), id="time of day"),
        pytest.param('<c r="A1" s="5"><v>12</v></c>', 12, id="letters of a day inside quoted text"),
        pytest.param('<c r="A1" s="6"><v>12</v></c>', 12, id="letters of a day inside a colour"),
        pytest.param('<c r="A1" s="7"><v>44562</v></c>', date(2022, 1, 1), id="month"),
        pytest.param('<c r="A1" t="d"><v>2024-01-02</v></c>', date(2024, 1, 2), id="ISO day"),
        pytest.param('<c r="A1" t="d"><v>2024-01-02T03:04:05Z</v></c>', datetime(2024, 1, 2, 3, 4, 5), id="ISO time"),
        pytest.param('<c r="A1" t="b"><v>1</v></c>', True, id="true"),
        pytest.param('<c r="A1" t="b"><v>0</v></c>', False, id="false"),
        pytest.param('<c r="A1" t="str"><f>B1</f><v>=1+1</v></c>', "=1+1", id="text that looks like a formula"),
        pytest.param('<c r="A1"><f>1+1</f><v>2</v></c>', 2, id="formula"),
        pytest.param('<c r="A1" t="inlineStr"><is><t>@x</t></is></c>', "@x", id="at sign"),
        pytest.param('<c r="A1" t="inlineStr"><is><t> 007 </t></is></c>', " 007 ", id="spaces and leading zeros"),
        pytest.param('<c r="A1" t="inlineStr"><is><t>a_x000D_\nb</t></is></c>', "a\r\nb", id="escaped character"),
        pytest.param('<c r="A1" t="inlineStr"><is><t>a_x0000_b_xD800_</t></is></c>', "a\ufffdb\ufffd", id="unstorable"),
        pytest.param(
            '<c r="A1" t="inlineStr"><is><r><t>ri</t></r><r><t>jk</t></r><rPh><t>no</t></rPh></is></c>',
            "rijk",
            id="rich text",
        ),
    ],
)
def test_cell_comes_out_as_typed(markup: str, value: object) -> None:
    found = first_sheet(book(cells(markup)))
    assert found.rows == ((value,),)
    assert type(found.rows[0][0]) is type(value)
    assert found.notes == ()


@pytest.mark.parametrize(
    ("markup", "value", "kind", "text"),
    [
        ('<c r="B1"><f>Reserve-pc</f><v></v></c>', None, NoteKind.FORMULA_WITHOUT_VALUE, "=Reserve-pc"),
        ('<c r="B1" t="e"><v>#REF!</v></c>', None, NoteKind.ERROR_VALUE, "#REF!"),
        ('<c r="B1"><v>1_000</v></c>', None, NoteKind.UNREADABLE_NUMBER, "1_000"),
        ('<c r="B1"><v>1e999</v></c>', None, NoteKind.UNREADABLE_NUMBER, "1e999"),
        ('<c r="B1" s="1"><v>60</v></c>', 60, NoteKind.NOT_A_DAY, "60"),
        ('<c r="B1" s="1"><v>-5</v></c>', -5, NoteKind.NOT_A_DAY, "-5"),
        ('<c r="B1" s="1"><v>2958466</v></c>', 2958466, NoteKind.NOT_A_DAY, "2958466"),
    ],
)
def test_cell_that_cannot_be_used_is_noted(markup: str, value: object, kind: NoteKind, text: str) -> None:
    found = first_sheet(book(cells(markup)))
    assert found.rows == ((None, value),)
    assert found.notes == (CellNote(1, 2, kind, text),)


def test_days_of_the_1904_system_are_four_years_later() -> None:
    data = book(cells('<c r="A1" s="1"><v>44562</v></c>'), workbook_properties='<workbookPr date1904="1"/>')
    assert first_sheet(data).rows == ((date(2026, 1, 2),),)


def test_sheet_that_lies_about_its_size_loses_no_row() -> None:
    rows = "".join(f'<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>' for n in range(1, 4))
    found = first_sheet(book(sheet(f'<dimension ref="A1:A1"/><sheetData>{rows}</sheetData>')))
    assert found.rows == ((None, 1), (None, 2), (None, 3))


def test_rows_keep_their_numbers_and_empty_edges_are_cut() -> None:
    rows = '<row r="3"><c r="C3"><v>1</v></c><c r="XFD3" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    assert first_sheet(book(sheet(f"<sheetData>{rows}</sheetData>"))).rows == (
        (None,) * 3,
        (None,) * 3,
        (None, None, 1),
    )


def test_cells_without_addresses_follow_each_other() -> None:
    rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>"
    assert first_sheet(book(sheet(f"<sheetData>{rows}</sheetData>"))).rows == ((1, None, 3), (4, None, None))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_sheet_in_any_encoding_is_read(encoding: str) -> None:
    declared = "utf-16" if encoding.startswith("utf-16") else "utf-8"
    text = f'<?xml version="1.0" encoding="{declared}"?>{cells("<c><v>5</v></c>").decode()}'
    assert first_sheet(book(text.encode(encoding))).rows == ((5,),)


def test_elements_with_a_prefix_are_read_and_foreign_ones_are_not() -> None:
    text = cells('<c><v>5</v></c><o:c xmlns:o="other"><v>6</v></o:c>').decode()
    for tag in ("worksheet", "sheetData", "row", "c", "v"):
        text = text.replace(f"<{tag}", f"<x:{tag}").replace(f"</{tag}>", f"</x:{tag}>")
    assert first_sheet(book(text.replace("xmlns=", "xmlns:x=").encode())).rows == ((5,),)


def test_hidden_sheets_are_marked_and_charts_left_out() -> None:
    content = parts(cells("<c><v>5</v></c>"))
    content[WORKBOOK] = content[WORKBOOK].replace(
        b"</sheets>", b'<sheet name="x" r:id="r1" state="hidden"/><sheet name="chart" r:id="r2"/></sheets>'
    )
    found = read_spreadsheet(pack(content), "map.xlsm").sheets
    assert [(one.name, one.hidden) for one in found] == [("Blad 1", False), ("x", True)]


def test_workbook_without_shared_texts_is_read_until_a_cell_needs_one() -> None:
    content = parts(cells("<c><v>5</v></c>"))
    del content[TEXTS]
    assert first_sheet(pack(content)).rows == ((5,),)


def test_workbook_is_known_by_its_bytes_and_not_by_its_name() -> None:
    found = read_spreadsheet(sound(), "\ud800 lijst\x00.csv")
    assert found.kind is SpreadsheetKind.WORKBOOK
    assert found.sheets[0].rows == (("naam", 7, date(2022, 1, 1)),)


def test_sample_inventory_keeps_every_row_and_every_oddity() -> None:
    name = "inventaris-bakkerij-de-halm"
    found = {one.name: one for one in read_spreadsheet((SAMPLES / f"{name}.xlsx").read_bytes(), f"{name}.xlsx").sheets}
    expected: dict[str, dict[str, Any]] = json.loads((SAMPLES / f"{name}.expected.json").read_text("utf-8"))
    assert {title: len(one.rows) - 3 for title, one in found.items()} == {
        title: sheet["rows"] for title, sheet in expected.items()
    }
    computers = found["PC's"]
    assert computers.rows[3][3] == date(2021, 3, 14)
    assert computers.rows[9] == (
        "Laptop bezorging ",
        " Lenovo ThinkPad L14 ",
        "PF3ABCDE",
        "31-02-2023",
        "Bezorging",
        "Mo Yildiz",
    )
    assert computers.rows[10] == (None, "+ losse onderdelen", "@onbekend", 44562, "Magazijn", "-")
    assert computers.notes == (CellNote(11, 1, NoteKind.FORMULA_WITHOUT_VALUE, "=Reserve-pc"),)


def test_sample_client_list_keeps_numbers_whole_and_zeros_leading() -> None:
    found = first_sheet((SAMPLES / "klantenlijst-netvast.xlsx").read_bytes())
    assert len(found.rows) == 62
    assert found.rows[2] == ("Garage Groen", 8470054, None, "Office 365", 49.5, "1-1-20")
    assert found.rows[8][1] == "01235465"


def test_reading_agrees_with_an_independent_reader() -> None:
    path = SAMPLES / "inventaris-bakkerij-de-halm.xlsx"
    others = openpyxl.load_workbook(path, data_only=True)
    for one in read_spreadsheet(path.read_bytes(), path.name).sheets:
        values = [[_comparable(value) for value in row] for row in others[one.name].iter_rows(values_only=True)]
        assert [[_comparable(value) for value in row] for row in one.rows] == values


def _comparable(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


def test_several_threads_read_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(first_sheet, [sound()] * 8))
    assert [one.rows for one in found] == [(("naam", 7, date(2022, 1, 1)),)] * 8
