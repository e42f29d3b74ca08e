"""The rules as a whole: one for each item and duty, each with its boundary table."""

from collections import Counter
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from audits.judging.judgement import Gap, Holds, Rule, Subject
from audits.judging.severity import Severity
from audits.rules import CHECKS, RULES, by_code
from audits.rules.clauses import Standard
from audits.rules.explained import EXPLAINED
from continuity.facts import ContinuityFacts
from continuity.scheme import duties
from plans.handbook import items
from plans.own_items.ids import RULE as OWN
from tests.audits.rules.build import SOUND, TODAY
from tests.audits.rules.build_scheme import HALM, RAAF
from tests.audits.rules.cases import Case
from tests.audits.rules.changing import replace
from tests.audits.rules.test_upkeep import EMPTY

CODES = [*(item.id for item in items()), OWN, *(duty.id for duty in duties())]
# What is in order up to a day. What all others want does not age.
LAPSING = [rule for rule in RULES if any(isinstance(each, Holds) for each in rule.check(SOUND, TODAY))]
DAYS_THAT_MATTER = {"31 days left", "30 days left", "last valid day", "day after"}


def tables() -> list[tuple[str, tuple[Case, ...]]]:
    """The rows of every BOUNDARIES beside this file."""
    modules = [
        import_module(f"{__package__}.{path.stem}")
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        if path.stem not in ("test_catalogue", "test_clauses")  # the second reads what is gathered here
    ]
    return [row for module in modules for row in getattr(module, "BOUNDARIES", {}).items()]


TABLES = dict(tables())


def test_there_is_one_rule_for_each_item_one_for_own_ones_and_one_for_each_duty_in_their_order() -> None:
    assert [rule.code for rule in RULES] == CODES
    assert len(CODES) == 75 + 1 + 13
    assert set(CHECKS) == set(CODES)
    assert list(by_code()) == CODES
    assert 0 < len(LAPSING) < len(RULES)


def test_every_rule_has_one_boundary_table() -> None:
    assert Counter(code for code, _ in tables()) == Counter(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_boundary_table_shows_the_rule_content_and_at_fault(code: str) -> None:
    cases = TABLES[code]
    assert [each.said for each in cases if each.name == "complete"] == [()]
    assert any(said.severity is Severity.FAULT for each in cases for said in each.said)
    assert [name for name, times in Counter(each.name for each in cases).items() if times > 1] == []


@pytest.mark.parametrize("rule", LAPSING, ids=lambda rule: rule.code)
def test_what_lapses_has_the_days_that_matter_in_its_table(rule: Rule) -> None:
    assert {each.name for each in TABLES[rule.code]} >= DAYS_THAT_MATTER


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in LAPSING], ids=lambda rule: rule.code)
def test_what_does_not_lapse_is_in_order_for_good(rule: Rule) -> None:
    assert [list(rule.check(SOUND, TODAY.replace(year=year))) for year in (2027, 2028, 2099)] == [[], [], []]


@pytest.mark.parametrize("rule", RULES[:75], ids=lambda rule: rule.code)
def test_an_empty_plan_has_nothing_in_order(rule: Rule) -> None:
    found = list(rule.check(EMPTY, TODAY))
    assert [each for each in found if isinstance(each, Gap) and each.severity is Severity.FAULT] == found != []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_names_its_source_and_clauses(rule: Rule) -> None:
    function = rule.check.func if isinstance(rule.check, partial) else rule.check
    assert "Source: " in (function.__doc__ or "")
    assert set(rule.clauses) <= set(Standard)
    assert rule.clauses["ISO 22301"]


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if not isinstance(rule.check, partial)], ids=lambda rule: rule.code
)
def test_a_rule_of_its_own_names_the_code_it_judges(rule: Rule) -> None:
    assert rule.code in (rule.check.__doc__ or "")


def test_every_rule_is_explained() -> None:
    assert list(EXPLAINED) == CODES


def test_a_judgement_of_a_row_names_it() -> None:
    registration = SOUND.continuity.registrations[0]
    unpaid = replace(registration, clients=(replace(HALM, monthly_fee=None), RAAF), monthly_cost=None)
    found = by_code()["scheme.funding"].check(replace(SOUND, continuity=ContinuityFacts((unpaid,))), TODAY)
    own = registration.id.hex
    assert {each.subject for each in found} == {
        Subject("client", HALM.id, "De Halm", own),
        Subject("registration", registration.id, registration.service_name, f"{own}:cost"),
    }


def test_judgements_under_a_registration_name_it_in_their_part() -> None:
    ids = tuple(registration.id.hex for registration in SOUND.continuity.registrations)
    for rule in RULES[76:]:
        for year in (2020, 2027, 2035):
            for each in rule.check(SOUND, TODAY.replace(year=year)):
                assert each.subject.part.startswith(ids)
