"""The day a judgement names as the first on which it may change: nothing changes by itself before it."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from audits.judging.judgement import Check, Judgement, Rule, TenantFacts
from audits.rules import RULES
from continuity.models import RequestState
from tests.audits.rules.changing import replace
from tests.audits.rules.strategies import DAYS, plans, schemes
from tests.audits.rules.test_scheme_running import asking

FAR = date(2040, 1, 1)


def told(check: Check, facts: TenantFacts, today: date) -> tuple[list[Judgement], date]:
    """What is judged, and the last day on which it must still be judged so."""
    found = list(check(facts, today))
    turns = [each.changes_on for each in found if each.changes_on]
    assert all(turn > today for turn in turns)
    return [replace(each, changes_on=FAR) for each in found], min(turns, default=FAR) - timedelta(days=1)


SETTINGS = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def each_told(check: Check, facts: TenantFacts, today: date) -> dict[str, tuple[Judgement, date]]:
    """What is judged of each subject, and the last day on which that must still be judged of it by its own word."""
    return {
        each.subject.key: (replace(each, changes_on=FAR), (each.changes_on or FAR) - timedelta(days=1))
        for each in check(facts, today)
    }


def assert_stands(rules: Sequence[Rule], facts: TenantFacts, today: date, share: float) -> None:
    """Judge again on a day before the named one, `share` of the way, and on the last such day.

    And so for each judgement by the day it names itself, which another one of its rule would hide.
    """
    for rule in rules:
        before, last = told(rule.check, facts, today)
        for day in between(today, last, share):
            assert told(rule.check, facts, day)[0] == before, (rule.code, today, day)
        for subject, (one, its_last) in each_told(rule.check, facts, today).items():
            for day in between(today, its_last, share):
                assert each_told(rule.check, facts, day)[subject][0] == one, (rule.code, today, day)


def between(today: date, last: date, share: float) -> tuple[date, date]:
    """The days to judge again on."""
    return today + timedelta(days=int((last - today).days * share)), last


@given(facts=plans(), today=DAYS, share=st.floats(0, 1))
@SETTINGS
def test_a_judgement_of_a_plan_stands_until_the_day_it_names(facts: TenantFacts, today: date, share: float) -> None:
    assert_stands(RULES[:75], facts, today, share)


@given(facts=schemes(), today=DAYS, share=st.floats(0, 1))
# The end of the period turns on the same day as a client that is to leave.
@example(facts=asking(RequestState.SERVED), today=date(2028, 1, 1), share=0.5)
@SETTINGS
def test_a_judgement_of_a_scheme_stands_until_the_day_it_names(facts: TenantFacts, today: date, share: float) -> None:
    assert_stands(RULES[75:], facts, today, share)
