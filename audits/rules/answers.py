"""Shapes that several items share: fields of an answer, seats filled by people, parts left out for a while."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from audits.judging.judgement import Gap, Judgement, Subject, TenantFacts, aged, lapse, missing
from audits.judging.severity import Severity
from core.i18n import N_
from plans import intervals
from plans.facts import AnswerFact, ContactFact, PlanFacts, WaiverFact
from plans.fields import ITEM_FIELDS, FieldKind
from plans.intervals import Interval
from plans.seats import ITEM_SEATS, TEAM_ITEM, Seat

UNANSWERED = N_("This has not been answered yet.")
_KINDS = {(item_id, one.name): one.kind for item_id, fields in ITEM_FIELDS.items() for one in fields}
NO_PHONE = N_("%(name)s has no phone number.")


class Needed(NamedTuple):
    """A field that the answer to an item must hold, and what to say while it is empty."""

    field: str
    message: str


def answered(facts: TenantFacts, item_id: str, *needed: Needed) -> Iterator[Gap]:
    """Yield one gap when nothing needed was filled in, else one for each needed field that is still empty.

    A contact or external party that is no longer kept counts as empty.
    """
    answer = facts.plan.answers.get(item_id)
    empty = [need for need in needed if not _filled(facts.plan, answer, need.field)] if answer else needed
    if len(empty) == len(needed) > 1:
        yield missing(UNANSWERED)
        return
    for need in empty:
        yield missing(need.message, Subject(part=need.field))


def advised(facts: TenantFacts, item_id: str, *needed: Needed) -> Iterator[Gap]:
    """Yield a warning for each of these fields that is empty, once anything was answered: before that, all is asked."""
    answer = facts.plan.answers.get(item_id)
    empty = [need for need in needed if not _filled(facts.plan, answer, need.field)] if answer else ()
    for need in empty:
        yield missing(need.message, Subject(part=need.field), severity=Severity.WARNING)


def dated(
    facts: TenantFacts, item_id: str, field: str, interval: Interval, today: date, *, soon: str, lapsed: str
) -> Iterator[Judgement]:
    """Judge the day in `field`, valid for the organisation's `interval`. An empty day is for answered() to report."""
    answer = facts.plan.answers.get(item_id)
    day = answer.day(field) if answer else None
    if day is not None:
        valid_days = intervals.days(facts.plan.intervals, interval)
        yield aged(Subject(part=field), day, valid_days, today, absent=UNANSWERED, soon=soon, lapsed=lapsed)


def chosen(facts: TenantFacts, item_id: str, field: str) -> str:
    """Return a text or choice of an answer, empty when there is none."""
    answer = facts.plan.answers.get(item_id)
    return answer.text(field) if answer else ""


def keeper(facts: TenantFacts, item_id: str) -> ContactFact | None:
    """Return the contact that the answer names, while it is still kept."""
    answer = facts.plan.answers.get(item_id)
    return facts.plan.contacts.get(answer.contact_id) if answer and answer.contact_id else None


def _filled(plan: PlanFacts, answer: AnswerFact, field: str) -> bool:
    kind = _KINDS[answer.item_id, field]
    if kind is FieldKind.CONTACT:
        return answer.contact_id in plan.contacts
    if kind is FieldKind.PARTY:
        return any(party.id == answer.party_id for party in plan.parties)
    if kind is FieldKind.AMOUNT:
        return answer.amount(field) is not None
    if kind is FieldKind.NUMBER:
        return answer.number(field) is not None
    return bool(answer.text(field))


def seated(plan: PlanFacts, item_id: str, seat: str) -> ContactFact | None:
    """Return who fills a seat; None when nobody does or the contact is no longer kept."""
    assignment = plan.assignments.get((item_id, seat))
    return plan.contacts.get(assignment.contact_id) if assignment and assignment.contact_id else None


def deputy(plan: PlanFacts, item_id: str, seat: str) -> ContactFact | None:
    """Return who stands in for a seat; None when nobody does or the contact is no longer kept."""
    assignment = plan.assignments.get((item_id, seat))
    return plan.contacts.get(assignment.deputy_id) if assignment and assignment.deputy_id else None


def team(plan: PlanFacts) -> Iterator[tuple[Seat, ContactFact]]:
    """Yield the filled seats of the calamity team."""
    for seat in ITEM_SEATS[TEAM_ITEM]:
        member = seated(plan, TEAM_ITEM, seat.name)
        if member is not None:
            yield seat, member


def reachable(contact: ContactFact) -> bool:
    """Tell whether a phone number is known."""
    return bool(contact.phone.strip() or contact.phone_2.strip())


def person(contact: ContactFact, part: str = "") -> Subject:
    """Return the subject of a judgement on a contact."""
    return Subject("contact", contact.id, contact.name, part)


def left_out(facts: TenantFacts, item_id: str, today: date, part: str = "") -> WaiverFact | None:
    """Return the waiver by which an item, or a part of it, is left out today."""
    for waiver in _waivers(facts, item_id, part):
        if waiver.starts_on <= today <= waiver.until:
            return waiver
    return None


def waiver_starts(facts: TenantFacts, item_id: str, today: date, part: str = "") -> date | None:
    """Return the first day after today on which a waiver of an item, or of a part of it, begins."""
    return min(
        (waiver.starts_on for waiver in _waivers(facts, item_id, part) if waiver.starts_on > today), default=None
    )


WAIVER_ENDS = N_("That this does not apply holds until %(until)s. Decide again before that day.")


def waived(waiver: WaiverFact, subject: Subject, today: date) -> Judgement:
    """Judge a waiver that holds today: in order, with a notice before it ends. Once it ended it is no waiver."""
    return lapse(subject, waiver.until, today, soon=WAIVER_ENDS, lapsed=WAIVER_ENDS)


def _waivers(facts: TenantFacts, item_id: str, part: str) -> Iterator[WaiverFact]:
    return (waiver for waiver in facts.plan.waivers if waiver.item_id == item_id and waiver.part == part)
