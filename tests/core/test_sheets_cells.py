"""Cells at their edges: the longest text, the first day, the last digit, the lightest shade."""

import html
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sheets.cells import (
    MAX_COLUMNS,
    MAX_TEXT,
    Kind,
    escape,
    shaded,
    stands_as_it_is,
    text_cell,
    writer_of,
)
from core.sheets.writing import Column, Sheet, write_workbook

MADE = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
STYLES = {kind: number for number, kind in enumerate(Kind)}
PLAIN = STYLES[Kind.TEXT]


def cell(kind: Kind, value: object) -> ET.Element:
    told = writer_of(kind, STYLES, AMSTERDAM)("A1", value)  # type: ignore[arg-type]
    return ET.fromstring(told)  # noqa: S314 -- our own


def number(kind: Kind, value: object) -> str | None:
    """Return what a cell holds as a number; None when it is text instead."""
    found = cell(kind, value)
    assert found.get("s") == str(PLAIN if found.get("t") == "inlineStr" else STYLES[kind])
    return None if found.get("t") == "inlineStr" else found.findtext("v")


def test_the_limits_are_those_of_the_format() -> None:
    """As Microsoft lists them under "Excel specifications and limits"."""
    assert (MAX_TEXT, MAX_COLUMNS) == (32_767, 16_384)


@pytest.mark.parametrize(("sign", "most"), [("a", 32_767), ("&", 32_767), ("é", 32_767), ("🗝", 16_383)])
def test_the_longest_text_is_whole_and_one_more_is_cut_to_as_long(sign: str, most: int) -> None:
    """A spreadsheet counts what UTF-16 writes, where a key takes two; it repairs a file with a longer text."""
    whole, cut = html.unescape(escape(sign * most)), html.unescape(escape(sign * (most + 1)))
    assert whole == sign * most
    kept, _, told = cut.partition("…")
    assert len(cut.encode("utf-16-le")) // 2 in range(32_750, 32_768)
    assert told == f" [+{most + 1 - len(kept)}]"
    assert set(kept) == {sign}


def test_a_cut_splits_no_character() -> None:
    cut = html.unescape(escape("a" + "🗝" * 20_000))
    kept, _, told = cut.partition("…")
    assert set(kept) == {"a", "🗝"}
    assert told == f" [+{20_001 - len(kept)}]"


@given(st.text(st.sampled_from("ax_X0aF5&<>\x07\x0b\n\r\t\ud800\ufffe=")))
def test_text_that_is_said_to_stand_as_it_is_does(text: str) -> None:
    if stands_as_it_is(text):
        assert escape(text) == text


@pytest.mark.parametrize("text", ["a&b", "a<b", "a>b", "_x0041_", "\x07", "a\nb"])
def test_text_that_needs_escaping_is_not_said_to_stand_as_it_is(text: str) -> None:
    assert not stands_as_it_is(text)
    assert not stands_as_it_is(f"before{text}after")


@pytest.mark.parametrize("text", ["", "=1+1", "Bakkerij De Halm", "naïef – é"])
def test_usual_text_stands_as_it_is(text: str) -> None:
    assert stands_as_it_is(text)


def test_a_sheet_with_more_columns_than_the_format_has_is_a_mistake() -> None:
    sheet = Sheet("Breed", (Column("n", Kind.WHOLE),) * 16_385, ())
    with pytest.raises(ValueError, match="16385 columns"):
        write_workbook(io.BytesIO(), [sheet], title="Proef", zone="Europe/Amsterdam", made_at=MADE)


def test_an_empty_text_has_no_cell() -> None:
    assert text_cell("A1", PLAIN, "") == ""


@pytest.mark.parametrize(
    ("day", "told"),
    [(date(1900, 2, 28), None), (date(1900, 3, 1), "61"), (date(1900, 3, 2), "62"), (date(9999, 12, 31), "2958465")],
)
def test_days_are_numbers_from_the_first_on_that_excel_counts_right(day: date, told: str | None) -> None:
    """Its calendar has a 29 February 1900: days before 1 March of that year would show as their neighbours."""
    assert number(Kind.DAY, day) == told
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=AMSTERDAM)
    assert (number(Kind.INSTANT, noon) is None) == (told is None)


def test_an_instant_is_told_to_the_second_by_the_clock_of_the_zone() -> None:
    at = datetime(2026, 11, 23, 22, 1, 41, tzinfo=UTC)
    told = number(Kind.INSTANT, at)
    assert told is not None
    days, part = divmod(Decimal(told), 1)
    assert date(1899, 12, 30) + timedelta(days=int(days)) == date(2026, 11, 23)
    assert round(part * 86_400) == 23 * 3600 + 1 * 60 + 41


def test_a_day_is_no_instant_and_an_instant_no_day() -> None:
    assert number(Kind.INSTANT, date(2026, 11, 23)) is None
    assert number(Kind.DAY, datetime(2026, 11, 23, tzinfo=UTC)) is None


@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_is_one_as_long_as_a_spreadsheet_keeps_its_last_digit(sign: int) -> None:
    for kind in (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY, Kind.MIXED):
        found = cell(kind, sign * (10**15 - 1))
        assert found.findtext("v") == str(sign * (10**15 - 1))
        assert cell(kind, sign * 10**15).get("t") == "inlineStr"


@pytest.mark.parametrize("kind", [Kind.WHOLE, Kind.DECIMAL, Kind.MONEY])
def test_yes_is_no_number(kind: Kind) -> None:
    assert number(kind, True) is None


@pytest.mark.parametrize(
    ("count", "most", "shade"),
    [
        (0, 8, 0), (1, 8, 1), (2, 8, 1), (3, 8, 2), (4, 8, 2), (6, 8, 3), (7, 8, 4), (8, 8, 4),
        (9, 8, 4), (3, 0, 0), (-1, 8, 0), (1, 1, 4),
    ],
)  # fmt: skip
def test_only_nothing_is_without_a_shade_and_the_most_has_the_darkest(count: int, most: int, shade: int) -> None:
    found = shaded(count, most)
    assert (found.number, found.shade) == (count, shade)
