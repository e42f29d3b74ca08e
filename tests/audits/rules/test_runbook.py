"""The recovery runbook, at its boundaries."""

from datetime import date
from uuid import UUID

import pytest

from audits.judging.judgement import TenantFacts
from plans.facts import AudienceFact, LessonFact, NeedFact, StepFact, SystemFact
from plans.models import PartyKind
from tests.audits.rules.build import (
    HENK,
    NEXT_WEEK,
    PARTIES,
    SHOP,
    SOUND,
    TILL,
    UNTIL_365,
    answering,
    leaving_out,
    people,
    plan,
    seating,
    unanswered,
    unseated,
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

GONE = UUID(int=99)
LEFT_OUT_UNTIL = date(2028, 2, 29)
EXTERNAL = "runbook.external-parties"
NO_LAWYER = plan(parties=tuple(party for party in PARTIES.values() if party.kind is not PartyKind.LAWYER))
NOBODY = plan(parties=())


def with_deputy(item_id: str, nobody: str, no_deputy: str) -> tuple[Case, ...]:
    return (
        COMPLETE,
        case("nobody at all", unseated(item_id), fault(nobody), fault(no_deputy)),
        case("nobody", seating(item_id, contact_id=None), fault(nobody)),
        case("no deputy", seating(item_id, deputy_id=None), fault(no_deputy)),
        case("deputy no longer kept", seating(item_id, deputy_id=GONE), fault(no_deputy)),
        case("own deputy", seating(item_id, deputy_id=HENK.id), fault("Henk cannot be their own deputy")),
    )


def every_kind_left_out(until: date) -> TenantFacts:
    facts = NOBODY
    for kind in ("it-administrator", "insurer", "facility", "lawyer"):
        facts = leaving_out(facts, EXTERNAL, until, part=kind)
    return facts


def steps(*systems: UUID | None) -> TenantFacts:
    return plan(
        steps=tuple(StepFact(UUID(int=100 + number), number, "Do", each) for number, each in enumerate(systems))
    )


def informing(contact_id: UUID | None) -> TenantFacts:
    return plan(audiences=(AudienceFact(UUID(int=80), "The neighbours", contact_id),))


def needing(facts: TenantFacts, system: UUID, needed: UUID) -> TenantFacts:
    return replace(facts, plan=replace(facts.plan, needs=frozenset({NeedFact(system, needed)})))


NETWORK = SystemFact(UUID(int=90), "Network", 9, 4, None, None)


def network(*order: UUID) -> TenantFacts:
    """The till needs the network, whose own priority is the lowest."""
    needed = needing(steps(*order), TILL.id, NETWORK.id).plan
    return plan(systems=(TILL, SHOP, NETWORK), steps=needed.steps, needs=needed.needs)


def unanswered_for_two_weeks(known_on: date | None, text: str) -> tuple[Case, ...]:
    """The task changed on 1 December: there is time until the 15th."""
    facts = seating("runbook.team", "management", acknowledged_on=known_on)
    last, late = date(2027, 12, 15), date(2027, 12, 16)
    return (
        case(f"{known_on}, the day after it changed", facts, warning(text), turns=late),
        case(f"{known_on}, two weeks later", facts, warning(text), today=last, turns=late),
        case(f"{known_on}, a day later still", facts, fault(text), today=late),
    )


BEGINS = tuple(sign for sign in SOUND.plan.signs if not sign.ends)
ENDS = tuple(sign for sign in SOUND.plan.signs if sign.ends)
LEARNED_BY, AFTER = date(2028, 2, 29), date(2028, 3, 1)
LEARNING = plan(lessons=(LessonFact(UUID(int=77), "Put the password\nin the envelope", LEARNED_BY),))
BOUNDARIES = {
    "runbook.team": (
        COMPLETE,
        case(
            "nobody",
            unseated("runbook.team"),
            fault("no IT administrator"),
            fault("no GDPR officer"),
            fault("no department head"),
            fault("no member of the daily board"),
        ),
        case("one seat empty", seating("runbook.team", "gdpr-officer", contact_id=None), fault("no GDPR officer")),
        case("member no longer kept", seating("runbook.team", "management", contact_id=GONE), fault("daily board")),
        case(
            "a member in two seats without phone",
            people(replace(HENK, phone="")),
            fault("Henk has no phone"),
            fault("Henk has no phone"),
        ),
    ),
    "runbook.first-contact": with_deputy(
        "runbook.first-contact", "Nobody is the first", "point of contact has no deputy"
    ),
    "runbook.external-voice": (
        COMPLETE,
        case("nobody", unseated("runbook.external-voice"), fault("who speaks to the outside")),
        case("no longer kept", seating("runbook.external-voice", contact_id=GONE), fault("who speaks to the outside")),
    ),
    "runbook.informing": (
        COMPLETE,
        case(
            "nobody",
            unseated("runbook.informing"),
            fault("informs the staff"),
            fault("informs the customers"),
            fault("informs the media"),
        ),
        case(
            "nobody reports to the authorities",
            seating("runbook.informing", "authorities", contact_id=None),
            warning("who reports to the authorities"),
        ),
        case("media open", seating("runbook.informing", "media", contact_id=None), fault("informs the media")),
        case("an audience of one's own", informing(HENK.id)),
        case("nobody informs it", informing(None), fault("Nobody informs The neighbours yet")),
        case("no longer kept", informing(GONE), fault("Nobody informs The neighbours yet")),
    ),
    "runbook.tasks-known": (
        COMPLETE,
        case("no team", unseated("runbook.team"), fault("no members yet")),
        case("no task", seating("runbook.team", "management", task=" "), fault("Fatima has no task")),
        *unanswered_for_two_weeks(None, "Fatima has not acknowledged the task yet"),
        *unanswered_for_two_weeks(
            date(2027, 11, 30), "Fatima has not acknowledged the task since it changed on 2027-12-01"
        ),
        case(
            "never acknowledged, and nobody knows since when",
            seating("runbook.team", "management", acknowledged_on=None, task_changed_on=None),
            fault("Fatima has not acknowledged the task yet"),
        ),
        *lapsing(UNTIL_365, "must acknowledge the task again by", "had to acknowledge the task again by", times=4),
        *tightened("task", *("must acknowledge the task again by 2027-12-11",) * 4),
        case("never changed", seating("runbook.team", "management", task_changed_on=None)),
        case(
            "acknowledged next week",
            seating("runbook.team", "management", acknowledged_on=NEXT_WEEK),
            warning("has not acknowledged the task yet"),
            turns=NEXT_WEEK,
        ),
    ),
    "runbook.activation": (
        *with_deputy("runbook.activation", "who decides that the plan", "has no deputy"),
        case(
            "no signs", plan(signs=()), warning("by which signs the plan"), warning("by which signs you know that it")
        ),
        case("none that it is over", plan(signs=BEGINS), warning("by which signs you know that it is over")),
        case("none that it begins", plan(signs=ENDS), warning("by which signs the plan is activated")),
    ),
    "runbook.internal-officers": (
        COMPLETE,
        case("nobody", unseated("runbook.internal-officers"), fault("No internal officer")),
        case(
            "no longer kept", seating("runbook.internal-officers", "officer-1", contact_id=GONE), fault("No internal")
        ),
    ),
    "runbook.external-parties": (
        COMPLETE,
        case(
            "nobody",
            NOBODY,
            fault("No IT administrator"),
            fault("No insurer"),
            fault("No facility company"),
            fault("No lawyer"),
        ),
        case("no lawyer", NO_LAWYER, fault("No lawyer"), turns=None),
        case(
            "another part left out",
            leaving_out(NO_LAWYER, EXTERNAL, LEFT_OUT_UNTIL, part="insurer"),
            fault("No lawyer"),
        ),
        case(
            "no lawyer, left out from next week",
            leaving_out(NO_LAWYER, EXTERNAL, LEFT_OUT_UNTIL, part="lawyer", starts_on=NEXT_WEEK),
            fault("No lawyer"),
            turns=NEXT_WEEK,
        ),
        *lapsing(
            LEFT_OUT_UNTIL,
            "does not apply holds until 2028-02-29",
            "No lawyer",
            leaving_out(NO_LAWYER, EXTERNAL, LEFT_OUT_UNTIL, part="lawyer"),
        ),
    ),
    "runbook.external-phones": (
        COMPLETE,
        *(
            case(
                f"{text or 'nothing'} is no number",
                plan(parties=(replace(PARTIES[PartyKind.LAWYER], phone=text),)),
                fault("The lawyer has no valid phone"),
            )
            for text in ("", "12", "lawyer", "06-1234567")
        ),
        *(
            case(f"{text} is a number", plan(parties=(replace(PARTIES[PartyKind.LAWYER], phone=text),)))
            for text in ("+31612345678", "06-12345678", "+32 2 123 45 67")
        ),
        case("nobody to call", NOBODY, fault("No external party"), turns=None),
        case(
            "three of four left out", leaving_out(NOBODY, EXTERNAL, LEFT_OUT_UNTIL, part="lawyer"), fault("No external")
        ),
        case("all left out", leaving_out(NOBODY, EXTERNAL, LEFT_OUT_UNTIL), turns=date(2028, 1, 30)),
        case(
            "all left out from next week",
            leaving_out(NOBODY, EXTERNAL, LEFT_OUT_UNTIL, starts_on=NEXT_WEEK),
            fault("No external party"),
            turns=NEXT_WEEK,
        ),
        *lapsing(LEFT_OUT_UNTIL, "does not apply holds", "No external party", every_kind_left_out(LEFT_OUT_UNTIL)),
    ),
    "runbook.fallback-location": (
        COMPLETE,
        case("not answered", unanswered("runbook.fallback-location"), fault("not been answered")),
        *without(
            "runbook.fallback-location",
            kind="on a place or on an online",
            place="which place",
            agreement="agreed with the owner",
        ),
        case("nothing on going back", answering("runbook.fallback-location", back=" "), warning("go back to normal")),
    ),
    "runbook.reachability": (
        COMPLETE,
        case("not answered", unanswered("runbook.reachability"), fault("not been answered")),
        *without("runbook.reachability", forwarding="calls are forwarded", webmail="e-mail is reached"),
        case("no way for the team", answering("runbook.reachability", team=""), warning("how the team reaches")),
    ),
    "runbook.replacement-hardware": (
        COMPLETE,
        case("not answered", unanswered("runbook.replacement-hardware"), fault("not been answered")),
        *without(
            "runbook.replacement-hardware",
            choice="bought or hired",
            supplier="No supplier",
            agreement="agreed with the supplier",
        ),
        case("supplier no longer kept", answering("runbook.replacement-hardware", party_id=GONE), fault("No supplier")),
    ),
    "runbook.recovery": (
        COMPLETE,
        case("no systems", plan(systems=()), fault("No system")),
        case("no steps", plan(steps=()), fault("No step restores Till"), fault("No step restores Web shop")),
        case("one without a step", steps(None, TILL.id), fault("No step restores Web shop")),
        case("against the priorities", steps(SHOP.id, TILL.id), warning("Till is restored after Web shop")),
        case("a second step later on", steps(TILL.id, SHOP.id, TILL.id)),
        case("needed, so first", needing(steps(SHOP.id, TILL.id), TILL.id, SHOP.id)),
        case(
            "before what it needs",
            needing(steps(TILL.id, SHOP.id), TILL.id, SHOP.id),
            warning("Till is restored before Web shop, which it needs"),
        ),
        case("needed by the first, whatever its own priority", network(NETWORK.id, TILL.id, SHOP.id)),
        case(
            "needed by what comes too late itself",
            network(SHOP.id, NETWORK.id, TILL.id),
            warning("Till is restored after Web shop"),
        ),
        case("needs what has no step", needing(steps(TILL.id, SHOP.id), TILL.id, GONE)),
        case("needs a data set", plan(needs=frozenset({NeedFact(TILL.id, None, data_set_id=GONE)}))),
        case(
            "equal priorities in any order",
            plan(systems=(TILL, replace(SHOP, recovery_priority=1)), steps=steps(SHOP.id, TILL.id).plan.steps),
        ),
        case(
            "no priority to compare",
            plan(systems=(TILL, replace(SHOP, recovery_priority=None)), steps=steps(SHOP.id, TILL.id).plan.steps),
        ),
        case("lesson on its last day", LEARNING, notice("open until"), today=LEARNED_BY, turns=AFTER),
        case("lesson a day later", LEARNING, fault("should have been dealt with"), today=AFTER, turns=None),
    ),
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_runbook_rules_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)


def test_of_two_waivers_the_first_to_end_decides_who_can_be_called() -> None:
    facts = leaving_out(every_kind_left_out(date(2029, 1, 1)), EXTERNAL, LEFT_OUT_UNTIL, part="lawyer")
    waivers = tuple(each for each in facts.plan.waivers if each.part != "lawyer" or each.until == LEFT_OUT_UNTIL)
    early = replace(facts, plan=replace(facts.plan, waivers=waivers))
    check("runbook.external-phones", case("", early, notice("until 2028-02-29"), today=LEFT_OUT_UNTIL))
