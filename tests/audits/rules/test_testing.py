"""The tests of the plan, at their boundaries."""

from datetime import date
from uuid import UUID

import pytest

from audits.judging.judgement import TenantFacts
from plans.facts import FollowUpFact, PlannedFact, ResultFact, SystemFact
from plans.models import Outcome
from tests.audits.rules.build import (
    DONE_ON,
    NEXT_WEEK,
    RESULTS,
    SHOP,
    SOUND,
    TILL,
    TODAY,
    UNTIL_365,
    answering,
    plan,
    result,
    unanswered,
    with_results,
)
from tests.audits.rules.cases import (
    COMPLETE,
    Case,
    case,
    check,
    fault,
    lapsing,
    notice,
    rows,
    tightened,
    warning,
    without,
)
from tests.audits.rules.changing import replace

RESTORE = "testing.restore"
LONG_BEFORE, BEFORE = date(2025, 12, 1), date(2026, 12, 1)
UNTIL = "until 2028-11-30"


def ended(item_id: str, outcome: Outcome) -> ResultFact:
    return replace(RESULTS[item_id][0], outcome=outcome)


def result_of(item_id: str, never: str, interval: str = "test") -> tuple[Case, ...]:
    (sound,) = RESULTS[item_id]
    return (
        COMPLETE,
        case("never", with_results(item_id), fault(never), turns=None),
        case("next week", with_results(item_id, replace(sound, done_on=NEXT_WEEK)), fault(never), turns=NEXT_WEEK),
        case("once more next week", with_results(item_id, sound, replace(sound, done_on=NEXT_WEEK)), turns=NEXT_WEEK),
        *lapsing(UNTIL_365, f"the last result counts {UNTIL}", f"the last result counted {UNTIL}"),
        *(
            replace(each, name=f"newest counts, {each.name}")
            for each in lapsing(
                UNTIL_365,
                f"counts {UNTIL}",
                f"counted {UNTIL}",
                with_results(item_id, replace(sound, done_on=BEFORE), sound),
            )
        ),
        *tightened(interval, "counts until 2027-12-11"),
        case(
            "done on the leap day",
            with_results(item_id, replace(sound, done_on=date(2028, 2, 29))),
            notice("until 2029-02-28"),
            today=date(2029, 2, 28),
            turns=date(2029, 3, 1),
        ),
    )


def passed(item_id: str, interval: str = "test") -> tuple[Case, ...]:
    (sound,) = RESULTS[item_id]
    failed = replace(ended(item_id, Outcome.FAILED), id=UUID(int=98), done_on=TODAY)
    return (
        *result_of(item_id, "not been passed yet", interval),
        case("only failed", with_results(item_id, failed), fault("This failed on 2027-12-02")),
        case("only recorded", with_results(item_id, ended(item_id, Outcome.RECORDED)), fault("not been passed yet")),
        case("failed after it was passed", with_results(item_id, sound, failed), warning("This failed on 2027-12-02")),
        case("passed after it failed", with_results(item_id, sound, replace(failed, done_on=BEFORE))),
        case("failed and passed on one day", with_results(item_id, sound, replace(failed, done_on=DONE_ON))),
    )


def known(item_id: str, never: str) -> tuple[Case, ...]:
    (sound,) = RESULTS[item_id]
    return (
        *result_of(item_id, never),
        case("recorded", with_results(item_id, ended(item_id, Outcome.RECORDED))),
        case("failed", with_results(item_id, ended(item_id, Outcome.FAILED)), fault("This failed on 2027-12-01")),
        case(
            "failed after it was recorded",
            with_results(item_id, sound, replace(ended(item_id, Outcome.FAILED), id=UUID(int=98), done_on=TODAY)),
            warning("This failed on 2027-12-02"),
        ),
    )


def done(item_id: str) -> tuple[Case, ...]:
    return (
        *result_of(item_id, "not been done yet"),
        *(case(f"{outcome} is done", with_results(item_id, ended(item_id, outcome))) for outcome in Outcome),
    )


