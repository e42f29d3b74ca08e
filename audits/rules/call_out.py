"""Rules of the recovery runbook: whom to call in, where to go on, and how to bring the systems back."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from audits.judging.judgement import (
    WHOLE_PLAN,
    Check,
    Gap,
    Judgement,
    Param,
    Subject,
    TenantFacts,
    earliest,
    missing,
    shifted,
    sooner,
)
from audits.judging.severity import Severity
from audits.rules.answers import Needed, advised, answered, left_out, waived, waiver_starts
from audits.rules.processes import NO_SYSTEM, system_needs
from core.i18n import N_
from plans.facts import SystemFact
from plans.models import PartyKind
from plans.registers.cells.addresses import read_phone
from plans.registers.cells.bad import BadCell

PARTIES = "runbook.external-parties"
# So much of a lesson is said in a finding.
LABEL_LENGTH = 120
PARTY_KINDS = {
    PartyKind.IT_ADMINISTRATOR: N_("No IT administrator to call in has been named yet."),
    PartyKind.INSURER: N_("No insurer to call in has been named yet."),
    PartyKind.FACILITY: N_("No facility company to call in has been named yet."),
    PartyKind.LAWYER: N_("No lawyer to call in has been named yet."),
}


def external_parties(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want each of the four kinds named, or left out with a reason.

    Source: runbook.external-parties.
    """
    named = {party.kind for party in facts.plan.parties}
    for kind, message in PARTY_KINDS.items():
        if kind in named:
            continue
        subject = Subject(part=kind)
        waiver = left_out(facts, PARTIES, today, kind)
        if waiver:
            yield waived(waiver, subject, today)
        else:
            yield from sooner([missing(message, subject)], waiver_starts(facts, PARTIES, today, kind))


