"""What tells at which items anything was entered is kept with each judgement, so whoever changes it raises RULE_SET."""

import hashlib
import json
from datetime import date
from typing import Any
from uuid import UUID

from audits.sweeping.waiting import RULE_SET
from plans.facts import ChangeFact, PlanFacts, entered
from plans.models import AssetKind
from tests.audits.rules.build import BAKERY, INSTRUCTION, RECIPES, SOUND, TILL, result
from tests.audits.rules.changing import replace
from tests.audits.rules.copies import ALL

# The rule set since which this is what is told of every plan below, oldest first. A new digest is a new line, under a
# new rule set: by the old one, what was kept before would be taken for what is told now.
TOLD_SINCE = (("2026.9", "a58aa6e4e762fb61"),)
ID = UUID(int=7)
ANSWER = SOUND.plan.answers["backup.offsite-data"]
SEAT = next(iter(SOUND.plan.assignments.values()))
EMPTY_SEAT = replace(SEAT, contact_id=None, deputy_id=None, task=" ")


def answers(**changes: Any) -> dict[str, Any]:
    return {"answers": {ANSWER.item_id: replace(ANSWER, contact_id=None, party_id=None, values={}, **changes)}}


def seats(**changes: Any) -> dict[str, Any]:
    return {"assignments": {(SEAT.item_id, SEAT.seat): replace(EMPTY_SEAT, **changes)}}


def rows(field: str, fact: Any, **changes: Any) -> dict[str, Any]:
    return {field: (replace(fact, **changes),)}


# Each kind of facts as it may be: with something in it, and with rows that say nothing.
PLANS: tuple[dict[str, Any], ...] = (
    {},
    *({field: type(getattr(SOUND.plan, field))()} for field in sorted(entered.FIELDS)),
    answers(),
    {"answers": {ANSWER.item_id: replace(ANSWER, values={"location": "", "seen_on": None})}},
    *({"answers": {ANSWER.item_id: replace(ANSWER, contact_id=None, values={"any": value})}} for value in ("", 0, "x")),
    {"answers": {ANSWER.item_id: replace(ANSWER, contact_id=None, party_id=ID, values={})}},
    seats(),
    *(seats(**{name: value}) for name, value in (("contact_id", ID), ("deputy_id", ID), ("task", "Call"))),
    {"results": {"testing.restore": (result("testing.restore"),)}},
    {"results": {"testing.restore": (result("testing.restore", covered=(TILL,)),)}},
    *({"assets": {kind: SOUND.plan.assets[kind]}} for kind in AssetKind),
    {"assets": dict.fromkeys(AssetKind, ())},
    rows("instructions", INSTRUCTION, parts=frozenset()),
    rows("departments", BAKERY, head_id=None, uses_no_systems=True),
    rows("departments", BAKERY, head_id=None, needs_no_data=True),
    rows("data_sets", RECIPES, attractive=False, protection=" "),
    rows("data_sets", RECIPES, attractive=True, protection=""),
    rows("data_sets", RECIPES, attractive=False, protection="In the safe"),
    rows("systems", TILL, recovery_priority=None),
    {"copies": ALL[:1]},
    {"changes": (ChangeFact(ID, date(2027, 12, 1), "A shop"),)},
)


def told(plan: PlanFacts) -> dict[str, list[str]]:
    return {field: list(items) for field, items in sorted(entered.told_by(plan, entered.FIELDS).items())}


def number(rule_set: str) -> tuple[int, ...]:
    return tuple(map(int, rule_set.split(".")))


def test_whoever_changes_what_tells_that_anything_was_entered_raises_the_rule_set() -> None:
    every = [told(replace(SOUND.plan, **changes)) for changes in PLANS]
    digest = hashlib.sha256(json.dumps(every).encode()).hexdigest()[:16]
    names = [number(rule_set) for rule_set, _ in TOLD_SINCE]
    assert digest == TOLD_SINCE[-1][1], "raise RULE_SET, and write it down with this digest below the last"
    assert names == sorted(set(names)), "a rule set has one way of telling"
    assert names[-1] <= number(RULE_SET), "it tells this by a rule set that is not there yet"


def test_every_kind_of_facts_that_tells_it_does_so_in_one_of_these_plans() -> None:
    every = [told(replace(SOUND.plan, **changes)) for changes in PLANS]
    for field in entered.FIELDS:
        assert len({tuple(plan[field]) for plan in every}) > 1, field