def restored(*results: ResultFact, systems: tuple[SystemFact, ...] = (TILL, SHOP)) -> TenantFacts:
    facts = with_results(RESTORE, *results)
    return replace(facts, plan=replace(facts.plan, systems=systems))


def since(system: SystemFact, day: date) -> SystemFact:
    return replace(system, in_use_on=day)


YESTERDAY, TOMORROW = date(2027, 12, 1), date(2027, 12, 3)


def planned(item_id: str, day: date, *, done: bool = False) -> TenantFacts:
    return plan(planned=(PlannedFact(UUID(int=81), item_id, day, done),))


def following(item_id: str, due_on: date) -> TenantFacts:
    return plan(follow_ups=(FollowUpFact(UUID(int=82), item_id, "Mend the tape", DONE_ON, due_on),))


def on_the_programme(item_id: str) -> tuple[Case, ...]:
    """What is planned for an item, and what must follow it, on the days that matter."""
    told = (
        case("planned for tomorrow", planned(item_id, TOMORROW), turns=TOMORROW),
        case("planned for today", planned(item_id, TODAY), notice("planned for 2027-12-02"), turns=TOMORROW),
        case("planned for yesterday", planned(item_id, YESTERDAY), warning("was planned for 2027-12-01")),
        case("planned for yesterday, and done", planned(item_id, YESTERDAY, done=True)),
        case("another test is late", planned("testing.none", YESTERDAY)),
    )
    if item_id == "testing.restore-new-systems":
        return told  # its results are those of the restore
    return (
        *told,
        case("follows by today", following(item_id, TODAY), notice("by 2027-12-02: Mend the tape"), turns=TOMORROW),
        case("had to follow by yesterday", following(item_id, YESTERDAY), fault("by 2027-12-01: Mend the tape")),
        case("follows another test", following("testing.none", YESTERDAY)),
    )


def measured(minutes: int, rto_hours: int | None = 4, *, on: date = DONE_ON) -> TenantFacts:
    """The till, back after so long."""
    one = replace(result(RESTORE, on, covered=(TILL,)), minutes=minutes)
    return restored(one, systems=(replace(TILL, rto_hours=rto_hours),))


