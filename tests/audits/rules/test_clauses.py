"""The clauses of standards and what answers them; what the page of rules tells of each rule."""

import pytest

from audits.judging.judgement import Rule
from audits.judging.severity import Severity
from audits.rules import RULES
from audits.rules.clauses import Standard, by_code, clauses, of_standard
from audits.rules.editions import EDITIONS
from audits.rules.standing import INTERVALS, severities
from audits.standards.coverage import answering, coverage
from audits.sweeping.waiting import RULE_SET
from plans.intervals import DEFAULT_DAYS, Interval
from plans.status import Status
from tests.audits.rules.build import SOUND, TODAY
from tests.audits.rules.changing import replace
from tests.audits.rules.test_catalogue import CODES, TABLES

# What the list of standards gives for each part of the product, by one item of it.
GIVEN = {
    "self-check.secured": {"8.2.3", "A.5.29", "21(2)(a)", "2.1", "4.1.2", "11(5)", "5.30.02", "1"},
    "backup.air-gapped": {"8.3.5", "A.8.13", "21(2)(c)", "5.1", "4.2.2 c", "12(1)", "8.13.01", "8.13.03", "5"},
    "inventory.servers": {"8.3.4", "A.5.9", "21(2)(i)", "12.1", "4.1.2 g", "28(3)", "5.09.01", "1", "3"},
    "processes.priorities": {"8.2.2", "A.5.30", "5.2", "4.1.2 e", "4.1.2 f", "4.1.3", "11(5)", "5.30.02", "8.13.02"},
    "runbook.team": {"8.4.2", "8.4.5", "A.5.24", "A.5.29", "21(2)(b)", "5.3", "4.1.2 b", "4.3.2", "11(4)", "5.24.05"},
    "staff.policy": {"7.3", "A.6.3", "21(2)(g)", "8.1", "4.3.2", "5.24.01", "2"},
    "testing.restore": {
        "8.5",
        "8.6",
        "A.5.30",
        "A.8.13",
        "21(2)(f)",
        "4.2.6",
        "4.3.4",
        "11(6)(a)",
        "5.30.01",
        "8.13.04",
    },
    "payments.four-eyes": {"8.1", "A.5.3", "21(2)(g)", "2"},
    "upkeep.review": {"7.5.2", "9.1", "9.2", "9.3", "A.5.35", "A.5.37", "3.1", "4.1.4", "11(3)", "5.35.02", "5.36.01"},
    "testing.sla": {"8.3.4", "A.5.19", "21(2)(d)", "6.3", "5.2", "28(3)", "5.22.02", "1"},
    "scheme.supply-agreement": {"8.3.2", "A.5.20", "A.5.23", "6.1", "5.1.4", "28(8)", "30(2)(d)", "5.20.06", "Fw 37b"},
    "scheme.logins": {"8.4.4", "A.5.17", "A.5.37", "11.1", "4.1.2 g", "30(3)(f)", "5.17.01", "5.20.06", "4"},
    "scheme.period": {"8.4.3", "8.4.5", "A.5.26", "A.5.29", "4.3.1", "11(2)", "11(8)", "5.25.01"},
}


@pytest.mark.parametrize(("code", "ids"), GIVEN.items(), ids=GIVEN)
def test_an_item_answers_to_the_clauses_the_list_of_standards_gives(code: str, ids: set[str]) -> None:
    assert ids - {one.id for one in by_code()[code]} == set()


# What nothing here asks: the coverage says so, as silence would be taken for an answer.
UNANSWERED: list[str] = []


