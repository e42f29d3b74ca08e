"""Whether the data of each system is copied as often as the work that may be lost asks for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from audits.judging.judgement import Judgement, Subject, TenantFacts, missing
from audits.judging.severity import Severity
from audits.rules.copied_how import Told, told
from core.i18n import N_
from plans.facts import SystemFact
from plans.models import MadeEvery

# Hours of work that are lost at worst. A month is 30 days, as where it is asked how far back one can go.
HOURS: Mapping[MadeEvery, float] = {
    MadeEvery.HOUR: 1,
    MadeEvery.FOUR_HOURS: 4,
    MadeEvery.DAY: 24,
    MadeEvery.WEEK: 168,
    MadeEvery.MONTH: 720,
    MadeEvery.OTHER: float("inf"),
}
TOO_RARE: Mapping[MadeEvery, str] = {
    MadeEvery.HOUR: N_(
        "Of %(strictest)s at most %(hours)s hours of work may be lost, but the back-up of %(name)s is made every hour."
    ),
    MadeEvery.FOUR_HOURS: N_(
        "Of %(strictest)s at most %(hours)s hours of work may be lost, but the back-up of %(name)s is made every four "
        "hours."
    ),
    MadeEvery.DAY: N_(
        "Of %(strictest)s at most %(hours)s hours of work may be lost, but the back-up of %(name)s is made once a day."
    ),
    MadeEvery.WEEK: N_(
        "Of %(strictest)s at most %(hours)s hours of work may be lost, but the back-up of %(name)s is made once a week."
    ),
    MadeEvery.MONTH: N_(
        "Of %(strictest)s at most %(hours)s hours of work may be lost, but the back-up of %(name)s is made once a "
        "month."
    ),
    MadeEvery.OTHER: N_(
        "Of %(strictest)s at most %(hours)s hours of work may be lost, but the back-up of %(name)s is made now "
        "and then."
    ),
}
IN_NONE = N_("Of %(name)s at most %(hours)s hours of work may be lost, but its data is in none of your back-ups.")


class _Limit(NamedTuple):
    """Work that may be lost, in hours, and the system that says so."""

    hours: int
    name: str
    id: UUID


def copied_in_time(facts: TenantFacts, needs: Mapping[UUID, set[UUID]]) -> Iterator[Judgement]:
    """Warn of systems of which more work can be lost than they, or systems that need them, may lose.

    needs: which systems each system needs. Nothing is said while it is unknown how often one of the back-ups that hold
    a system is made: that is asked for elsewhere. What is needed is held against the limit of whatever needs it only
    where it is copied less often: one warning for one back-up.
    Source: 2024/2690, annex 4.2.2 (a); BIO2 8.13.02.
    """
    backups = told(facts)
    if not backups:
        return
    # Copies that name no system hold all of them: most firms have no others.
    held = _each_held(facts.plan.systems, backups)
    made = {copies: every for copies in set(held.values()) if (every := _most_often(copies))}
    limits = _limits(facts.plan.systems, held, made, needs)
    for system in facts.plan.systems:
        if system.id not in limits:
            continue
        strictest, every = limits[system.id], made.get(held[system.id])
        if held[system.id] and (every is None or HOURS[every] <= strictest.hours):
            continue
        yield missing(
            TOO_RARE[every] if every else IN_NONE,
            Subject("system", system.id, system.name, "copied"),
            severity=Severity.WARNING,
            name=system.name,
            hours=strictest.hours,
            **({"strictest": strictest.name} if every else {}),
        )


def _each_held(systems: Sequence[SystemFact], backups: Sequence[Told]) -> dict[UUID, tuple[Told, ...]]:
    """Return which back-ups hold the data of each system."""
    if not any(one.system_ids for one in backups):
        return dict.fromkeys((system.id for system in systems), tuple(backups))
    return {
        system.id: tuple(one for one in backups if not one.system_ids or system.id in one.system_ids)
        for system in systems
    }


def _most_often(copies: Sequence[Told]) -> MadeEvery | None:
    """Return how often the one of these is made that is made most often; None while one does not tell."""
    every = [one.made_every for one in copies if one.made_every is not None]
    return min(every, key=HOURS.__getitem__) if every and len(every) == len(copies) else None


def _limits(
    systems: Sequence[SystemFact],
    held: Mapping[UUID, tuple[Told, ...]],
    made: Mapping[tuple[Told, ...], MadeEvery],
    needs: Mapping[UUID, set[UUID]],
) -> Mapping[UUID, _Limit]:
    """Return the strictest limit of each system that has one: its own before that of what needs it."""
    found = {
        system.id: _Limit(system.rpo_hours, system.name, system.id)
        for system in systems
        if system.rpo_hours is not None
    }
    if len(made) < 2:
        return found
    own = dict(found)
    for limit in sorted(own.values()):
        every = made.get(held[limit.id])
        for needed in _needed(limit.id, needs) if every else ():
            theirs = made.get(held.get(needed, ()))
            if every and theirs and HOURS[theirs] > HOURS[every]:
                before = found.get(needed)
                if before is None or limit.hours < before.hours:
                    found[needed] = limit
    return found


def _needed(system_id: UUID, needs: Mapping[UUID, set[UUID]]) -> set[UUID]:
    """Return what a system needs, near or far, without itself."""
    found: set[UUID] = set()
    waiting = [system_id]
    while waiting:
        new = needs.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found - {system_id}
