"""The table of a request: what is in it happens, everything else is refused, and each way ends somewhere."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.errors import Refused
from continuity.models import RequestRole, RequestState
from continuity.period import Period
from continuity.requests.exit_list import EXIT_LIST, due_on
from continuity.requests.states import LIVE, OVER, TRANSITIONS, Act, may, take

KNOWN = {(one.source, one.act, one.role): one for one in TRANSITIONS}
STEPS = st.lists(st.tuples(st.sampled_from(Act), st.sampled_from(RequestRole)), max_size=20)

pytestmark = pytest.mark.once


def test_whatever_is_not_in_the_table_is_refused() -> None:
    for step in product(RequestState, Act, RequestRole):
        if step in KNOWN:
            assert take(*step, "why") is KNOWN[step].target
        else:
            assert not may(*step)
            with pytest.raises(Refused):
                take(*step, "why")


def test_steps_that_need_a_reason_are_refused_without() -> None:
    for step, one in KNOWN.items():
        if one.reason:
            with pytest.raises(Refused) as told:
                take(*step, " ")
            assert told.value.field == "reason"
        else:
            assert take(*step) is one.target
    assert {one.act for one in TRANSITIONS if one.reason} == {Act.REFUSE, Act.WITHDRAW, Act.ALARM}


def test_each_step_is_told_once() -> None:
    assert len(KNOWN) == len(TRANSITIONS)


@given(STEPS)
def test_what_is_over_stays_so_and_a_client_leaves_no_later_than_it_is_served(
    steps: list[tuple[Act, RequestRole]],
) -> None:
    state, granted = RequestState.ASKED, False
    for act, role in steps:
        before = state
        if not may(state, act, role):
            continue
        state = take(state, act, role, "why")
        granted = granted or state is RequestState.GRANTED
        assert before not in OVER
        assert state is not RequestState.SERVED or granted
        assert state is not RequestState.WITHDRAWN or before is not RequestState.SERVED
        assert state is not RequestState.EXITED or before is RequestState.SERVED


def test_false_alarm_and_close_end_everything_that_is_not_over() -> None:
    for state in RequestState:
        for act in (Act.ALARM, Act.CLOSE):
            assert may(state, act, RequestRole.SCHEME) == (state in LIVE)
            assert not may(state, act, RequestRole.CLIENT)


@given(st.integers(0, 120), st.integers(0, 91))
def test_due_days_of_the_list_lie_in_the_period_and_leave_time(months_on: int, served: int) -> None:
    first = date(2026, 1, 1) + timedelta(days=months_on)
    running = Period(first, first + timedelta(days=91))
    served_on = first + timedelta(days=served)
    days = [due_on(one.day, running, served_on) for one in EXIT_LIST]
    assert days == sorted(days)
    for one, due in zip(EXIT_LIST, days, strict=True):
        assert served_on <= due <= running.last_on
        assert due >= min(running.last_on, first + timedelta(days=one.day))
        assert due == running.last_on or (due - served_on).days >= min(one.day, 7)


def test_due_days_of_who_is_served_at_once() -> None:
    running = Period(date(2026, 11, 20), date(2027, 2, 20))
    days = [due_on(one.day, running, running.first_on) for one in EXIT_LIST]
    assert [(day - running.first_on).days for day in days] == [1, 7, 30, 60, 85]
    short = Period(date(2026, 11, 20), date(2026, 12, 20))
    assert [due_on(one.day, short, short.first_on).day for one in EXIT_LIST] == [21, 27, 20, 20, 20]
