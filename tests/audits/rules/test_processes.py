"""The business processes, at their boundaries."""

from uuid import UUID

import pytest

from audits.judging.judgement import TenantFacts
from plans.facts import CopyFact, NeedFact, SystemFact
from plans.models import Impact, MadeEvery
from tests.audits.rules.build import (
    BAKERY,
    FATIMA,
    OFFICE,
    ORDERS,
    SHOP,
    TILL,
    answering,
    people,
    plan,
    seating,
    unanswered,
    unseated,
)
from tests.audits.rules.cases import COMPLETE, Case, case, check, fault, rows, warning
from tests.audits.rules.changing import replace
from tests.audits.rules.copies import DISK

GONE = UUID(int=99)
PHONE = SystemFact(UUID(int=98), "Telephone", 3, 1, 168, None)
TILL_NEEDS_SHOP = frozenset({NeedFact(TILL.id, SHOP.id)})
NEVER = "of work may be lost, but the back-up of"


def losing(hours: int | None, *copies: CopyFact, shop: int | None = None, needed: bool = False) -> TenantFacts:
    """Till may lose so many hours of work, and the web shop, which it needs or not; with these copies."""
    systems = (replace(TILL, rto_hours=24, rpo_hours=hours), replace(SHOP, rpo_hours=shop))
    return plan(systems=systems, copies=copies, needs=TILL_NEEDS_SHOP if needed else frozenset())


def made(every: MadeEvery | None, *systems: SystemFact, number: int = 0) -> CopyFact:
    ids = frozenset(system.id for system in systems)
    return replace(DISK, id=UUID(int=710 + number), made_every=every, system_ids=ids)


HOUR, DAY, WEEK = MadeEvery.HOUR, MadeEvery.DAY, MadeEvery.WEEK
WORK = "It is not told yet how much work you may lose:"


def asked(each: Case) -> Case:
    """A case in which the work that may be lost is asked too, where a system does not tell it."""
    systems = each.facts.plan.systems
    untold = [system for system in systems if system.rpo_hours is None]
    return replace(each, said=(*each.said, warning(f"{WORK} {len(untold)} of {len(systems)}"))) if untold else each


