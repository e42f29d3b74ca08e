"""Columns that are written whole, at their edges: what they hold is what each cell would hold by itself."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.sheets import columns
from core.sheets.cells import EXACT, FIRST_DAY, Kind, writer_of
from core.sheets.colours import Colours
from core.sheets.columns import Manner, column_writer, side_by_side

STYLES = {kind: number for number, kind in enumerate(Kind, 2)}
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
# In New York the clock is put forward at another hour, and is behind that of Greenwich.
FORWARD_THERE = datetime(2026, 3, 8, 7, tzinfo=UTC)
NAN, ENDLESS = float("nan"), float("inf")


def around(moment: datetime) -> list[datetime]:
    """The seconds about a moment, and about the quarters of an hour beside it."""
    quarters = [moment + timedelta(minutes=15 * number) for number in (-2, -1, 0, 1, 2)]
    return [one + step for one in quarters for step in (-SECOND, timedelta(0), SECOND)]


def told_together(kind: Kind, zone: str, *batches: list[Any]) -> list[str]:
    """What a column holds whose rows are written in batches."""
    write = column_writer(kind, Manner("C", 18, STYLES, ZoneInfo(zone), Colours("C")))
    told = []
    for values in batches:
        numbers = [str(number) for number in range(2, 2 + len(values))]
        told.append(side_by_side([*write(values, numbers, [1] * len(values)), "\n"], len(values)))
    return told


def told_alone(kind: Kind, zone: str, values: list[Any]) -> str:
    alone = writer_of(kind, STYLES, ZoneInfo(zone))
    cells = ("" if value is None else alone(f"C{number}", value) for number, value in enumerate(values, 2))
    return "".join(f"{cell}\n" for cell in cells)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        pytest.param(Kind.DAY, [FIRST_DAY], id="first day"),
        pytest.param(Kind.DAY, [FIRST_DAY - DAY], id="day before it"),
        pytest.param(Kind.DAY, [None, FIRST_DAY, FIRST_DAY - DAY, FIRST_DAY], id="days about the first, and none"),
        pytest.param(Kind.DAY, [datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)], id="an instant among days"),
        pytest.param(Kind.INSTANT, [datetime(1900, 12, 31, 23, 59, 59, tzinfo=UTC)], id="last of the first year"),
        pytest.param(Kind.INSTANT, [datetime(1901, 1, 1, tzinfo=UTC)], id="first of the second year"),
        pytest.param(Kind.INSTANT, [None, datetime(2026, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)], id="parts of a second"),
        pytest.param(Kind.INSTANT, [date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)], id="a day among instants"),
        *(
            pytest.param(Kind.INSTANT, values, id=f"clock of {name}")
            for name, values in (
                ("spring", around(SPRING)),
                ("autumn", around(AUTUMN)),
                ("there", around(FORWARD_THERE)),
            )
        ),
        *(
            pytest.param(Kind.DECIMAL, values, id=f"number {number}")
            for number, values in enumerate(
                (
                    [EXACT - 1],
                    [EXACT],
                    [1 - EXACT, None],
                    [-EXACT, None],
                    [Decimal("0.10"), 1.5, 2, None],
                    [NAN],
                    [1, NAN],
                    [NAN, 1],
                    [ENDLESS, 1],
                    [None, -ENDLESS],
                    [None],
                    [True, 2],
                    ["2", 2],
                )
            )
        ),
        pytest.param(Kind.YES_NO, [True, False, None], id="answers"),
        pytest.param(Kind.YES_NO, [1, 0, "no"], id="what is no answer"),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York", "Asia/Kathmandu"])
def test_a_whole_column_holds_what_its_cells_hold(kind: Kind, values: list[Any], zone: str) -> None:
    assert told_together(kind, zone, values) == [told_alone(kind, zone, values)]


def test_what_a_column_remembers_of_a_batch_is_right_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of days and of quarters of an hour it remembers what it worked out, and forgets when that grows."""
    monkeypatch.setattr(columns, "KNOWN", 2)
    moments = [one for moment in (SPRING, AUTUMN) for one in around(moment)]
    days = [FIRST_DAY + DAY * number for number in range(6)]
    for kind, values in ((Kind.INSTANT, moments), (Kind.DAY, days)):
        batches = [*map(list, pairwise(values)), values, values[::-1]]
        alone = [told_alone(kind, "Europe/Amsterdam", each) for each in batches]
        assert told_together(kind, "Europe/Amsterdam", *batches) == alone