def external_phones(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a valid phone number of every external party; without any party there is nothing to call.

    Source: runbook.external-phones.
    """
    for party in facts.plan.parties:
        if not valid_phone(party.phone):
            yield missing(
                N_("%(name)s has no valid phone number."),
                Subject("external_party", party.id, party.name),
                name=party.name,
            )
    if not facts.plan.parties:
        yield from _nobody_to_call(facts, today)


def _nobody_to_call(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    whole = left_out(facts, PARTIES, today)
    parts = [left_out(facts, PARTIES, today, kind) for kind in PARTY_KINDS]
    if whole:
        yield waived(whole, WHOLE_PLAN, today)
    elif all(parts):
        yield waived(min((part for part in parts if part), key=lambda part: part.until), WHOLE_PLAN, today)
    else:
        starts = [waiver_starts(facts, PARTIES, today, part) for part in ("", *PARTY_KINDS)]
        yield from sooner([missing(N_("No external party has been recorded yet."))], earliest(starts, today))


@lru_cache(maxsize=4_096)
def valid_phone(text: str) -> bool:
    """Tell whether a text is a phone number that the registers would take. Remembered: each sweep asks it again."""
    try:
        return bool(read_phone(text))
    except BadCell:
        return False


def fallback_location(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a place or an online environment, and what was agreed with its owner; advise to tell how one goes back.

    Source: runbook.fallback-location; 2024/2690, annex 4.1.2 (h).
    """
    yield from answered(
        facts,
        "runbook.fallback-location",
        Needed("kind", N_("It is not told whether you fall back on a place or on an online environment.")),
        Needed("place", N_("It is not told which place or environment you fall back on.")),
        Needed("agreement", N_("It is not told what was agreed with the owner of the fallback location.")),
    )
    yield from advised(
        facts,
        "runbook.fallback-location",
        Needed("back", N_("It is not told yet what you do before you go back to normal.")),
    )


def reachability(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want it told how calls are forwarded and how e-mail is reached; advise the team to agree on a way of its own.

    Source: runbook.reachability; NIS2, article 21(2)(j).
    """
    yield from answered(
        facts,
        "runbook.reachability",
        Needed("forwarding", N_("It is not told how calls are forwarded to a mobile phone.")),
        Needed("webmail", N_("It is not told how e-mail is reached from elsewhere.")),
    )
    yield from advised(
        facts,
        "runbook.reachability",
        Needed("team", N_("It is not told yet how the team reaches one another without your mail and telephone.")),
    )


def replacement_hardware(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a choice between buying and hiring, and the agreement with a supplier.

    Source: runbook.replacement-hardware.
    """
    yield from answered(
        facts,
        "runbook.replacement-hardware",
        Needed("choice", N_("It is not told whether replacement hardware is bought or hired.")),
        Needed("supplier", N_("No supplier of replacement hardware has been named.")),
        Needed("agreement", N_("It is not told what was agreed with the supplier of replacement hardware.")),
    )


def recovery(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a restore step for every system; advise where the steps leave the order of needs and priorities.

    What a system needs may come back before it, whatever its own priority. People may know better: the order is advice.

    What calamities and exercises taught stays open until somebody tells what was done about it.

    Source: runbook.recovery.
    """
    yield from _lessons(facts, today)
    if not facts.plan.systems:
        yield missing(NO_SYSTEM)
    first_steps: dict[UUID, int] = {}
    for number, step in enumerate(facts.plan.steps):
        if step.system_id is not None:
            first_steps.setdefault(step.system_id, number)
    for system in facts.plan.systems:
        if system.id not in first_steps:
            yield missing(N_("No step restores %(name)s."), Subject("system", system.id, system.name), name=system.name)
    restored = sorted(
        (each for each in facts.plan.systems if each.id in first_steps), key=lambda each: first_steps[each.id]
    )
    needs = system_needs(facts.plan)
    yield from _needs_advice(restored, needs)
    yield from _order_advice(restored, needs)


def _lessons(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Yield a notice for each open lesson up to its day, and a fault from the day after."""
    for lesson in facts.plan.lessons:
        line = " ".join(lesson.text.split())
        subject = Subject("lesson", lesson.id, line[:LABEL_LENGTH])
        told: dict[str, Param] = {"what": subject.label, "until": lesson.due_on}
        late = shifted(lesson.due_on, 1)
        if today <= lesson.due_on:
            message = N_("A lesson is open until %(until)s: %(what)s")
            yield Gap(subject, Severity.NOTICE, message, told, until=lesson.due_on, changes_on=late)
        else:
            message = N_("A lesson should have been dealt with by %(until)s: %(what)s")
            yield Gap(subject, Severity.FAULT, message, told, late, lesson.due_on)


def _needs_advice(restored: Sequence[SystemFact], needs: Mapping[UUID, Collection[UUID]]) -> Iterator[Judgement]:
    """Yield advice on each system that is restored before one that it needs, with the last of those."""
    place = {system.id: number for number, system in enumerate(restored)}
    for number, system in enumerate(restored):
        later = [place[one] for one in needs.get(system.id, ()) if place.get(one, -1) > number]
        if later:
            yield missing(
                N_("%(name)s is restored before %(other)s, which it needs."),
                Subject("system", system.id, system.name, "needs"),
                severity=Severity.WARNING,
                name=system.name,
                other=restored[max(later)].name,
            )


def _order_advice(restored: Sequence[SystemFact], needs: Mapping[UUID, Collection[UUID]]) -> Iterator[Judgement]:
    """Yield advice on each system that is restored after one of a lower priority, with the lowest of those."""
    ranks = _ranks(restored, needs)
    lowest, before = 0, ""
    for system in restored:
        rank = ranks.get(system.id)
        if system.recovery_priority is not None and system.recovery_priority < lowest:
            yield missing(
                N_("%(name)s is restored after %(other)s, though its priority is higher. Is that on purpose?"),
                Subject("system", system.id, system.name, "order"),
                severity=Severity.WARNING,
                name=system.name,
                other=before,
            )
        elif rank is not None and rank >= lowest:
            lowest, before = rank, system.name


def _ranks(systems: Iterable[SystemFact], needs: Mapping[UUID, Collection[UUID]]) -> dict[UUID, int]:
    """Return the priority of each system, or the higher one of a system that needs it, near or far."""
    found: dict[UUID, int] = {}
    for system in sorted(systems, key=lambda each: each.recovery_priority or 0):
        if system.recovery_priority is None:
            continue
        waiting = [system.id]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found[here] = system.recovery_priority
                waiting += needs.get(here, ())
    return found


CHECKS: dict[str, Check] = {
    PARTIES: external_parties,
    "runbook.external-phones": external_phones,
    "runbook.fallback-location": fallback_location,
    "runbook.reachability": reachability,
    "runbook.replacement-hardware": replacement_hardware,
    "runbook.recovery": recovery,
}