PROVEN = (
    case("as fast as it is wanted", measured(240)),
    case("a minute slower", measured(241), warning("Till was back after 4:01 hours on 2027-12-01; it is wanted back")),
    case("nobody said how fast", measured(9999, None)),
    case("not measured", restored(result(RESTORE, covered=(TILL,)))),
    case(
        "faster the last time",
        restored(replace(result(RESTORE, BEFORE, covered=(TILL,)), minutes=999),
                 replace(result(RESTORE, covered=(TILL,)), minutes=9), systems=(TILL,)),
    ),
    case(
        "left out of the newest, last day of its own proof",
        restored(result(RESTORE, BEFORE, covered=(TILL, SHOP)), result(RESTORE, covered=(TILL,))),
        notice("Web shop: the last restore of it proves something until 2027-12-01"),
        today=date(2027, 12, 1),
        turns=date(2027, 12, 2),
    ),
    case(
        "left out of the newest, the day after",
        restored(result(RESTORE, BEFORE, covered=(TILL, SHOP)), result(RESTORE, covered=(TILL,))),
        warning("Web shop: the last restore of it proved something until 2027-12-01"),
        today=date(2027, 12, 2),
    ),
)  # fmt: skip
ALL = (TILL, SHOP)
TABLES = {
    "testing.sla": (
        COMPLETE,
        case("not answered", unanswered("testing.sla"), fault("not been answered")),
        *without("testing.sla", reference="no document", supplier="which supplier", expires_on="until when"),
        *lapsing(UNTIL_365, f"is valid {UNTIL}", f"was valid {UNTIL}"),
        case("valid for ever and ever", answering("testing.sla", expires_on="9999-12-31"), turns=date(9999, 12, 1)),
    ),
    "testing.weekend-call": passed("testing.weekend-call"),
    "testing.supplier-expectations": known("testing.supplier-expectations", "not been recorded yet"),
    "testing.costs": (
        *known("testing.costs", "No amount in euro"),
        case("no amount", with_results("testing.costs", result("testing.costs")), fault("No amount in euro")),
    ),
    "testing.fallback-work": passed("testing.fallback-work"),
    RESTORE: passed(RESTORE, "restore"),
    "testing.restore-new-systems": (
        COMPLETE,
        case("no restore", restored(), fault("No restore has been passed"), turns=None),
        case(
            "only a failed restore",
            restored(result(RESTORE, outcome=Outcome.FAILED, covered=ALL)),
            fault("No restore has been passed"),
        ),
        case(
            "the first restore next week",
            restored(result(RESTORE, NEXT_WEEK, covered=ALL)),
            fault("No restore has been passed"),
            turns=NEXT_WEEK,
        ),
        case("one never covered", restored(result(RESTORE, covered=(TILL,))), fault("Web shop was not part")),
        case(
            "an old system was covered the time before",
            restored(result(RESTORE, BEFORE, covered=ALL), result(RESTORE, covered=(TILL,))),
        ),
        case(
            "a new system, covered",
            restored(
                result(RESTORE, BEFORE, covered=(TILL,)),
                result(RESTORE, covered=ALL),
                systems=(TILL, since(SHOP, date(2027, 1, 1))),
            ),
        ),
        case(
            "a new system, not covered",
            restored(
                result(RESTORE, BEFORE, covered=(TILL,)),
                result(RESTORE, covered=(TILL,)),
                systems=(TILL, since(SHOP, date(2027, 1, 1))),
            ),
            fault("Web shop was not part of the last restore test of 2027-12-01"),
        ),
        case(
            "in use on the day of the restore before, and covered by it",
            restored(
                result(RESTORE, BEFORE, covered=ALL),
                result(RESTORE, covered=(TILL,)),
                systems=(TILL, since(SHOP, BEFORE)),
            ),
        ),
        case(
            "in use the day after the restore before",
            restored(
                result(RESTORE, BEFORE, covered=ALL),
                result(RESTORE, covered=(TILL,)),
                systems=(TILL, since(SHOP, date(2026, 12, 2))),
            ),
            fault("Web shop was not part"),
        ),
        case(
            "missed twice",
            restored(
                result(RESTORE, LONG_BEFORE, covered=(TILL,)),
                result(RESTORE, BEFORE, covered=(TILL,)),
                result(RESTORE, covered=(TILL,)),
                systems=(TILL, since(SHOP, date(2026, 1, 1))),
            ),
            fault("Web shop was not part"),
        ),
        case(
            "came after the last restore",
            restored(result(RESTORE, covered=(TILL,)), systems=(TILL, since(SHOP, TODAY))),
            warning("Web shop came after the last restore test of 2027-12-01"),
        ),
        case(
            "in use on the day of the last restore",
            restored(result(RESTORE, covered=(TILL,)), systems=(TILL, since(SHOP, DONE_ON))),
            fault("Web shop was not part"),
        ),
        case("restored today", restored(result(RESTORE, TODAY, covered=ALL)), turns=None),
        case(
            "comes next week",
            restored(result(RESTORE, covered=(TILL,)), systems=(TILL, since(SHOP, NEXT_WEEK))),
            turns=NEXT_WEEK,
        ),
        case("no systems", restored(result(RESTORE), systems=())),
    ),
    "testing.ethical-hack": done("testing.ethical-hack"),
    "testing.phishing": done("testing.phishing"),
    "testing.walk-in": done("testing.walk-in"),
    "testing.usb-drop": done("testing.usb-drop"),
}
BOUNDARIES = {
    code: (*cases, *on_the_programme(code), *(PROVEN if code == RESTORE else ())) for code, cases in TABLES.items()
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_test_rules_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)


def test_one_test_says_nothing_of_another() -> None:
    bare = replace(SOUND, plan=replace(SOUND.plan, results={RESTORE: RESULTS[RESTORE]}))
    check(RESTORE, case("", bare))
    check("testing.phishing", case("", bare, fault("not been done yet")))
