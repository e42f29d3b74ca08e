"""Rules of the recovery runbook: the people in it. What they call in and fall back on: call_out.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from audits.judging.judgement import (
    WHOLE_PLAN,
    Check,
    Gap,
    Judgement,
    Param,
    Subject,
    TenantFacts,
    aged,
    missing,
    shifted,
    sooner,
)
from audits.judging.severity import Severity
from audits.rules.answers import NO_PHONE, UNANSWERED, deputy, person, reachable, seated, team
from core.i18n import N_
from plans import intervals
from plans.facts import AssignmentFact, ContactFact
from plans.intervals import Interval
from plans.seats import AUTHORITIES, HOLDER, ITEM_SEATS, TEAM_ITEM

# So long a member of the team has to acknowledge a task after it changed.
ANSWER_DAYS = 14

TEAM_SEATS = {
    "it-administrator": N_("The calamity team has no IT administrator yet."),
    "gdpr-officer": N_("The calamity team has no GDPR officer yet."),
    "department-head": N_("The calamity team has no department head yet."),
    "management": N_("The calamity team has no member of the daily board yet."),
}
AUDIENCES = {
    "staff": N_("Nobody informs the staff yet."),
    "customers": N_("Nobody informs the customers yet."),
    "media": N_("Nobody informs the media yet."),
}


def calamity_team(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want each of the four seats filled by a contact with a phone number.

    Source: runbook.team.
    """
    yield from seats_filled(facts, today, item_id=TEAM_ITEM, messages=TEAM_SEATS)
    for seat, member in team(facts.plan):
        if not reachable(member):
            yield missing(NO_PHONE, person(member, seat.name), name=member.name)