def test_every_clause_but_these_is_answered_and_every_item_answers_under_several_standards() -> None:
    assert [one.id for one in clauses() if not one.codes] == UNANSWERED
    assert [one.id for one in clauses() if not one.title_en or not one.title_nl] == []
    assert len({(one.standard, one.anchor) for one in clauses()}) == len(clauses())
    assert list(by_code()) == CODES
    assert min(len({one.standard for one in by_code()[code]}) for code in CODES) >= 4
    assert all(of_standard(standard) for standard in Standard)


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        ("a", {"backup.out-of-hours", "backup.safe-keeping", "processes.priorities"}),
        ("b", {"backup.offsite-data", "backup.safe-keeping", "inventory.backup-units"}),
        ("c", {"backup.air-gapped", "backup.offsite-data", "backup.offsite-plan"}),
        ("d", {"backup.encrypted", "backup.out-of-hours", "backup.safe-keeping"}),
        ("e", {"testing.restore", "testing.restore-new-systems"}),
        ("f", {"backup.safe-keeping"}),
    ],
)
def test_the_parts_of_a_back_up_plan_are_lettered_as_in_the_regulation(part: str, codes: set[str]) -> None:
    """Times, completeness, copies off the network and far away, access, restore, how long they are kept."""
    found = next(one for one in of_standard(Standard.IMPLEMENTING) if one.id == f"4.2.2 {part}")
    assert codes - set(found.codes) == set()
    others = {"backup.air-gapped", "backup.encrypted", "testing.restore"} - codes
    assert others & set(found.codes) == set()


@pytest.mark.parametrize(
    ("clause", "codes"),
    [
        pytest.param("8.13.02", {"processes.priorities"}, id="work that may be lost, and hours to be back"),
        pytest.param("4.1.2 a", {"upkeep.review"}, id="what the plan covers"),
        pytest.param("4.1.2 d", {"runbook.activation", "scheme.period"}, id="signs that it begins and ends"),
        pytest.param(
            "4.1.2 h",
            {"runbook.activation", "runbook.fallback-location", "runbook.recovery"},
            id="what is done before one goes back",
        ),
        pytest.param("4.3.3", {"upkeep.responsible"}, id="who reads warnings"),
        pytest.param(
            "21(2)(j)",
            {"inventory.backup-units", "inventory.internet", "inventory.cloud-services", "runbook.reachability"},
            id="a second step, and a way to speak for the team",
        ),
        *(
            pytest.param(one, {"runbook.informing"}, id=f"{one}: who reports to the authorities")
            for one in ("23", "15.1", "16.1")
        ),
    ],
)
def test_a_clause_is_answered_by_what_asks_for_it_and_by_nothing_else(clause: str, codes: set[str]) -> None:
    (found,) = (one for one in clauses() if one.id == clause)
    assert set(found.codes) == codes


def test_coverage_tells_the_same_from_both_sides() -> None:
    states = dict.fromkeys(CODES, Status.COMPLETE) | {"backup.encrypted": Status.TO_DO, "own.item": None}
    for standard in Standard:
        there = {(one.clause.id, answer.code) for one in coverage(standard, states) for answer in one.answers}
        back = {(clause.id, one.code) for one in answering(states, standard) for clause in one.clauses}
        assert there == back != set()
        for one in coverage(standard, states):
            touched = "backup.encrypted" in one.clause.codes
            answered = Status.COMPLETE if one.clause.codes else None
            assert one.status is (Status.TO_DO if touched else answered)


def test_coverage_leaves_out_what_the_reader_may_not_see() -> None:
    duties = {code: Status.COMPLETE for code in CODES if code.startswith("scheme.")}
    found = coverage(Standard.ISO_22301, duties)
    assert {answer.code for one in found for answer in one.answers} == set(duties)
    assert {one.status for one in found if not one.answers} == {None}


def test_the_newest_rule_set_is_the_one_that_judges() -> None:
    assert EDITIONS[0].version == RULE_SET
    assert len({one.version for one in EDITIONS}) == len(EDITIONS)
    assert sorted((one.on for one in EDITIONS), reverse=True) == [one.on for one in EDITIONS]
    assert all(one.changes for one in EDITIONS)


@pytest.mark.parametrize("code", CODES)
def test_the_page_tells_how_bad_a_finding_of_each_rule_may_be(code: str) -> None:
    seen = {said.severity for each in TABLES[code] for said in each.said}
    assert set(severities(code)) == seen | {Severity.FAULT}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_tighter_interval_is_felt_and_a_looser_one_is_not(rule: Rule) -> None:
    def judged(**intervals: int) -> list[object]:
        return list(rule.check(replace(SOUND, plan=replace(SOUND.plan, intervals=intervals)), TODAY))

    felt = {one for one in Interval if judged(**{one.value: 1}) != judged()}
    assert felt == set(INTERVALS.get(rule.code, ()))
    assert [one for one in Interval if judged(**{one.value: DEFAULT_DAYS[one] + 1}) != judged()] == []
