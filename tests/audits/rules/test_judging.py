"""What every rule builds on: how something lapses, ages, and stands until something else begins to count."""

from datetime import date, timedelta

import pytest

from audits.judging.judgement import (
    STILL_TO_COME,
    WHOLE_PLAN,
    Gap,
    Holds,
    Judgement,
    Param,
    Subject,
    aged,
    earliest,
    lapse,
    missing,
    sooner,
)
from audits.judging.severity import Severity

UNTIL = date(2028, 2, 29)
TODAY = date(2028, 1, 1)


def lapsing(until: date, today: date) -> Judgement:
    return lapse(WHOLE_PLAN, until, today, soon="soon", lapsed="lapsed", params={"name": "x"})


def aging(done_on: date | None, valid_days: int, today: date) -> Judgement:
    return aged(WHOLE_PLAN, done_on, valid_days, today, absent="never", soon="soon", lapsed="lapsed")


def test_something_holds_until_thirty_days_are_left() -> None:
    assert lapsing(UNTIL, date(2028, 1, 29)) == Holds(WHOLE_PLAN, UNTIL, date(2028, 1, 30))


@pytest.mark.parametrize("today", [date(2028, 1, 30), UNTIL], ids=["30 days left", "last valid day"])
def test_the_last_thirty_days_and_the_last_valid_day_are_a_notice(today: date) -> None:
    found = lapsing(UNTIL, today)
    told: dict[str, Param] = {"until": UNTIL, "name": "x"}
    opened, ends = date(2028, 1, 30), date(2028, 3, 1)
    assert found == Gap(WHOLE_PLAN, Severity.NOTICE, "soon", told, opened, UNTIL, ends)


def test_the_day_after_is_a_fault_that_stays() -> None:
    found = lapsing(UNTIL, date(2028, 3, 1))
    assert found == Gap(WHOLE_PLAN, Severity.FAULT, "lapsed", {"until": UNTIL, "name": "x"}, date(2028, 3, 1), UNTIL)
    assert lapsing(UNTIL, date(2038, 3, 1)) == found


@pytest.mark.parametrize("until", [date.max, date.min], ids=["31-12-9999", "01-01-0001"])
def test_the_ends_of_the_calendar_are_days_like_others(until: date) -> None:
    assert lapsing(until, TODAY).until == until


def test_something_never_done_is_a_fault_only_a_change_mends() -> None:
    assert aging(None, 90, TODAY) == Gap(WHOLE_PLAN, Severity.FAULT, "never")


def test_a_day_that_has_yet_to_come_counts_from_that_day() -> None:
    tomorrow = TODAY + timedelta(days=1)
    found = aging(tomorrow, 90, TODAY)
    assert found == Gap(WHOLE_PLAN, Severity.FAULT, STILL_TO_COME, {"day": tomorrow}, changes_on=tomorrow)
    assert isinstance(aging(tomorrow, 90, tomorrow), Holds)


def test_what_was_done_today_is_valid_for_all_its_days() -> None:
    assert aging(TODAY, 59, TODAY).until == UNTIL
    assert aging(TODAY, 10**9, TODAY).until == date.max


@pytest.mark.parametrize(
    ("valid_days", "opens"), [(90, date(2028, 1, 1)), (89, date(2028, 1, 2)), (30, date(2028, 1, 21))]
)
def test_what_ages_soon_gives_notice_in_its_last_third(valid_days: int, opens: date) -> None:
    until = date(2028, 1, 31)
    held = aging(until - timedelta(days=valid_days), valid_days, opens - timedelta(days=1))
    assert held == Holds(WHOLE_PLAN, until, opens)


def test_a_judgement_stands_no_longer_than_what_begins_to_count() -> None:
    judgements = [missing("for good"), lapsing(UNTIL, TODAY), lapsing(date(2028, 1, 15), TODAY)]
    on = date(2028, 1, 20)
    assert [each.changes_on for each in sooner(judgements, on)] == [on, on, date(2028, 1, 16)]
    assert list(sooner(judgements, None)) == judgements


def test_silence_holds_until_the_day_before_something_begins_to_count() -> None:
    subject = Subject("system", label="Till")
    assert list(sooner([], UNTIL, subject)) == [Holds(subject, date(2028, 2, 28), UNTIL)]
    assert list(sooner([], None, subject)) == []


def test_the_earliest_day_lies_after_today() -> None:
    assert earliest([None, TODAY, UNTIL, date(2028, 1, 2)], TODAY) == date(2028, 1, 2)
    assert earliest([None, TODAY], TODAY) is None
