"""Trends: counted by day and by hand, the same in the database, drawn within the picture."""

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.judging.severity import Severity
from audits.trends.counting import ORDER, WEEKS, Age, Lasted, Ledger, Moment, Moves, first_day, trends
from audits.trends.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Bar, areas, columns
from audits.trends.page import shown
from core.i18n import Language, written_in

TODAY = date(2026, 11, 22)
NOTHING = Ledger((), Moves(), (), {})


def opened(ago: int) -> Moment:
    return Moment(Severity.FAULT, TODAY - timedelta(days=ago), 1)


@given(
    st.lists(
        st.tuples(st.sampled_from(ORDER), st.integers(0, 500), st.none() | st.integers(0, 400)),
        max_size=12,
    )
)
def test_every_week_counts_what_was_open_at_the_end_of_its_day(lives: list[tuple[Severity, int, int | None]]) -> None:
    found = []
    for severity, ago, lasted in lives:
        start = TODAY - timedelta(days=ago)
        end = None if lasted is None or lasted > ago else start + timedelta(days=lasted)
        found.append((severity, start, end))
    kept = [(how, start, end) for how, start, end in found if end is None or end > first_day(TODAY)]
    moves = Moves(
        [Moment(how, start, 1) for how, start, end in kept if end is None],
        [Moment(how, start, 1) for how, start, end in kept if end],
        [Moment(how, end, 1) for how, start, end in kept if end],
    )
    ledger = Ledger((), moves, (), {})
    weeks = trends(ledger, TODAY).weeks
    assert [week.on for week in weeks] == [TODAY - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    for week in weeks:
        for severity in ORDER:
            by_hand = sum(how is severity and start <= week.on and (end is None or end > week.on)
                          for how, start, end in found)  # fmt: skip
            assert week.open.numbers[severity] == by_hand


@pytest.mark.parametrize(
    ("days", "age"),
    [(0, Age.WEEK), (7, Age.WEEK), (8, Age.MONTH), (30, Age.MONTH), (31, Age.QUARTER), (90, Age.QUARTER),
     (91, Age.LONGER), (4000, Age.LONGER)],
)  # fmt: skip
def test_a_finding_is_as_old_as_the_days_since_it_was_opened(days: int, age: Age) -> None:
    ages = trends(Ledger([opened(days)], Moves(), (), {}), TODAY).ages
    assert {one for one, counted in ages.items() if counted.total} == {age}


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 4)), max_size=8))
def test_half_of_the_closed_findings_lasted_no_longer_than_the_median(lasted: list[tuple[int, int]]) -> None:
    ledger = Ledger((), Moves(), [Lasted(Severity.NOTICE, days, number) for days, number in lasted], {})
    closing = trends(ledger, TODAY).closing[Severity.NOTICE]
    by_hand = [days for days, number in lasted for _ in range(number)]
    assert closing.number == len(by_hand)
    assert closing.median == (median(by_hand) if by_hand else None)


def test_months_begin_with_this_one_and_count_no_day_that_passed() -> None:
    lapses = {
        TODAY - timedelta(days=1): 5,
        TODAY: 2,
        date(2026, 11, 30): 1,
        date(2027, 10, 31): 4,
        date(2027, 11, 1): 9,
    }
    months = trends(Ledger((), Moves(), (), lapses), TODAY).months
    assert [month.number for month in months] == [3, *[0] * 10, 4]
    assert (months[0].first, months[-1].first) == (date(2026, 11, 1), date(2027, 10, 1))


@given(st.lists(st.lists(st.integers(0, 5000), min_size=4, max_size=4), min_size=1, max_size=3))
def test_a_picture_stays_within_its_frame(layers: list[list[int]]) -> None:
    bars = [Bar("a", "b", [(str(at), layer[place]) for at, layer in enumerate(layers)]) for place in range(4)]
    drawn = columns(bars)
    for bar, column in zip(bars, drawn.columns, strict=True):
        assert LEFT <= column.x <= column.x + column.width <= WIDTH - RIGHT
        assert len(column.blocks) == sum(number > 0 for _, number in bar.parts)
        assert all(TOP - 1 <= one.y <= one.y + one.height <= HEIGHT - BOTTOM + 1 for one in column.blocks)
    assert len(drawn.lines) <= 6
    over_time = areas([(str(at), layer) for at, layer in enumerate(layers)], [(0, "x")])
    assert [bool(area.path) for area in over_time.areas] == [any(layer) for layer in layers]


def test_a_page_without_anything_draws_empty_pictures(bare_app: object) -> None:
    with bare_app.app_context(), written_in(Language.ENGLISH):  # type: ignore[attr-defined]
        told = shown(trends(NOTHING, TODAY))
    assert told.closing is None
    assert {line.text for line in told.over_time.lines} == {"0", "1"}
