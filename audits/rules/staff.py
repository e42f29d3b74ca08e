"""Rules of the staff instruction: published, acknowledged by everybody, and with each line in it."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from audits.judging.judgement import (
    WHOLE_PLAN,
    Check,
    Gap,
    Holds,
    Judgement,
    Param,
    TenantFacts,
    aged,
    earliest,
    missing,
    sooner,
)
from audits.judging.severity import Severity
from audits.rules.answers import person
from core.i18n import N_
from plans import intervals
from plans.facts import ContactFact, InstructionFact, ReceiptFact
from plans.handbook import Section, of_section
from plans.intervals import Interval

POLICY = "staff.policy"
UNPUBLISHED = N_("No staff instruction has been published yet.")


def policy(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the newest instruction acknowledged by every member of staff, after it was published and not too long ago.

    Receipts in order are told as one: until the oldest of them lapses.

    Source: staff.policy.
    """
    yield from sooner(_acknowledged(facts, today), _next_published_on(facts, today))


def _acknowledged(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    instruction = newest_instruction(facts, today)
    staff = [contact for contact in facts.plan.contacts.values() if contact.is_staff]
    if instruction is None:
        yield missing(UNPUBLISHED)
        return
    if not staff:
        yield missing(N_("No member of staff has been recorded yet, so nobody has acknowledged the instruction."))
    receipts = {
        receipt.contact_id: receipt
        for receipt in facts.plan.receipts
        if receipt.instruction_version_id == instruction.id
    }
    valid_days = intervals.days(facts.plan.intervals, Interval.STAFF_RECEIPT)
    held: list[Holds] = []
    for contact in staff:
        judgement = _receipt(instruction, receipts.get(contact.id), contact, valid_days, today)
        if isinstance(judgement, Holds):
            held.append(judgement)
        else:
            yield judgement
    if held:
        yield Holds(WHOLE_PLAN, min(each.until for each in held), min(each.changes_on for each in held))


def _receipt(
    instruction: InstructionFact, receipt: ReceiptFact | None, contact: ContactFact, valid_days: int, today: date
) -> Judgement:
    message = N_("%(name)s has not acknowledged version %(number)s of the staff instruction.")
    params: dict[str, Param] = {"name": contact.name, "number": instruction.number}
    if receipt and receipt.acknowledged_on < instruction.published_on:
        return Gap(person(contact), Severity.FAULT, message, params)
    return aged(
        person(contact),
        receipt.acknowledged_on if receipt else None,
        valid_days,
        today,
        absent=message,
        soon=N_("%(name)s must acknowledge the staff instruction again by %(until)s."),
        lapsed=N_("%(name)s had to acknowledge the staff instruction again by %(until)s."),
        params=params,
    )


def part_of_instruction(facts: TenantFacts, today: date, *, item_id: str) -> Iterator[Judgement]:
    """Want a line of the handbook in the newest published instruction.

    Source: staff.do-report-odd and every other do and don't of the handbook.
    """
    instruction = newest_instruction(facts, today)
    gaps = []
    if instruction is None:
        gaps.append(missing(UNPUBLISHED))
    elif item_id not in instruction.parts:
        gaps.append(
            missing(
                N_("Version %(number)s of the staff instruction, the newest, does not contain this."),
                number=instruction.number,
            )
        )
    yield from sooner(gaps, _next_published_on(facts, today))


def newest_instruction(facts: TenantFacts, today: date) -> InstructionFact | None:
    """Return the newest instruction that is published today."""
    newest: InstructionFact | None = None
    for found in facts.plan.instructions:
        if found.published_on <= today and (newest is None or found.number > newest.number):
            newest = found
    return newest


def _next_published_on(facts: TenantFacts, today: date) -> date | None:
    return earliest((found.published_on for found in facts.plan.instructions), today)


CHECKS: dict[str, Check] = {
    POLICY: policy,
    **{
        item.id: partial(part_of_instruction, item_id=item.id)
        for item in of_section(Section.STAFF)
        if item.id != POLICY
    },
}
