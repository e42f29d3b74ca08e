"""The table of what each rule reads says what its code says, and a rule never uses anything else."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits.judging.judgement import SCHEME_FACTS, Rule, TenantFacts
from audits.rules import RULES, by_code
from plans.facts import NotLoaded, PlanFacts, entered
from tests.audits.rules.named import named
from tests.audits.rules.strategies import DAYS, plans, schemes

FIELDS = tuple(field.name for field in fields(PlanFacts))
SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def only_what_it_reads(rule: Rule, facts: TenantFacts) -> TenantFacts:
    """The facts as they are loaded for this rule alone."""
    reads = rule.reads or frozenset()
    told: dict[str, Any] = {name: getattr(facts.plan, name) if name in reads else NotLoaded(name) for name in FIELDS}
    scheme: Any = facts.continuity if SCHEME_FACTS in reads else NotLoaded(SCHEME_FACTS)
    return TenantFacts(facts.tenant_id, PlanFacts(**told), scheme)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_said_to_read_what_its_code_names(rule: Rule) -> None:
    assert rule.reads == named(rule.check)


@given(facts=plans(), today=DAYS)
@SETTINGS
def test_a_rule_of_a_plan_finds_the_same_by_what_it_reads(facts: TenantFacts, today: date) -> None:
    for rule in RULES[:-13]:
        assert list(rule.check(only_what_it_reads(rule, facts), today)) == list(rule.check(facts, today)), rule.code


@given(facts=plans(), today=DAYS, data=st.data())
@SETTINGS
def test_what_is_known_to_be_entered_stands_for_the_facts_that_tell_it(
    facts: TenantFacts, today: date, data: st.DataObject
) -> None:
    known = data.draw(st.sets(st.sampled_from(sorted(entered.FIELDS))))
    told = {name: getattr(facts.plan, name) for name in FIELDS} | {name: NotLoaded(name) for name in known}
    told["entered"] = entered.told_by(facts.plan, known)
    rule = by_code()["upkeep.tailored"]
    some = TenantFacts(facts.tenant_id, PlanFacts(**told), facts.continuity)
    assert list(rule.check(some, today)) == list(rule.check(facts, today))


def test_who_asks_where_anything_was_entered_asks_nothing_else_of_the_facts_that_tell_it() -> None:
    asking = [rule.code for rule in RULES if "entered" in (rule.reads or ())]
    assert asking == ["upkeep.tailored"], "each must be held by the test above"
    assert (by_code()["upkeep.tailored"].reads or frozenset()) >= entered.FIELDS


@given(facts=schemes(), today=DAYS)
@SETTINGS
def test_a_rule_of_a_scheme_finds_the_same_by_what_it_reads(facts: TenantFacts, today: date) -> None:
    for rule in RULES[-13:]:
        assert list(rule.check(only_what_it_reads(rule, facts), today)) == list(rule.check(facts, today)), rule.code


def test_facts_that_were_not_loaded_are_never_taken_for_none() -> None:
    absent = NotLoaded("contacts")
    uses: tuple[Callable[[Any], Any], ...] = (
        bool, len, iter, list, lambda it: it.values(), lambda it: "a" in it, lambda it: it["a"], lambda it: it == ()
    )  # fmt: skip
    for use in uses:
        with pytest.raises(LookupError, match="contacts"):
            use(absent)
