"""The three months after a bankruptcy, at the ends of months."""

from datetime import date, timedelta

import pytest

from continuity.period import period


@pytest.mark.parametrize(
    ("declared_on", "months", "last_on"),
    [
        pytest.param(date(2026, 1, 15), 3, date(2026, 4, 15), id="same day number"),
        pytest.param(date(2026, 11, 30), 3, date(2027, 2, 28), id="30 November, February of 28"),
        pytest.param(date(2027, 11, 30), 3, date(2028, 2, 29), id="30 November, leap February"),
        pytest.param(date(2027, 11, 29), 3, date(2028, 2, 29), id="29 November, leap February"),
        pytest.param(date(2026, 11, 28), 3, date(2027, 2, 28), id="28 November"),
        pytest.param(date(2028, 2, 29), 3, date(2028, 5, 29), id="from a leap day"),
        pytest.param(date(2028, 2, 29), 12, date(2029, 2, 28), id="a leap day one year on"),
        pytest.param(date(2026, 3, 31), 3, date(2026, 6, 30), id="31 March"),
        pytest.param(date(2026, 12, 31), 3, date(2027, 3, 31), id="over the turn of the year"),
        pytest.param(date(2026, 1, 31), 1, date(2026, 2, 28), id="another duration"),
        pytest.param(date(2199, 12, 31), 24, date(2201, 12, 31), id="the last day a form takes"),
    ],
)
def test_period_ends_on_the_same_day_number_clamped(declared_on: date, months: int, last_on: date) -> None:
    found = period(declared_on, months)
    assert found is not None
    assert (found.first_on, found.last_on) == (declared_on, last_on)
    assert found.covers(declared_on)
    assert found.covers(last_on)
    assert not found.covers(declared_on - timedelta(days=1))
    assert not found.covers(last_on + timedelta(days=1))


def test_without_a_declaration_there_is_no_period() -> None:
    assert period(None, 3) is None
