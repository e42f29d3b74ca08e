"""The upkeep of the plan, at its boundaries."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from audits.judging.judgement import TenantFacts
from plans.facts import AssignmentFact, ChangeFact, PlanFacts, VersionFact
from plans.handbook import items
from plans.models import AssetKind, PartyKind
from plans.seats import TEAM_ITEM
from tests.audits.rules.build import (
    BAKERY,
    DIGEST,
    DONE_ON,
    HENK,
    KEES,
    LONG_AGO,
    NEXT_WEEK,
    PARTIES,
    RECIPES,
    SOUND,
    TODAY,
    UNTIL_90,
    UNTIL_180,
    UNTIL_365,
    answer,
    answering,
    leaving_out,
    one_record,
    people,
    plan,
    recording,
    seating,
    unanswered,
    unseated,
)
from tests.audits.rules.cases import COMPLETE, Case, case, check, fault, lapsing, notice, rows, tightened, warning
from tests.audits.rules.changing import replace

LEFT_OUT_UNTIL = date(2028, 2, 29)
EMPTY = replace(
    SOUND,
    plan=PlanFacts(
        answers={},
        assignments={},
        waivers=(),
        contacts={},
        parties=(),
        departments=(),
        systems=(),
        data_sets=(),
        department_systems=frozenset(),
        department_data_sets=frozenset(),
        assets={},
        results={},
        steps=(),
        versions=(),
        changes=(),
        instructions=(),
        receipts=(),
        intervals={},
    ),
)
NO_LICENCES = recording(AssetKind.LICENCE)
ENCRYPTED = "backup.encrypted"
REVIEWED_LATER = answering("upkeep.review", reviewed_on="2028-06-01")


def changed(*days: date) -> TenantFacts:
    return plan(changes=tuple(ChangeFact(UUID(int=90 + n), day, f"Move {n}") for n, day in enumerate(days)))


def approved(on: date, published_on: date = DONE_ON) -> TenantFacts:
    return plan(versions=(VersionFact(2, published_on, DIGEST, on),))


def later(name: str, facts: TenantFacts, until: date, said: str, afterwards: date) -> tuple[Case, ...]:
    """Return the days that matter of one of two things that lapse; afterwards: when the other one turns."""
    day = timedelta(days=1)
    opens = until - 30 * day
    return (
        case(f"{name}31 days left", facts, today=opens - day, turns=opens),
        case(f"{name}30 days left", facts, notice(f"{said}s until"), today=opens, turns=until + day),
        case(f"{name}last valid day", facts, notice(f"{said}s until"), today=until, turns=until + day),
        case(f"{name}day after", facts, fault(f"{said}ed until"), today=until + day, turns=afterwards),
    )


def barely(**changes: Any) -> TenantFacts:
    return replace(EMPTY, plan=replace(EMPTY.plan, **changes))


def one_answer(**changes: Any) -> TenantFacts:
    return barely(answers={ENCRYPTED: replace(answer(ENCRYPTED), **changes)})


# Plans that hold one single thing: that item counts as answered.
BARELY = {
    "a contact in an answer": one_answer(contact_id=HENK.id),
    "a party in an answer": one_answer(party_id=HENK.id),
    "a deputy": barely(
        assignments={
            ("runbook.activation", "holder"): AssignmentFact(
                "runbook.activation", "holder", None, HENK.id, "", None, None
            )
        }
    ),
    "a kind of party left out": leaving_out(EMPTY, "runbook.external-parties", LONG_AGO, part="lawyer"),
    "a published version": barely(versions=(VersionFact(1, DONE_ON),)),
    "a reported change": barely(changes=changed(DONE_ON).plan.changes),
    "a step": barely(steps=SOUND.plan.steps),
}


def blanks() -> TenantFacts:
    """A data set without protection and a seat without a person or a task."""
    empty_seat = AssignmentFact("runbook.team", "management", None, None, " ", None, None)
    return barely(
        data_sets=(replace(RECIPES, protection=" "),), assignments={("runbook.team", "management"): empty_seat}
    )


def all_left_out(until: date) -> TenantFacts:
    facts = EMPTY
    for item in items():
        if item.id not in ("runbook.external-phones", "upkeep.tailored"):
            facts = leaving_out(facts, item.id, until)
    return facts


NO_FIRMS = plan(parties=())
# Who is confirmed as often as a contact.
ASKED_OFTEN = ("Henk", "Fatima", "Kees", "The it-administrator", "The facility", "The supplier", "The other")
ASKED_SELDOM = ("of The insurer", "of The lawyer")
NO_CONTACT = fault("No contact has been recorded")


def firm(kind: PartyKind, confirmed_on: date | None = DONE_ON) -> TenantFacts:
    """Return a plan with one company to call in and no contact, which is a fault of its own."""
    return plan(contacts={}, parties=(replace(PARTIES[kind], confirmed_on=confirmed_on),))


def firm_lapsing(kind: PartyKind, until: date) -> tuple[Case, ...]:
    day, opens, facts = timedelta(days=1), until - timedelta(days=30), firm(kind)
    soon, late = notice(f"of The {kind} are confirmed until {until}"), warning(f"of The {kind} were confirmed until")
    return (
        case(f"{kind}, 31 days left", facts, NO_CONTACT, today=opens - day, turns=opens),
        case(f"{kind}, 30 days left", facts, NO_CONTACT, soon, today=opens, turns=until + day),
        case(f"{kind}, last valid day", facts, NO_CONTACT, soon, today=until, turns=until + day),
        case(f"{kind}, day after", facts, NO_CONTACT, late, today=until + day, turns=None),
    )


BOUNDARIES = {
    "upkeep.review": (
        COMPLETE,
        case("never", unanswered("upkeep.review"), fault("not been reviewed yet")),
        case(
            "not told what it covers",
            answering("upkeep.review", covers=""),
            warning("what the plan is for"),
            turns=date(2028, 10, 31),
        ),
        case("next week", answering("upkeep.review", reviewed_on="2027-12-09"), fault("yet to come"), turns=NEXT_WEEK),
        *later("", approved(date(2028, 6, 1)), UNTIL_365, "last review count", date(2029, 5, 2)),
        *later("approved, ", REVIEWED_LATER, UNTIL_365, "approval of version 2 count", date(2029, 5, 2)),
        *tightened("review", "until 2027-12-11"),
        case(
            "approved for ten days, 3 left",
            plan(intervals={"approval": 10}),
            notice("version 2"),
            today=date(2027, 12, 8),
        ),
        case("no version", plan(versions=()), fault("No owner has approved"), turns=date(2028, 10, 31)),
        case("a version nobody approved", plan(versions=(VersionFact(1, DONE_ON),)), fault("No owner has approved")),
        case("changed since", plan(digest="b" * 64), warning("changed since version 2"), turns=date(2028, 10, 31)),
        case("in use from next week", approved(DONE_ON, NEXT_WEEK), fault("No owner has approved"), turns=NEXT_WEEK),
    ),
    "upkeep.business-change": (
        COMPLETE,
        case("never published", plan(versions=()), fault("No version of the plan"), turns=None),
        case(
            "never published, but changed",
            replace(changed(TODAY), plan=replace(changed(TODAY).plan, versions=())),
            fault("No version"),
        ),
        case("to be published", plan(versions=(VersionFact(1, NEXT_WEEK),)), fault("No version"), turns=NEXT_WEEK),
        case("changed the day before", changed(date(2027, 11, 30))),
        case("changed on the day itself", changed(DONE_ON)),
        case("changed the day after", changed(date(2027, 12, 2)), fault("changed on 2027-12-02 (Move 0)")),
        case("changed twice", changed(date(2027, 12, 2), date(2027, 12, 2)), fault("Move 0"), fault("Move 1")),
        case(
            "an older version does not count",
            plan(
                versions=(VersionFact(2, DONE_ON), VersionFact(3, date(2027, 12, 2))),
                changes=changed(date(2027, 12, 2)).plan.changes,
            ),
        ),
        case(
            "a long story is cut",
            plan(changes=(ChangeFact(UUID(int=1), date(2027, 12, 2), "x" * 2000),)),
            fault(f"({'x' * 120})"),
        ),
    ),
    "upkeep.contacts": (
        COMPLETE,
        case("no contacts", plan(contacts={}, parties=()), NO_CONTACT, turns=None),
        case("one never", people(replace(HENK, confirmed_on=None)), fault("of Henk have never been confirmed")),
        case("one next week", people(replace(HENK, confirmed_on=NEXT_WEEK)), fault("has yet to come"), turns=NEXT_WEEK),
        *lapsing(UNTIL_180, "confirmed until 2028-05-29", "were confirmed until 2028-05-29", NO_FIRMS, times=3),
        case("a firm never", firm(PartyKind.FACILITY, None), NO_CONTACT, warning("of The facility have never been")),
        case("a firm next week", firm(PartyKind.LAWYER, NEXT_WEEK), NO_CONTACT, fault("yet to come"), turns=NEXT_WEEK),
        *firm_lapsing(PartyKind.FACILITY, UNTIL_180),
        *firm_lapsing(PartyKind.SUPPLIER, UNTIL_180),
        *firm_lapsing(PartyKind.INSURER, UNTIL_365),
        *firm_lapsing(PartyKind.LAWYER, UNTIL_365),
        *tightened("contact", *(f"of {one}" for one in ASKED_OFTEN)),
        *(
            replace(one, name=f"advisers, {one.name}")
            for one in tightened("adviser", "of The insurer", "of The lawyer")
        ),
    ),
    "upkeep.licences": (
        COMPLETE,
        case("no licences", NO_LICENCES, fault("No software licence"), turns=None),
        case(
            "no licences, left out from next week",
            leaving_out(NO_LICENCES, "inventory.licences", LEFT_OUT_UNTIL, starts_on=NEXT_WEEK),
            fault("No software licence"),
            turns=NEXT_WEEK,
        ),
        case(
            "no licences, left out",
            leaving_out(NO_LICENCES, "inventory.licences", LEFT_OUT_UNTIL),
            notice("does not apply holds until 2028-02-29"),
            today=LEFT_OUT_UNTIL,
            turns=date(2028, 3, 1),
        ),
        case("never", one_record(AssetKind.LICENCE, confirmed_on=None), fault("have never been confirmed")),
        *tightened("licence", "confirmed until 2027-12-11"),
        *lapsing(UNTIL_90, "confirmed until 2028-02-29", "were confirmed until 2028-02-29"),
    ),
    "upkeep.responsible": (
        COMPLETE,
        case("nobody", unseated("upkeep.responsible"), fault("Nobody answers for the upkeep")),
        case(
            "nobody reads warnings",
            seating("upkeep.responsible", "warnings", contact_id=None),
            warning("Nobody reads the warnings of authorities"),
        ),
        case(
            "not in the team",
            seating("upkeep.responsible", contact_id=KEES.id),
            fault("Kees answers for the upkeep but"),
        ),
        case("no team", unseated(TEAM_ITEM), fault("Henk answers for the upkeep but")),
    ),
    "upkeep.tailored": (
        COMPLETE,
        case("nothing at all", EMPTY, fault("not applicable: 73."), turns=None),
        case("one without an answer", unanswered(ENCRYPTED), fault("not applicable: 1.")),
        case("one emptied", answering(ENCRYPTED, method="", key_place=None), fault("not applicable: 1.")),
        case("half an answer is one", answering(ENCRYPTED, method="")),
        *(case(f"only {name}", facts, fault("not applicable: 72.")) for name, facts in BARELY.items()),
        case("an answer long lapsed is one", SOUND, today=date(2035, 1, 1)),
        case("one left out", leaving_out(unanswered(ENCRYPTED), ENCRYPTED, LEFT_OUT_UNTIL), turns=date(2028, 3, 1)),
        case(
            "last day left out",
            leaving_out(unanswered(ENCRYPTED), ENCRYPTED, LEFT_OUT_UNTIL),
            today=LEFT_OUT_UNTIL,
            turns=date(2028, 3, 1),
        ),
        case(
            "day after",
            leaving_out(unanswered(ENCRYPTED), ENCRYPTED, LEFT_OUT_UNTIL),
            fault("not applicable: 1."),
            today=date(2028, 3, 1),
            turns=None,
        ),
        case(
            "left out from next week",
            leaving_out(unanswered(ENCRYPTED), ENCRYPTED, LEFT_OUT_UNTIL, starts_on=NEXT_WEEK),
            fault("not applicable: 1."),
            turns=NEXT_WEEK,
        ),
        case("everything left out", all_left_out(LEFT_OUT_UNTIL), turns=date(2028, 3, 1)),
        case("left out for ever", all_left_out(date.max), turns=date.max),
        case("no licences", NO_LICENCES, fault("not applicable: 2.")),
        case(
            "departments that use and need nothing",
            barely(departments=(replace(BAKERY, uses_no_systems=True, needs_no_data=True),)),
            fault("not applicable: 70."),
        ),
        case(
            "another item left out in part",
            leaving_out(EMPTY, "runbook.informing", LEFT_OUT_UNTIL, part="lawyer"),
            fault("not applicable: 73."),
        ),
        case("blanks are nothing", blanks(), fault("not applicable: 72.")),
        case("no licences, left out", leaving_out(NO_LICENCES, "inventory.licences", LEFT_OUT_UNTIL)),
        case(
            "answered, and left out as well",
            leaving_out(SOUND, ENCRYPTED, LONG_AGO, starts_on=LONG_AGO),
        ),
    ),
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_upkeep_rules_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)
