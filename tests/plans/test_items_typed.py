"""What people type is read the way they mean it, or refused with a text fit to show."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.typed import NotReadable, read_amount, read_day, read_number, read_text


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.250,00", "1250.00"),
        ("€ 1250", "1250.00"),
        ("1250.50", "1250.50"),
        ("1250,5", "1250.50"),
        ("€\u00a01.250", "1250.00"),
        ("1.250", "1250.00"),
        ("1,250.50", "1250.50"),
        ("1,250", "1250.00"),
        ("1.234.567,89", "1234567.89"),
        ("EUR 12,-", "12.00"),
        ("195,--", "195.00"),
        ("0", "0.00"),
        ("999.999.999,99", "999999999.99"),
        ("  ", None),
        ("€", None),
    ],
)
def test_amounts_are_read_as_they_are_written_here(typed: str, amount: str | None) -> None:
    assert read_amount(typed) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    "typed",
    [
        "-5",
        "- € 5",
        "\u22125",
        "(5)",
        "1.25.00",
        "12,345,6",
        "1.250,000",
        "twelve",
        "1e3",
        "NaN",
        "\u0663",
        "1000000000",
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(NotReadable):
        read_amount(typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-01-31", date(2027, 1, 31)),
        ("31-01-2027", date(2027, 1, 31)),
        ("31/1/2027", date(2027, 1, 31)),
        (" 1.2.2028 ", date(2028, 2, 1)),
        ("29-02-2028", date(2028, 2, 29)),
        ("1990-01-01", date(1990, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
        ("", None),
    ],
)
def test_days_are_read_in_both_orders(typed: str, day: date | None) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize(
    "typed",
    ["29-02-2027", "31-02-2027", "2027-13-01", "0-0-2027", "1989-12-31", "2101-01-01", "tomorrow", "\u0661-01-2027"],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(NotReadable):
        read_day(typed)


@pytest.mark.parametrize(("typed", "number"), [("0", 0), (" 42 ", 42), ("999999", 999_999), ("007", 7), ("", None)])
def test_whole_numbers_are_read(typed: str, number: int | None) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize("typed", ["-1", "1.5", "1000000", "9" * 5000, "²", "four"])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(NotReadable):
        read_number(typed)


def test_text_loses_its_margins_and_keeps_its_lines() -> None:
    assert read_text("  one\r\ntwo\rthree\n", 20) == "one\ntwo\nthree"


@pytest.mark.parametrize("typed", ["a\x00b", "bell\x07", "escape\x1b[0m", "half \ud800", "abcdef"])
def test_text_that_is_too_long_or_no_text_is_refused(typed: str) -> None:
    with pytest.raises(NotReadable):
        read_text(typed, 5 if typed == "abcdef" else 50)


@given(st.text(max_size=40))
def test_nothing_typed_breaks_the_reading(typed: str) -> None:
    for read in (read_amount, read_day, read_number, lambda text: read_text(text, 30)):
        with suppress(NotReadable):
            found = read(typed)
            assert found is None or found == read(str(found)), typed


@given(st.decimals(min_value=0, max_value=Decimal("999999999.99"), places=2))
def test_amounts_survive_being_written_down(amount: Decimal) -> None:
    grouped = f"{amount:,.2f}"
    dutch = grouped.translate(str.maketrans(",.", ".,"))
    assert read_amount(str(amount)) == read_amount(grouped) == read_amount(dutch) == amount