def informing(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want it told who informs the staff, the customers, the media, and each audience of the organisation's own.

    That nobody reports to the authorities is a warning: the handbook does not ask it, and the law not of everybody.
    Source: runbook.informing; NIS2, article 23.
    """
    yield from seats_filled(facts, today, item_id="runbook.informing", messages=AUDIENCES)
    for one in facts.plan.audiences:
        if one.contact_id not in facts.plan.contacts:
            yield missing(N_("Nobody informs %(name)s yet."), Subject("audience", one.id, one.name), name=one.name)
    seats = ((seat, seated(facts.plan, "runbook.informing", seat)) for seat in (*AUDIENCES, AUTHORITIES))
    filled = {seat for seat, contact in seats if contact is not None}
    if filled and AUTHORITIES not in filled:
        nobody = N_("It is not told yet who reports to the authorities.")
        yield missing(nobody, Subject(part=AUTHORITIES), severity=Severity.WARNING)


def seats_filled(facts: TenantFacts, today: date, *, item_id: str, messages: dict[str, str]) -> Iterator[Gap]:
    """Want every seat of an item filled.

    Source: runbook.team, runbook.informing.
    """
    for seat, message in messages.items():
        if seated(facts.plan, item_id, seat) is None:
            yield missing(message, Subject(part=seat))


@dataclass(frozen=True, slots=True)
class Pair:
    """An item that wants somebody and a deputy, and what to say without them."""

    item_id: str
    nobody: str
    no_deputy: str


FIRST_CONTACT = Pair(
    "runbook.first-contact",
    N_("Nobody is the first point of contact yet."),
    N_("The first point of contact has no deputy."),
)
ACTIVATION = Pair(
    "runbook.activation",
    N_("It is not told who decides that the plan is activated."),
    N_("Who decides that the plan is activated has no deputy."),
)


def with_deputy(facts: TenantFacts, today: date, *, pair: Pair) -> Iterator[Judgement]:
    """Want somebody and another person as deputy.

    Source: runbook.first-contact, runbook.activation.
    """
    holder = seated(facts.plan, pair.item_id, HOLDER)
    stand_in = deputy(facts.plan, pair.item_id, HOLDER)
    if holder is None:
        yield missing(pair.nobody, Subject(part=HOLDER))
    if stand_in is None:
        yield missing(pair.no_deputy, Subject(part="deputy"))
    elif stand_in == holder:
        yield missing(N_("%(name)s cannot be their own deputy."), person(stand_in), name=stand_in.name)


def activation(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want somebody who decides and another person as deputy; advise whoever decides to write down by which signs.

    Source: runbook.activation; 2024/2690, annex 4.1.2 (d).
    """
    yield from with_deputy(facts, today, pair=ACTIVATION)
    if seated(facts.plan, ACTIVATION.item_id, HOLDER) is None:
        return
    told = {sign.ends for sign in facts.plan.signs}
    if False not in told:
        no_sign = N_("It is not told by which signs the plan is activated.")
        yield missing(no_sign, Subject(part="signs"), severity=Severity.WARNING)
    if True not in told:
        never_over = N_("It is not told yet by which signs you know that it is over.")
        yield missing(never_over, Subject(part="over"), severity=Severity.WARNING)


def external_voice(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want somebody who speaks to the outside.

    Source: runbook.external-voice.
    """
    if seated(facts.plan, "runbook.external-voice", HOLDER) is None:
        yield missing(N_("It is not told who speaks to the outside."), WHOLE_PLAN)


def internal_officers(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want at least one internal officer to call in.

    Source: runbook.internal-officers.
    """
    item_id = "runbook.internal-officers"
    if not any(seated(facts.plan, item_id, seat.name) for seat in ITEM_SEATS[item_id]):
        yield missing(N_("No internal officer to call in has been named yet."), WHOLE_PLAN)


NO_TASK = N_("%(name)s has no task in the calamity team.")


def tasks_known(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want of every member of the team a task, acknowledged on or after the day it last changed, and not too long ago.

    In the ANSWER_DAYS after a change it asks for attention; later it is missing.

    Source: runbook.tasks-known.
    """
    members = list(team(facts.plan))
    if not members:
        yield missing(N_("The calamity team has no members yet, so nobody knows a task."))
    valid_days = intervals.days(facts.plan.intervals, Interval.TASK)
    for seat, member in members:
        yield from _task_known(facts.plan.assignments[TEAM_ITEM, seat.name], member, valid_days, today)


def _task_known(assignment: AssignmentFact, member: ContactFact, valid_days: int, today: date) -> Iterator[Judgement]:
    subject = person(member, assignment.seat)
    known_on, changed_on = assignment.acknowledged_on, assignment.task_changed_on
    if not assignment.task.strip():
        yield missing(NO_TASK, subject, name=member.name)
    elif known_on is None or known_on > today:
        not_yet = N_("%(name)s has not acknowledged the task yet.")
        yield from sooner([_unknown(not_yet, subject, member.name, changed_on, today)], known_on)
    elif changed_on is not None and known_on < changed_on:
        since = N_("%(name)s has not acknowledged the task since it changed on %(day)s.")
        yield _unknown(since, subject, member.name, changed_on, today)
    else:
        yield aged(
            subject,
            known_on,
            valid_days,
            today,
            absent=UNANSWERED,
            soon=N_("%(name)s must acknowledge the task again by %(until)s."),
            lapsed=N_("%(name)s had to acknowledge the task again by %(until)s."),
            params={"name": member.name},
        )


def _unknown(message: str, subject: Subject, name: str, changed_on: date | None, today: date) -> Gap:
    """Return the gap of a task that nobody acknowledged: a warning as long as there is time to answer."""
    if changed_on is None:
        return missing(message, subject, name=name)
    params: dict[str, Param] = {"name": name, "day": changed_on}
    until = shifted(changed_on, ANSWER_DAYS)
    if today <= until:
        return Gap(subject, Severity.WARNING, message, params, changed_on, until, shifted(until, 1))
    return Gap(subject, Severity.FAULT, message, params, changed_on)


CHECKS: dict[str, Check] = {
    TEAM_ITEM: calamity_team,
    "runbook.first-contact": partial(with_deputy, pair=FIRST_CONTACT),
    "runbook.external-voice": external_voice,
    "runbook.informing": informing,
    "runbook.tasks-known": tasks_known,
    "runbook.activation": activation,
    "runbook.internal-officers": internal_officers,
}
