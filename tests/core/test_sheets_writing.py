"""Workbooks: typed cells, text that stays text, memory that stays flat, the same rows the same bytes."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sheets import writing
from core.sheets.cells import MAX_TEXT, Kind, Shaded, Tone, Toned, column_name, text_cell, writer_of
from core.sheets.colours import SHADE_FILLS, TONES, Colours
from core.sheets.columns import Manner, column_writer, side_by_side
from core.sheets.writing import LINE_POINTS, Column, InColumns, Sheet, workbook_pieces, write_workbook

MADE = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def made(*sheets: Sheet) -> bytes:
    target = io.BytesIO()
    write_workbook(target, sheets, title="Proef", zone="Europe/Amsterdam", made_at=MADE)
    return target.getvalue()


def one_column(kind: Kind, *values: writing.Value) -> list[object]:
    data = made(Sheet("Blad", (Column("Kop", kind),), [(value,) for value in values]))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return [sheet.cell(row=2 + n, column=1).value for n in range(len(values))]


def test_each_kind_reads_back_as_its_type() -> None:
    assert one_column(Kind.TEXT, "01234567", "=1+1") == ["01234567", "=1+1"]
    assert one_column(Kind.WHOLE, 5, -3) == [5, -3]
    assert one_column(Kind.MONEY, Decimal("1250.50")) == [1250.5]
    assert one_column(Kind.DAY, date(2028, 2, 29)) == [datetime(2028, 2, 29)]  # noqa: DTZ001 -- Excel has no zones
    assert one_column(Kind.MONTH, date(2028, 2, 1)) == [datetime(2028, 2, 1)]  # noqa: DTZ001 -- as above
    assert one_column(Kind.INSTANT, MADE) == [datetime(2026, 11, 22, 11, 0)]  # noqa: DTZ001 -- Amsterdam's clock
    assert one_column(Kind.YES_NO, True, False) == [True, False]
    assert one_column(Kind.TEXT, None, Toned("Fout", Tone.BAD)) == [None, "Fout"]


def test_a_column_of_mixed_kinds_types_each_cell_by_what_it_is() -> None:
    day = datetime(2028, 2, 29)  # noqa: DTZ001 -- Excel has no zones
    told: list[writing.Value] = ["=1+1", 5, Decimal("1.5"), date(2028, 2, 29), MADE, True, None]
    assert one_column(Kind.MIXED, *told) == ["=1+1", 5, 1.5, day, datetime(2026, 11, 22, 11, 0), True, None]  # noqa: DTZ001 -- Amsterdam's clock


def test_a_sheet_that_is_written_last_may_be_shown_first() -> None:
    sheets = [Sheet(name, (Column("A"),), [(name,)] * rows, first=name == "C") for rows, name in enumerate("ABC", 1)]
    book = openpyxl.load_workbook(io.BytesIO(made(*sheets)))
    assert book.sheetnames == ["C", "A", "B"]
    assert [(one.title, one.auto_filter.ref, one["A2"].value) for one in book] == [
        ("C", "A1:A4", "C"), ("A", "A1:A2", "A"), ("B", "A1:A3", "B"),
    ]  # fmt: skip
    assert [one.print_title_rows for one in book] == ["$1:$1"] * 3
    with zipfile.ZipFile(io.BytesIO(made(*sheets))) as package:
        names = re.findall(r'localSheetId="(\d)"[^>]*>\'(\w)\'!\$1', package.read("xl/workbook.xml").decode())
    assert names == [("0", "C"), ("1", "A"), ("2", "B")]


def test_value_that_does_not_fit_its_kind_is_kept_as_text() -> None:
    assert one_column(Kind.DAY, date(1899, 1, 1), "onbekend") == ["1899-01-01", "onbekend"]
    assert one_column(Kind.WHOLE, 10**15, "veel", float("nan")) == ["1000000000000000", "veel", "nan"]


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_is_inert_and_comes_back(text: str) -> None:
    data = made(Sheet("Blad", (Column("Kop"),), [(text,)]))
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["A2"]  # type: ignore[index]
    assert cell.data_type != "f"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert re.search(rb"<f[\s>]", sheet) is None, "of a cell"
    ET.fromstring(sheet)  # noqa: S314 -- written a moment ago
    if text.isprintable() and text.strip() and "_x" not in text:
        assert cell.value == text


STYLES = {kind: number for number, kind in enumerate(Kind, 2)}


def some(kind: Kind) -> st.SearchStrategy[list[writing.Value]]:
    """Values as they come in columns of this kind, and now and then one that does not belong there."""
    text = st.text(st.characters(codec=None), max_size=30)
    days = st.dates(date(1899, 1, 1), date(2400, 1, 1))
    instants = st.datetimes(timezones=st.just(UTC))
    numbers = st.integers(-(10**15), 10**15) | st.decimals(-(10**15), 10**15) | st.floats()
    fitting: dict[Kind, st.SearchStrategy[writing.Value]] = {
        Kind.TEXT: text, Kind.DAY: days, Kind.MONTH: days, Kind.INSTANT: instants, Kind.YES_NO: st.booleans(),
    }  # fmt: skip
    odd = text | days | instants | numbers | st.booleans() | st.builds(Toned, text, st.sampled_from(Tone))
    fits = fitting.get(kind, numbers)
    return st.lists(fits | st.none(), min_size=1, max_size=8) | st.lists(fits | odd | st.none(), min_size=1, max_size=8)


@given(st.sampled_from(Kind).flatmap(lambda kind: st.tuples(st.just(kind), some(kind))))
def test_columns_written_together_hold_what_their_cells_hold_one_by_one(
    drawn: tuple[Kind, list[writing.Value]],
) -> None:
    kind, values = drawn
    zone = ZoneInfo("Europe/Amsterdam")
    numbers = [str(number) for number in range(2, 2 + len(values))]
    write = column_writer(kind, Manner("C", 18, STYLES, zone, Colours("C")))
    alone = writer_of(kind, STYLES, zone)

    def cell(number: str, value: writing.Value) -> str:
        if isinstance(value, Toned):
            return text_cell(f"C{number}", STYLES[Kind.TEXT], value.text)
        assert not isinstance(value, Shaded)
        return "" if value is None else alone(f"C{number}", value)

    together = side_by_side([*write(values, numbers, [1] * len(values)), "\n"], len(values))
    assert together == "".join(f"{cell(number, value)}\n" for number, value in zip(numbers, values, strict=True))


@given(
    st.sampled_from(["abé", "ab &", "ab\n\x07"]).flatmap(
        lambda letters: st.lists(st.text(letters, max_size=20) | st.none(), min_size=1, max_size=8)
    ),
    st.integers(1, 5),
    st.integers(1, 2),
)
def test_a_row_is_as_high_as_the_text_that_needs_most_lines(values: list[str | None], width: int, before: int) -> None:
    needed = [before] * len(values)
    write = column_writer(Kind.TEXT, Manner("C", width, STYLES, ZoneInfo("UTC"), Colours("C")))
    write(values, [str(number) for number in range(2, 2 + len(values))], needed)
    alone = [sum(max(1, -(-len(line) // width)) for line in (value or "").split("\n")) for value in values]
    assert needed == [max(before, lines) for lines in alone]


def rules_of(rows: Sequence[Sequence[writing.Value]]) -> dict[str, list[tuple[str, str]]]:
    """The rules of a sheet as openpyxl reads them: by range, what each asks and the colour it gives."""
    columns = (Column("Stand"), Column("Aantal", Kind.WHOLE))
    sheet = openpyxl.load_workbook(io.BytesIO(made(Sheet("Blad", columns, rows)))).active
    assert sheet is not None
    assert all(cell.fill.patternType is None for row in sheet.iter_rows(min_row=2) for cell in row)
    return {
        str(one.sqref): [
            (f"{rule.operator or ''} {rule.formula[0]}".strip(), str(rule.dxf.fill.bgColor.rgb)[2:])
            for rule in sorted(one.rules, key=lambda rule: rule.priority)
        ]
        for one in sheet.conditional_formatting
        if not any(rule.formula[0].startswith("ISBLANK(") for rule in one.rules)
    }


def test_an_empty_cell_has_the_line_of_the_others() -> None:
    columns = (Column("Naam"), Column("Aantal", Kind.WHOLE))
    sheet = openpyxl.load_workbook(io.BytesIO(made(Sheet("Blad", columns, [("Oven", None), (None, 3)])))).active
    assert sheet is not None
    lined = [
        (str(one.sqref), rule.formula, rule.dxf.border.bottom.style, rule.dxf.border.bottom.color.rgb)
        for one in sheet.conditional_formatting
        for rule in one.rules
    ]
    below = sheet["A2"].border.bottom
    assert lined == [("A2:B3", ["ISBLANK(A2)"], below.style, below.color.rgb)]
    empty = openpyxl.load_workbook(io.BytesIO(made(Sheet("Leeg", columns, [])))).active
    assert empty is not None
    assert not list(empty.conditional_formatting)


def test_colours_are_rules_that_follow_what_a_cell_says() -> None:
    good, bad = TONES[Tone.GOOD], TONES[Tone.BAD]
    rows: list[tuple[writing.Value, ...]] = [
        (Toned("Op orde", Tone.GOOD), Shaded(0, 0)),
        (Toned('Niet "goed" & oud', Tone.BAD), Shaded(2, 1)),
    ]
    rows += [(Toned("op orde", Tone.GOOD), Shaded(9, 4)), (None, None), (Toned("Op orde", Tone.GOOD), Shaded(3, 2))]
    assert rules_of(rows) == {
        "A2:A6": [('equal "op orde"', good), ('equal "niet ""goed"" & oud"', bad)],
        "B2:B4 B6": [
            ("greaterThanOrEqual 9", SHADE_FILLS[3]),
            ("greaterThanOrEqual 3", SHADE_FILLS[1]),
            ("greaterThanOrEqual 2", SHADE_FILLS[0]),
        ],
    }


def test_what_no_rule_can_say_is_said_of_the_cells_first() -> None:
    rows: list[tuple[writing.Value, ...]] = [
        (Toned("Op orde", Tone.GOOD), Shaded(5, 1)),
        (Toned("Op orde", Tone.WARN), Shaded(5, 4)),
    ]
    rows += [(Toned("x" * 300, Tone.BAD), None)]
    assert rules_of(rows) == {
        "A3": [("TRUE", TONES[Tone.WARN])],
        "A4": [("TRUE", TONES[Tone.BAD])],
        "A2:A4": [('equal "op orde"', TONES[Tone.GOOD])],
        "B2": [("TRUE", SHADE_FILLS[0])],
        "B3": [("TRUE", SHADE_FILLS[3])],
    }


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t=", "\r=", "'=", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]
)
def test_text_that_looks_like_a_formula_stays_text(start: str) -> None:
    data = made(Sheet("Blad", (Column("Kop"),), [(start + "1",)]))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314 -- written a moment ago
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    cell = next(c for c in sheet.iter(f"{space}c") if c.get("r") == "A2")
    assert cell.get("t") == "inlineStr"
    assert not list(sheet.iter(f"{space}f"))


def test_control_characters_and_their_lookalikes_are_written_in_the_formats_own_way() -> None:
    values = [("a\x07b",), ("_x0041_ letterlijk",), ("regel 1\nregel 2\r",), ("half \ud800",)]
    with zipfile.ZipFile(io.BytesIO(made(Sheet("Blad", (Column("Kop"),), values)))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    for told in ("a_x0007_b", "_x005F_x0041_ letterlijk", "regel 1\nregel 2_x000D_", "half \ufffd"):
        assert f">{told}</t>" in sheet


def test_too_long_text_is_cut_and_says_so() -> None:
    (value,) = one_column(Kind.TEXT, "x" * (MAX_TEXT + 5))
    assert isinstance(value, str)
    assert len(value) <= MAX_TEXT
    assert value.endswith("[+25]")


def test_rows_over_the_formats_limit_go_on_in_a_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MAX_ROWS", 11)
    data = made(Sheet("Lang", (Column("n", Kind.WHOLE),), ((n,) for n in range(25))))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Lang", "Lang (2)", "Lang (3)"]
    assert [cell.value for sheet in book for cell in sheet["A"][1:]] == list(range(25))


def test_sheet_that_grows_past_the_zip_formats_limit_goes_on_in_a_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MAX_BYTES", 2_000)
    monkeypatch.setattr(writing, "ROWS_AT_ONCE", 10)
    data = made(Sheet("Lang", (Column("n", Kind.WHOLE),), ((n,) for n in range(100))))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert len(book.sheetnames) > 2
    assert [cell.value for sheet in book for cell in sheet["A"][1:]] == list(range(100))


def test_first_piece_comes_before_any_row_and_who_stops_taking_pieces_stops_the_work() -> None:
    read, ended = [], []

    def rows() -> Iterator[tuple[int]]:
        try:
            for n in range(100_000):
                read.append(n)
                yield (n,)
        finally:
            ended.append(True)

    pieces = workbook_pieces(
        iter([Sheet("Lang", (Column("n", Kind.WHOLE),), rows())]), title="t", zone="UTC", made_at=MADE
    )
    assert next(pieces).startswith(b"PK")
    assert not read
    next(pieces)
    pieces.close()
    assert len(read) == writing.ROWS_AT_ONCE
    assert ended


def test_sheet_names_are_cleaned_and_unique() -> None:
    names = ["Bevindingen: [alles]/nu?*", "BEVINDINGEN   ALLES  NU", "'", "x" * 40, "X" * 40]
    book = openpyxl.load_workbook(io.BytesIO(made(*(Sheet(name, (Column("k"),), ()) for name in names))))
    assert len({name.casefold() for name in book.sheetnames}) == 5
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


def test_header_is_frozen_filtered_and_printed_on_each_page() -> None:
    columns = (Column("Een"), Column("Twee", Kind.DAY, 13))
    book = openpyxl.load_workbook(io.BytesIO(made(Sheet("Blad", columns, [("a", date(2026, 1, 1))]))))
    sheet = book["Blad"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["B"].width == 13
    assert sheet["A1"].font.bold
    assert sheet["B2"].number_format == "dd-mm-yyyy"


@pytest.mark.parametrize(
    ("title", "told"),
    [("Contacten – De Halm", "Contacten – De Halm"), ("R&D\n B.V.", "R&&D B.V."), ("&" * 200, "&" * 220)],
)
def test_each_printed_page_says_of_which_workbook_it_is(title: str, told: str) -> None:
    target = io.BytesIO()
    write_workbook(target, [Sheet("Blad", (Column("Kop"),), [])], title=title, zone="Europe/Amsterdam", made_at=MADE)
    part = ET.fromstring(zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml"))  # noqa: S314 -- as we wrote it
    (footer,) = (one.text or "" for one in part.iter() if one.tag.endswith("oddFooter"))
    assert footer == f"&L&A&C{told}&R&P / &N"
    assert len(footer) <= 255


def test_a_heading_is_read_whole_but_a_sentence_of_one_widens_no_column() -> None:
    columns = (Column("Geldig tot en met", Kind.DAY, 13), Column("x" * 90, width=20), Column("Kop", width=30))
    sheet = openpyxl.load_workbook(io.BytesIO(made(Sheet("Blad", columns, ()))))["Blad"]
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [21, 40, 30]
    assert sheet.row_dimensions[1].height == 3 * LINE_POINTS
    narrow = openpyxl.load_workbook(io.BytesIO(made(Sheet("Blad", (*columns[::2], Column("", width=1)), ()))))["Blad"]
    assert narrow.row_dimensions[1].height is None


def test_wrapped_text_gets_the_room_it_needs() -> None:
    rows = [("kort",), ("een zin die langer is dan de kolom breed is",), ("a\nb\nc",), ("x\n" * 500,)]
    book = openpyxl.load_workbook(io.BytesIO(made(Sheet("Blad", (Column("Kop", width=20),), rows))))
    assert [book["Blad"].row_dimensions[n].height for n in (2, 3, 4, 5)] == [None, 45, 45, 405]


def test_same_rows_give_the_same_bytes() -> None:
    sheet = ("Blad", (Column("Kop"), Column("Dag", Kind.DAY)), [("a", date(2026, 1, 1)), ("b", None)])
    assert made(Sheet(*sheet)) == made(Sheet(*sheet))


def test_row_of_the_wrong_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        made(Sheet("Blad", (Column("Kop"),), [("a", "b")]))


def test_rows_that_come_as_columns_are_written_as_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = (Column("Kop"), Column("n", Kind.WHOLE))
    rows = [(f"tekst {n}" if n % 3 else None, n) for n in range(40)]
    parts = [rows[:7], [], rows[7:8], rows[8:33], rows[33:]]
    blocks: list[list[list[writing.Value]]] = [[[text for text, _ in part], [n for _, n in part]] for part in parts]
    for most in (writing.MAX_ROWS, 11, 2):
        monkeypatch.setattr(writing, "MAX_ROWS", most)
        books = [
            openpyxl.load_workbook(io.BytesIO(made(Sheet("Blad", columns, one)))) for one in (rows, InColumns(blocks))
        ]
        by_rows, by_columns = ([list(sheet.values) for sheet in book] for book in books)
        assert by_columns == by_rows
        assert len(by_rows) == -(-40 // (most - 1))
    assert list(InColumns(blocks)) == rows


def test_columns_of_different_lengths_are_a_mistake() -> None:
    blocks: list[list[list[writing.Value]]] = [[["a", "b"], [1]], [["a"], [1, None]], []]
    for block in blocks:
        with pytest.raises(ValueError, match="not equally long"):
            made(Sheet("Blad", (Column("Kop"), Column("n", Kind.WHOLE)), InColumns([block])))


def test_column_letters() -> None:
    assert [column_name(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


MEMORY = """
import io, resource, sys
from datetime import UTC, date, datetime
from core.sheets.cells import Kind
from core.sheets.writing import Column, InColumns, Sheet, write_workbook
columns = tuple(Column(f"k{n}") for n in range(10)) + (Column("d", Kind.DAY), Column("n", Kind.WHOLE))
class Away(io.RawIOBase):
    def __init__(self): self.at = 0
    def writable(self): return True
    def seekable(self): return False
    def write(self, data): self.at += len(data); return len(data)
    def tell(self): return self.at
def rows(n):
    for i in range(n):
        yield (*[f"waarde {i} {c}" for c in range(10)], date(2026, 1, 1), i)
sheet = Sheet("Blad", columns, rows(int(sys.argv[1])))
write_workbook(Away(), [sheet], title="t", zone="UTC", made_at=datetime(2026, 1, 1, tzinfo=UTC))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(rows: int) -> int:
        done = subprocess.run([sys.executable, "-c", MEMORY, str(rows)], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert peak(40_000) - peak(2_000) < 8_000, "kilobytes of growth for twenty times the rows"