# How many hours may be lost at least with a back-up that is made so often: as written out by hand.
COPIED = tuple(map(asked, (
    *(
        each
        for every, hours, words in (
            (MadeEvery.HOUR, 1, "is made every hour"),
            (MadeEvery.FOUR_HOURS, 4, "is made every four hours"),
            (MadeEvery.DAY, 24, "is made once a day"),
            (MadeEvery.WEEK, 168, "is made once a week"),
            (MadeEvery.MONTH, 720, "is made once a month"),
        )
        for each in (
            case(f"{every}: just often enough", losing(hours, made(every))),
            case(f"{every}: an hour too seldom", losing(hours - 1, made(every)),
                 warning(f"Of Till at most {hours - 1} hours {NEVER} Till {words}.")),
        )
    ),
    case("now and then is never often enough", losing(8760, made(MadeEvery.OTHER)), warning("is made now and then")),
    case("no work at all may be lost", losing(0, made(HOUR)), warning("Of Till at most 0 hours")),
    case("nobody said what may be lost", losing(None, made(MadeEvery.OTHER))),
    case("not told how often", losing(1, made(None))),
    case("not told of one of two", losing(1, made(DAY), made(None, number=1))),
    case("the copy that is made most often counts", losing(1, made(HOUR), made(WEEK, number=1))),
    case("before there are copies", answering("backup.safe-keeping", made_every="week"),
         warning("Of Till at most 24 hours of work"), warning("Of Web shop at most 24 hours of work")),
    case("before there are copies nobody told", answering("backup.safe-keeping", made_every="")),
    case("before anything was answered", unanswered("backup.safe-keeping")),
    case("only a copy of other systems is made often", losing(4, made(HOUR, SHOP), made(DAY, TILL, number=1)),
         warning(f"{NEVER} Till is made once a day")),
    case("of one that no copy names those without names count", losing(4, made(HOUR), made(DAY, SHOP, number=1))),
    case("in no copy", losing(4, made(HOUR, SHOP)), warning("Of Till at most 4 hours of work may be lost, but its")),
    case("in no copy, and nobody said what may be lost", losing(None, made(HOUR, SHOP))),
    case("what it needs is made as often", losing(24, made(DAY), needed=True)),
    case("what it needs is made less often", losing(24, made(DAY, TILL), made(WEEK, SHOP, number=1), needed=True),
         warning(f"Of Till at most 24 hours {NEVER} Web shop is made once a week.")),
    case("nothing needs it", losing(24, made(DAY, TILL), made(WEEK, SHOP, number=1))),
    case("both too seldom in one back-up are told once", losing(4, made(DAY), needed=True),
         warning(f"Of Till at most 4 hours {NEVER} Till")),
    case("the strictest counts", losing(24, made(DAY, TILL), made(WEEK, SHOP, number=1), shop=48, needed=True),
         warning(f"Of Till at most 24 hours {NEVER} Web shop")),
    case("its own limit is stricter", losing(24, made(DAY, TILL), made(WEEK, SHOP, number=1), shop=12, needed=True),
         warning(f"Of Web shop at most 12 hours {NEVER} Web shop")),
)))  # fmt: skip
BOUNDARIES = {
    "processes.department-heads": (
        COMPLETE,
        case("no departments", plan(departments=()), fault("No department")),
        case("no head", plan(departments=(BAKERY, replace(OFFICE, head_id=None))), fault("Office has no head")),
        case("head no longer kept", plan(departments=(replace(BAKERY, head_id=GONE),)), fault("Bakery has no head")),
        case("head without phone", people(replace(FATIMA, phone="")), fault("Fatima, who heads the department Office")),
        case(
            "no deputy",
            plan(departments=(BAKERY, replace(OFFICE, deputy_id=None))),
            warning("Nobody stands in for the head of the department Office."),
        ),
        case(
            "deputy no longer kept",
            plan(departments=(replace(BAKERY, deputy_id=GONE), OFFICE)),
            warning("Nobody stands in for the head of the department Bakery."),
        ),
        case(
            "their own deputy",
            plan(departments=(BAKERY, replace(OFFICE, deputy_id=FATIMA.id))),
            warning("Fatima cannot stand in for themselves"),
        ),
        case(
            "neither head nor deputy",
            plan(departments=(BAKERY, replace(OFFICE, head_id=None, deputy_id=None))),
            fault("Office has no head"),
        ),
    ),
    "processes.personal-data": (
        COMPLETE,
        case("nobody", unseated("processes.personal-data"), fault("Nobody answers for")),
        case("seat emptied", seating("processes.personal-data", contact_id=None), fault("Nobody answers for")),
        case(
            "contact no longer kept", seating("processes.personal-data", contact_id=GONE), fault("Nobody answers for")
        ),
    ),
    "processes.systems-used": (
        COMPLETE,
        case("no departments", plan(departments=()), fault("No department")),
        case(
            "one without",
            plan(department_systems=frozenset({(BAKERY.id, TILL.id)})),
            fault("which systems the department Office"),
        ),
        case(
            "marked as using none",
            plan(
                department_systems=frozenset({(BAKERY.id, TILL.id)}),
                departments=(BAKERY, replace(OFFICE, uses_no_systems=True)),
            ),
        ),
        case("only a system no longer kept", plan(systems=(TILL,)), fault("which systems the department Office")),
    ),
    "processes.data-needed": (
        COMPLETE,
        case("no departments", plan(departments=()), fault("No department")),
        case(
            "one without",
            plan(department_data_sets=frozenset({(OFFICE.id, ORDERS.id)})),
            fault("which data the department Bakery"),
        ),
        case(
            "marked as needing none",
            plan(
                department_data_sets=frozenset({(OFFICE.id, ORDERS.id)}),
                departments=(replace(BAKERY, needs_no_data=True), OFFICE),
            ),
        ),
        case("only data no longer kept", plan(data_sets=(ORDERS,)), fault("which data the department Bakery")),
    ),
    "processes.priorities": (
        COMPLETE,
        case("no systems", plan(systems=()), fault("No system")),
        case(
            "no priority",
            plan(systems=(TILL, replace(SHOP, recovery_priority=None))),
            fault("Web shop has no recovery priority."),
        ),
        case(
            "no RTO",
            plan(systems=(TILL, replace(SHOP, rto_hours=None))),
            fault("Web shop has no recovery time objective"),
        ),
        case("an RTO of no hours", plan(systems=(TILL, replace(SHOP, rto_hours=0)))),
        case(
            "neither",
            plan(systems=(TILL, replace(SHOP, rto_hours=None, recovery_priority=None))),
            fault("no recovery priority and no recovery time"),
        ),
        case(
            "a tie",
            plan(systems=(TILL, replace(SHOP, recovery_priority=1))),
            warning("2 systems share recovery priority 1"),
        ),
        case(
            "of one system nobody told how much work may be lost",
            plan(systems=(TILL, replace(SHOP, rpo_hours=None), PHONE)),
            warning(f"{WORK} 1 of 3 systems. Begin with Web shop."),
        ),
        case(
            "of all: one warning, which begins with what comes back first",
            plan(systems=tuple(replace(one, rpo_hours=None) for one in (SHOP, PHONE, TILL))),
            warning(f"{WORK} 3 of 3 systems. Begin with Till."),
        ),
        case(
            "what has no priority comes last",
            plan(systems=(replace(TILL, recovery_priority=None, rpo_hours=None), replace(SHOP, rpo_hours=None))),
            fault("Till has no recovery priority."),
            warning(f"{WORK} 2 of 2 systems. Begin with Web shop."),
        ),
        case("what it needs is back as soon", plan(systems=(TILL, replace(SHOP, rto_hours=4)), needs=TILL_NEEDS_SHOP)),
        case(
            "what it needs is back an hour later",
            plan(systems=(TILL, replace(SHOP, rto_hours=5)), needs=TILL_NEEDS_SHOP),
            warning("Till: 4 hours promised, but Web shop takes 5 hours."),
        ),
        case(
            "over a system between them that tells no time",
            plan(
                systems=(TILL, SHOP, replace(PHONE, rto_hours=None)),
                needs=frozenset({NeedFact(TILL.id, PHONE.id), NeedFact(PHONE.id, SHOP.id)}),
            ),
            fault("Telephone has no recovery time objective"),
            warning("Till: 4 hours promised, but Web shop takes 24 hours."),
        ),
        case("what it needs is no longer kept", plan(needs=frozenset({NeedFact(TILL.id, GONE)}))),
        case(
            "one of the five questions is open",
            plan(departments=(BAKERY, replace(OFFICE, impact_week=None))),
            warning("not told for each stretch of time how bad an outage is for the department Office."),
        ),
        case(
            "open for a department that uses no system",
            plan(
                departments=(BAKERY, replace(OFFICE, impact_week=None)),
                department_systems=frozenset({(BAKERY.id, TILL.id), (OFFICE.id, GONE)}),
            ),
        ),
        case(
            "less bad as it lasts",
            plan(departments=(BAKERY, replace(OFFICE, impact_longer=Impact.SERIOUS))),
            warning("For the department Office a longer outage is told to be less bad than a shorter one."),
        ),
        case(
            "back as soon as it must be",
            plan(systems=(replace(TILL, rto_hours=24), SHOP), department_systems=frozenset({(BAKERY.id, TILL.id)})),
        ),
        case(
            "back an hour later than it must be",
            plan(
                systems=(replace(TILL, rto_hours=25), SHOP),
                departments=(BAKERY, replace(OFFICE, impact_day=Impact.SEVERE)),
                department_systems=frozenset({(BAKERY.id, TILL.id)}),
            ),
            warning("Till may be away 25 hours, but the department Bakery can bear 24 hours."),
        ),
        case(
            "the department that bears least counts",
            plan(
                systems=(replace(TILL, rto_hours=25), SHOP),
                departments=(BAKERY, replace(OFFICE, impact_day=Impact.SEVERE)),
                department_systems=frozenset({(BAKERY.id, TILL.id), (OFFICE.id, TILL.id)}),
            ),
            warning("Till may be away 25 hours, but the department Office can bear 4 hours."),
        ),
        case("needs of parties and data", plan(needs=frozenset({NeedFact(TILL.id, None, GONE, None)}))),
        *COPIED,
    ),
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_process_rules_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)
