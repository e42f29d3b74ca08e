"""When people are reminded of a term: at half of its time, when a sixth is left, and when it ended undone. Pure."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from uuid import UUID, uuid5

from plans.calamity.reporting import Reporting, TermCourse


class Rung(StrEnum):
    """The steps of the ladder, lowest first."""

    HALF = "half"
    SIXTH = "sixth"
    PASSED = "passed"


LADDER = tuple(Rung)
PARTS = {Rung.HALF: Fraction(1, 2), Rung.SIXTH: Fraction(5, 6), Rung.PASSED: Fraction(1)}


@dataclass(frozen=True, slots=True)
class Reminded:
    """A term of which somebody is to be told now, and the rung it reached."""

    course: TermCourse
    rung: Rung
    entry_id: UUID


def rungs(one: TermCourse) -> Iterator[tuple[Rung, datetime]]:
    """Yield the rungs of a term with their moments, lowest first; none where it has no end."""
    if one.ends_at is not None:
        whole = max(one.ends_at - one.begins_at, timedelta(0))
        for rung, part in PARTS.items():
            yield rung, one.begins_at + whole * part.numerator / part.denominator


def entry_id(calamity_id: UUID, one: TermCourse, rung: Rung) -> UUID:
    """Return the id of the entry that tells of a reminder: the same for the same term, end and rung."""
    ends = one.ends_at.isoformat() if one.ends_at else ""
    return uuid5(calamity_id, f"{one.term.key} {ends} {rung.value}")


def waiting(reporting: Reporting, *, closed: bool) -> tuple[TermCourse, ...]:
    """Return the terms that are reminded of: while it goes on all that are open, afterwards what was said to hold."""
    return tuple(one for one in (reporting.due if closed else reporting.open) if one.ends_at)


def due(
    reporting: Reporting, calamity_id: UUID, told: Container[UUID], at: datetime, *, closed: bool
) -> tuple[Reminded, ...]:
    """Return what is to be told at `at`: of each term its highest rung, unless that or a higher one was told.

    told: ids of the entries there are. After down time the newest rung is told, and those below it never.
    """
    found = []
    for one in waiting(reporting, closed=closed):
        crossed = [rung for rung, moment in rungs(one) if moment <= at]
        reached = LADDER[LADDER.index(crossed[-1]) :] if crossed else ()
        if reached and not any(entry_id(calamity_id, one, rung) in told for rung in reached):
            found.append(Reminded(one, reached[0], entry_id(calamity_id, one, reached[0])))
    return tuple(found)


def moments(reporting: Reporting, after: datetime, *, closed: bool) -> tuple[datetime, ...]:
    """Return the moments to come at which something may have to be told, earliest first."""
    every = {moment for one in waiting(reporting, closed=closed) for _rung, moment in rungs(one)}
    return tuple(sorted(moment for moment in every if moment > after))
