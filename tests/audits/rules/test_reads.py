"""The table of what each rule reads says what its code says, and a rule never uses anything else."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from audits.judging.judgement import SCHEME_FACTS, Rule, TenantFacts
from audits.rules import RULES
from plans.facts import NotLoaded, PlanFacts
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
