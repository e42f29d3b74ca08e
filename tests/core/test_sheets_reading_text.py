"""What comes out of text files with separators."""

from pathlib import Path

import pytest

from core.sheets.reading import (
    CellValue,
    Place,
    ReadLimits,
    SpreadsheetKind,
    Unreadable,
    UnreadableCode,
    read_spreadsheet,
)

SAMPLES = Path(__file__).parent.parent / "samples" / "public"


def rows(data: bytes, filename: str = "lijst.csv") -> tuple[tuple[CellValue, ...], ...]:
    found = read_spreadsheet(data, filename)
    assert found.kind is SpreadsheetKind.DELIMITED
    return found.sheets[0].rows


def refusal(data: bytes, limits: ReadLimits | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_spreadsheet(data, "lijst.csv", limits or ReadLimits())
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_accents_survive_each_encoding(encoding: str) -> None:
    assert rows("naam;plaats\nZoë;’s-Gravenhage €\n".encode(encoding)) == (
        ("naam", "plaats"),
        ("Zoë", "’s-Gravenhage €"),
    )


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_both_byte_orders_are_read(mark: bytes) -> None:
    assert rows(mark + "a;b".encode("utf-16-le" if mark == b"\xff\xfe" else "utf-16-be")) == (("a", "b"),)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_found(separator: str, newline: str) -> None:
    lines = [["naam", "kvk"], ["A", "01234567"], ["B", " 2 "]]
    data = newline.join(separator.join(line) for line in lines).encode()
    assert rows(data, "lijst.tsv") == (("naam", "kvk"), ("A", "01234567"), ("B", " 2 "))


def test_commas_in_amounts_are_no_separators() -> None:
    assert rows(b"naam;bedrag\nA;1,50\nB;2,50\n") == (("naam", "bedrag"), ("A", "1,50"), ("B", "2,50"))


def test_stated_separator_wins_and_keeps_row_numbers() -> None:
    assert rows(b"sep=|\r\na;1|b;2\r\n") == ((None, None), ("a;1", "b;2"))


def test_single_column_stays_whole() -> None:
    assert rows(b"naam\nAnna\nBram\n") == (("naam",), ("Anna",), ("Bram",))


def test_quotes_hold_line_ends_separators_and_quotes() -> None:
    assert rows(b'a;b\n"x;1\ny";"zei ""ja"""\n') == (("a", "b"), ("x;1\ny", 'zei "ja"'))


def test_empty_lines_keep_their_place_and_the_last_are_cut() -> None:
    assert rows(b"a;b\n\n;\nc;\n\n\n") == (("a", "b"), (None, None), (None, None), ("c", None))


def test_formula_text_stays_text() -> None:
    assert rows(b"=1+1;@x\n+31;-5\n") == (("=1+1", "@x"), ("+31", "-5"))


def test_nul_is_made_visible_instead_of_stored() -> None:
    assert rows(b"name,place\nJan\x00sen,Breda\n") == (("name", "place"), ("Jan\ufffdsen", "Breda"))


def test_sheet_is_named_after_the_file() -> None:
    assert read_spreadsheet(b"a;b", "C:\\map\\klanten.csv").sheets[0].name == "klanten"


@pytest.mark.parametrize(
    ("name", "height", "heading"),
    [
        ("snipeit-assets-sample.csv", 23, "Company"),
        ("snipeit-licenses-sample.csv", 51, "Full Name"),
        ("snipeit-users-sample.csv", 101, "First Name"),
    ],
)
def test_public_sample_is_read_whole(name: str, height: int, heading: str) -> None:
    found = rows((SAMPLES / name).read_bytes(), name)
    assert len(found) == height
    assert found[0][0] == heading


def test_unclosed_quote_is_refused_with_its_row() -> None:
    refused = refusal(b'a;b\nc;"d\ne;f\n')
    assert (refused.code, refused.place) == (UnreadableCode.UNCLOSED_QUOTE, Place(row=2))


def test_huge_cell_is_refused_with_its_row() -> None:
    refused = refusal(b"a;b\nc;" + b"x" * 32_768)
    assert (refused.code, refused.place.row) == (UnreadableCode.TEXT_TOO_LONG, 2)


def test_longest_cell_is_read() -> None:
    assert rows(b"c;" + b"x" * 32_767) == (("c", "x" * 32_767),)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", UnreadableCode.EMPTY, id="no bytes"),
        pytest.param(b"\xef\xbb\xbf \r\n", UnreadableCode.EMPTY, id="blank"),
        pytest.param(b";;;\n;;", UnreadableCode.EMPTY, id="separators only"),
        pytest.param(b"\x00" * 5_000, UnreadableCode.EMPTY, id="zeros"),
        pytest.param(b"x" * 2_000_000, UnreadableCode.TEXT_TOO_LONG, id="one giant line"),
        pytest.param(b"x," * 1_000_000, UnreadableCode.TOO_MANY_COLUMNS, id="one giant row"),
        pytest.param(b"abc\x81\x8d\xff", UnreadableCode.UNKNOWN_ENCODING, id="no known encoding"),
        pytest.param(b"\xff\xfea\x00b", UnreadableCode.UNKNOWN_ENCODING, id="half a character"),
        pytest.param(bytes(range(128)) * 9, UnreadableCode.NOT_A_SPREADSHEET, id="binary"),
        pytest.param(b"%PDF-1.7 a;b", UnreadableCode.NOT_A_SPREADSHEET, id="PDF"),
        pytest.param(b"<HTML><table><tr><td>1", UnreadableCode.NOT_A_SPREADSHEET, id="page"),
        pytest.param(b"a;b\n" * 50_001, UnreadableCode.TOO_MANY_ROWS, id="rows"),
    ],
)
def test_other_bytes_are_refused(data: bytes, code: UnreadableCode) -> None:

    assert refusal(data).code is code


def test_limits_on_cells_and_answer_hold_for_text() -> None:
    data = b"a;b;c\n" * 100
    assert refusal(data, ReadLimits(cells=299)).code is UnreadableCode.TOO_MANY_CELLS
    assert refusal(data, ReadLimits(reply_bytes=500)).code is UnreadableCode.TOO_MUCH_TEXT
    assert len(read_spreadsheet(data, "a.csv", ReadLimits(cells=300)).sheets[0].rows) == 100
