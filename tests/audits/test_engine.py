"""Judging one organisation: pure, ordered, complete, and silent about nothing that will change."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.findings.texts import places
from audits.judging.engine import IndistinctSubject, Judgements, RuleFailed, judge
from audits.judging.judgement import NOTICE_DAYS, WHOLE_PLAN, Gap, Holds, Judgement, Rule, Subject, TenantFacts, missing
from audits.judging.severity import Severity
from audits.rules import RULES, by_code
from plans.facts import WaiverFact
from tests.audits.rules.build import SOUND, TODAY, leaving_out, unanswered
from tests.audits.rules.changing import replace

ITEM = "payments.four-eyes"
EMPTY_ITEM = unanswered(ITEM)


def severities(found: Judgements, code: str = ITEM) -> list[Severity]:
    return [gap.severity for of, gap in found.gaps if of == code]


def test_sound_facts_have_no_gap() -> None:
    found = judge(SOUND, TODAY)
    assert found.gaps == ()
    assert found.holds
    assert found.next_on == min(held.changes_on for _, held in found.holds)


def test_judgements_stand_in_the_order_of_the_catalogue_and_then_of_the_subject() -> None:
    found = judge(replace(SOUND, plan=replace(SOUND.plan, answers={}, assignments={}, assets={})), TODAY)
    keys = [(places()[code], gap.subject.key) for code, gap in found.gaps]
    assert len(keys) > 40
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("until", "severity"),
    [
        pytest.param(TODAY + timedelta(days=31), None, id="31 days left"),
        pytest.param(TODAY + timedelta(days=30), Severity.NOTICE, id="30 days left"),
        pytest.param(TODAY, Severity.NOTICE, id="last day"),
        pytest.param(TODAY - timedelta(days=1), Severity.FAULT, id="day after"),
    ],
)
def test_an_item_left_out_is_silent_until_it_lapses(until: date, severity: Severity | None) -> None:
    found = judge(leaving_out(EMPTY_ITEM, ITEM, until, starts_on=date(2027, 1, 1)), TODAY)
    assert severities(found) == ([severity] if severity else [])
    assert [held.until for code, held in found.holds if code == ITEM] == ([] if severity else [until])


def test_an_item_left_out_from_tomorrow_still_counts_today() -> None:
    tomorrow = TODAY + timedelta(days=1)
    facts = leaving_out(EMPTY_ITEM, ITEM, TODAY + timedelta(days=300), starts_on=tomorrow)
    found = judge(facts, TODAY)
    assert severities(found) == [Severity.FAULT]
    assert found.next_on == tomorrow
    assert severities(judge(facts, tomorrow)) == []


def test_leaving_out_a_part_leaves_the_rule_to_judge() -> None:
    facts = leaving_out(EMPTY_ITEM, ITEM, TODAY + timedelta(days=300), part="some part")
    assert severities(judge(facts, TODAY)) == [Severity.FAULT]


def test_an_item_left_out_for_ever_needs_no_day_after() -> None:
    found = judge(leaving_out(EMPTY_ITEM, ITEM, date.max), TODAY, [by_code()[ITEM]])
    assert found.gaps == ()
    assert found.next_on == date.max - timedelta(days=NOTICE_DAYS)


def twice(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    yield missing("One.")
    yield missing("Two.", Subject(part="other"))
    yield missing("Three.")


def too_long(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    yield missing("One.", Subject(part="x" * 200))


@pytest.mark.parametrize("check", [twice, too_long])
def test_two_judgements_that_cannot_be_told_apart_are_a_mistake(check: Any) -> None:
    with pytest.raises(RuleFailed, match="some-rule") as caught:
        judge(SOUND, TODAY, [Rule("some-rule", check)])
    assert isinstance(caught.value.__cause__, IndistinctSubject)


def test_a_rule_that_breaks_off_is_named() -> None:
    def breaks(facts: TenantFacts, today: date) -> Iterator[Judgement]:
        yield missing("One.")
        raise KeyError("nothing there")

    with pytest.raises(RuleFailed) as caught:
        judge(SOUND, TODAY, [*RULES, Rule("some-rule", breaks)])
    assert caught.value.code == "some-rule"
    assert isinstance(caught.value.__cause__, KeyError)


def test_the_next_day_is_the_first_of_all_that_change() -> None:
    days = [TODAY + timedelta(days=number) for number in (9, 5, 7)]

    def several(facts: TenantFacts, today: date) -> Iterator[Judgement]:
        yield Gap(WHOLE_PLAN, Severity.NOTICE, "One.", changes_on=days[0])
        yield Holds(Subject(part="a"), days[1], days[1])
        yield Gap(Subject(part="b"), Severity.FAULT, "Two.")

    assert judge(SOUND, TODAY, [Rule("a", several)]).next_on == days[1]
    assert judge(SOUND, TODAY, [Rule("a", twice_nothing)]).next_on is None


def twice_nothing(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    yield missing("One.")


def shaken(value: Any, dice: random.Random) -> Any:
    """Return facts in which days moved, and rows and values vanished, at random."""
    if isinstance(value, date):
        return value + timedelta(days=dice.choice((0, 0, dice.randint(-400, 60), dice.randint(1, 90))))
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: shaken(getattr(value, field.name), dice) for field in fields(value)}
        return replace(value, **changes)
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(shaken(one, dice) for one in value)
    if isinstance(value, tuple):
        return tuple(shaken(one, dice) for one in value if dice.random() > 0.08)
    if isinstance(value, Mapping):
        return {key: shaken(one, dice) for key, one in value.items() if dice.random() > 0.08}
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return shaken(date.fromisoformat(value), dice).isoformat()
    return value


def facts_by(seed: int) -> TenantFacts:
    """Return facts made of SOUND by chance, with items left out around TODAY."""
    dice = random.Random(seed)  # noqa: S311 -- repeatable chance, no secret
    facts: TenantFacts = shaken(SOUND, dice)
    waivers = []
    for code in dice.sample([rule.code for rule in RULES], k=6):
        starts_on = TODAY + timedelta(days=dice.randint(-100, 60))
        waivers.append(
            WaiverFact(
                code, dice.choice(("", "", "lawyer")), starts_on, starts_on + timedelta(days=dice.randint(0, 150))
            )
        )
    return replace(facts, plan=replace(facts.plan, waivers=tuple(waivers)))


def told(found: Judgements) -> tuple[Any, Any]:
    return found.gaps, found.holds


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9), offset=st.integers(-60, 400), share=st.floats(0, 1))
def test_nothing_changes_before_the_next_day(seed: int, offset: int, share: float) -> None:
    facts, today = facts_by(seed), TODAY + timedelta(days=offset)
    found = judge(facts, today)
    last = (found.next_on - timedelta(days=1)) if found.next_on else today + timedelta(days=3000)
    assert last >= today, "the next day lies ahead"
    between = today + timedelta(days=round(share * (last - today).days))
    for day in (between, last):
        assert told(judge(facts, day)) == told(found)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_judging_is_a_function_of_the_facts_and_the_day(seed: int) -> None:
    assert judge(facts_by(seed), TODAY) == judge(facts_by(seed), TODAY)
