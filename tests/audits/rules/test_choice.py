"""Which of several is told of, where they are equal; and by which part of a record the ledger knows a finding again."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from audits.judging.judgement import Gap, TenantFacts
from audits.judging.severity import Severity
from audits.rules import by_code
from plans.facts import CopyFact, NeedFact
from plans.models import CloudIn, MadeEvery
from tests.audits.rules.build import DONE_ON, INSTRUCTION, LONG_AGO, SHOP, SOUND, TILL, TODAY, answering, plan
from tests.audits.rules.changing import replace
from tests.audits.rules.copies import COPIES, DISK, PAPERS, PRINT, STICK
from tests.audits.rules.test_processes import DAY, HOUR, PHONE, WEEK, losing, made

FIRST, LAST = UUID(int=701), UUID(int=790)


def gaps(code: str, facts: TenantFacts) -> list[Gap]:
    return [one for one in by_code()[code].check(facts, TODAY) if isinstance(one, Gap)]


def told(code: str, *rows: CopyFact) -> set[tuple[UUID | None, str]]:
    """What is told of which record, whichever of them comes first."""
    found = [
        {(one.subject.id, one.subject.part) for one in gaps(code, plan(copies=each))} for each in permutations(rows)
    ]
    assert all(one == found[0] for one in found), "the order in which rows come decides"
    return found[0]


def pair(one: CopyFact, *, first: dict[str, Any], last: dict[str, Any]) -> tuple[CopyFact, CopyFact]:
    """The record twice: of a lower and of a higher id."""
    return replace(one, id=FIRST, **first), replace(one, id=LAST, **last)


@pytest.mark.parametrize(
    ("code", "one", "bad", "part"),
    [
        ("backup.offsite-data", DISK, {"has_location": False}, "location"),
        ("backup.offsite-licences", PAPERS, {"keeper_id": None}, "keeper"),
        ("backup.offsite-installers", STICK, {"has_location": False}, "location"),
        ("backup.offsite-plan", PRINT, {"has_location": False}, "location"),
        ("backup.offsite-plan", PRINT, {"keeper_id": None}, "keeper"),
        ("backup.air-gapped", DISK, {"there_on": LONG_AGO}, "seen_on"),
        ("backup.out-of-hours", DISK, {"has_night_how": False, "night_contact_id": None}, "how"),
    ],
)
def test_of_equal_copies_the_newest_record_is_asked(code: str, one: CopyFact, bad: dict[str, Any], part: str) -> None:
    both = pair(one, first=bad, last=bad)
    assert {row_id for row_id, name in told(code, *both) if name == part} == {LAST}


@pytest.mark.parametrize(
    ("better", "bad"),
    [
        pytest.param({"there_on": DONE_ON}, {"there_on": LONG_AGO, "has_location": False}, id="seen later"),
        pytest.param({}, {"there_on": None, "has_location": False}, id="ever seen"),
    ],
)
def test_copy_that_was_seen_last_counts_whatever_its_id(better: dict[str, Any], bad: dict[str, Any]) -> None:
    for both in (pair(DISK, first=better, last=bad), pair(DISK, first=bad, last=better)):
        assert {name for _row_id, name in told("backup.offsite-data", *both)} == {"seen_on"}
        assert told("backup.air-gapped", *both) == set()


def test_copy_of_the_newest_version_of_the_plan_counts_whatever_its_id() -> None:
    bad = {"plan_version": None, "has_location": False}
    for both in (pair(PRINT, first={}, last=bad), pair(PRINT, first=bad, last={})):
        assert {name for _row_id, name in told("backup.offsite-plan", *both)} == {"version"}
        found = gaps("backup.offsite-plan", plan(copies=both))
        assert [one.severity for one in found] == [Severity.WARNING]


def test_of_copies_of_the_plan_one_outside_the_building_counts_though_the_one_inside_is_newer() -> None:
    inside, outside = pair(PRINT, first={"plan_version": 1}, last={"off_site": False})
    for both in permutations((inside, outside)):
        (found,) = gaps("backup.offsite-plan", plan(copies=both))
        assert (found.subject.id, found.severity) == (FIRST, Severity.FAULT)
    (found,) = gaps("backup.offsite-plan", plan(copies=(outside,)))
    assert found.subject.part == ""


def test_copy_of_an_old_version_counts_before_one_of_which_no_version_is_told() -> None:
    both = pair(PRINT, first={"plan_version": 1}, last={"plan_version": None})
    found = {one.subject.id: one.severity for one in gaps("backup.offsite-plan", plan(copies=both))}
    assert found == {FIRST: Severity.FAULT, LAST: Severity.WARNING}


def test_firm_that_keeps_a_copy_is_named_where_it_has_no_phone() -> None:
    firm = replace(SOUND.plan.parties[0], phone=" ")
    kept = replace(DISK, keeper_id=None, party_id=firm.id)
    (found,) = gaps("backup.safe-keeping", plan(copies=(kept,), parties=(firm,)))
    assert (found.subject.part, found.params["name"]) == ("phone", firm.name)


@pytest.mark.parametrize(
    "worse",
    [
        pytest.param({"has_night_how": False}, id="more is told of the other"),
        pytest.param({"night_contact_id": None}, id="it is told who reaches the other"),
        pytest.param({"reached_on": LONG_AGO}, id="the other was tried later"),
        pytest.param({"reached_on": None}, id="the other was ever tried"),
    ],
)
def test_copy_that_is_reached_best_at_night_counts_whatever_its_id(worse: dict[str, Any]) -> None:
    for both in (pair(DISK, first={}, last=worse), pair(DISK, first=worse, last={})):
        assert told("backup.out-of-hours", *both) == set()


def test_who_can_reach_it_counts_before_when_it_was_tried() -> None:
    both = pair(DISK, first={"reached_on": None}, last={"night_contact_id": None})
    assert told("backup.out-of-hours", *both) == {(FIRST, "reached_on")}


def test_questions_that_one_answers_for_all_are_told_of_the_oldest_record() -> None:
    newest = {"kept_days": 1}
    assert told("backup.safe-keeping", *pair(DISK, first=newest, last=newest)) == {(FIRST, "kept")}
    wrong, silent = {"cloud_in": CloudIn.NO}, {"cloud_in": None}
    assert told("backup.safe-keeping", *pair(DISK, first=wrong, last=wrong)) == {(FIRST, "cloud")}
    assert told("backup.safe-keeping", *pair(DISK, first=wrong, last=silent)) == {(LAST, "cloud")}


def too_seldom(facts: TenantFacts) -> list[tuple[UUID | None, str, str, Any]]:
    """What is said of systems of which more work can be lost than may be."""
    return [
        (one.subject.id, one.subject.kind, one.subject.part, one.params.get("strictest"))
        for one in gaps("processes.priorities", facts)
        if one.subject.part == "copied"
    ]


def test_limit_reaches_what_is_needed_through_others_and_the_strictest_is_told() -> None:
    chain = frozenset({NeedFact(TILL.id, PHONE.id), NeedFact(PHONE.id, SHOP.id)})
    systems = tuple(
        replace(one, rto_hours=24, rpo_hours=hours) for one, hours in ((TILL, 24), (PHONE, None), (SHOP, None))
    )
    copies = (made(DAY, TILL), made(DAY, PHONE, number=1), made(WEEK, SHOP, number=2))
    facts = plan(systems=systems, copies=copies, needs=chain)
    assert too_seldom(facts) == [(SHOP.id, "system", "copied", "Till")]


@pytest.mark.parametrize(("till", "phone", "said"), [(24, 24, "Telephone"), (24, 25, "Till"), (25, 24, "Telephone")])
def test_of_those_that_need_it_the_strictest_says_so_and_of_equals_the_first_by_name(
    till: int, phone: int, said: str
) -> None:
    needs = frozenset({NeedFact(TILL.id, SHOP.id), NeedFact(PHONE.id, SHOP.id)})
    hours = ((TILL, till), (PHONE, phone), (SHOP, None))
    copies = (made(DAY, TILL, PHONE), made(WEEK, SHOP, number=1))
    for each in permutations(tuple(replace(one, rto_hours=24, rpo_hours=lost) for one, lost in hours)):
        assert [one[3] for one in too_seldom(plan(systems=each, copies=copies, needs=needs))] == [said]


def test_what_is_needed_and_copied_as_often_or_of_unknown_beat_gets_no_stricter_limit() -> None:
    for theirs in (made(DAY, SHOP, number=1), made(HOUR, SHOP, number=1), made(None, SHOP, number=1)):
        assert too_seldom(losing(4, made(DAY, TILL), theirs, needed=True)) == [(TILL.id, "system", "copied", "Till")]
    # Where others differ, one of unknown beat still sets no limit and gets none.
    systems = tuple(
        replace(one, rto_hours=24, rpo_hours=lost) for one, lost in ((TILL, 24), (SHOP, None), (PHONE, 168))
    )
    copies = (made(DAY, TILL), made(None, SHOP, number=1), made(WEEK, PHONE, number=2))
    needs = frozenset({NeedFact(TILL.id, SHOP.id), NeedFact(SHOP.id, PHONE.id)})
    assert [one[3] for one in too_seldom(plan(systems=systems, copies=copies, needs=needs))] == ["Till"]
    untold = losing(4, made(None, TILL), made(WEEK, SHOP, number=1), needed=True)
    assert too_seldom(untold) == []


def test_of_copies_of_one_system_the_one_made_most_often_counts_not_the_first_by_its_name() -> None:
    for hours, every in ((1, HOUR), (4, MadeEvery.FOUR_HOURS), (24, DAY)):
        assert too_seldom(losing(hours, made(every), made(WEEK, number=1), made(MadeEvery.MONTH, number=2))) == []
    assert too_seldom(losing(1, made(HOUR), made(DAY, number=1), made(MadeEvery.FOUR_HOURS, number=2))) == []


def test_newest_instruction_is_the_one_with_the_highest_number_in_whichever_order_they_come() -> None:
    older = replace(INSTRUCTION, id=UUID(int=97), number=INSTRUCTION.number - 1, parts=frozenset())
    for each in permutations((older, INSTRUCTION)):
        assert gaps("staff.policy", plan(instructions=each)) == gaps("staff.policy", plan(instructions=(INSTRUCTION,)))


# The ledger knows a finding again by kind, id and part: another word closes every finding there is, and opens new ones.
PARTS: dict[str, Sequence[str]] = {
    "backup.offsite-data": ("", "keeper", "location", "seen_on"),
    "backup.offsite-licences": ("", "keeper", "location", "seen_on"),
    "backup.offsite-installers": ("", "keeper", "location", "seen_on"),
    "backup.offsite-plan": ("", "newest", "version"),
    "backup.air-gapped": ("", "seen_on"),
    "backup.safe-keeping": (
        "",
        "cloud",
        "deletable",
        "keeper",
        "keeping",
        "kept",
        "made",
        "may_delete",
        "phone",
        "settings",
    ),
    "backup.out-of-hours": ("", "how", "reached_on", "who"),
    "backup.encrypted": ("", "apart", "key", "method"),
}


@pytest.mark.parametrize("code", PARTS)
def test_parts_of_a_copy_keep_their_names(code: str) -> None:
    said = [(one.subject.kind, one.subject.part) for each in COPIES[code] for one in gaps(code, each.facts)]
    assert {part for _kind, part in said} == set(PARTS[code])
    assert {kind for kind, part in said if part not in ("", "newest")} == {"backup_copy"}


def test_part_of_the_answer_that_tells_how_often_keeps_its_name() -> None:
    (one,) = gaps("backup.safe-keeping", answering("backup.safe-keeping", made_every=""))
    assert (one.subject.kind, one.subject.part) == ("plan", "made")
