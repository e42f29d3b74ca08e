"""The ladder: on which days before and after its last valid day something is told of. Pure; no database, no clock."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audits.judging.judgement import shifted


class Rung(StrEnum):
    """One threshold, in the order in which they are crossed."""

    SIXTY_BEFORE = "60_before"
    THIRTY_BEFORE = "30_before"
    SEVEN_BEFORE = "7_before"
    LAST_DAY = "last_day"
    SEVEN_AFTER = "7_after"
    THIRTY_AFTER = "30_after"


# Days from the last valid day on.
LADDER: tuple[tuple[Rung, int], ...] = (
    (Rung.SIXTY_BEFORE, -60),
    (Rung.THIRTY_BEFORE, -30),
    (Rung.SEVEN_BEFORE, -7),
    (Rung.LAST_DAY, 0),
    (Rung.SEVEN_AFTER, 7),
    (Rung.THIRTY_AFTER, 30),
)
DAYS = dict(LADDER)
AHEAD = 60
# Nobody acted: from here on the owner is told, whatever they chose.
ESCALATED = frozenset({Rung.SEVEN_AFTER, Rung.THIRTY_AFTER})
# Rungs on which something that is still in order is told of, because the audit gives no notice of it that early.
EARLY = frozenset({Rung.SIXTY_BEFORE})


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """One version of an item: what it is, and its last valid day. With a new last day it is another version."""

    code: str
    key: str
    until: date


@dataclass(frozen=True, slots=True)
class Item:
    """Something that lapses, as it was judged. noticed: the audit tells of it now, so that it is worth a reminder.

    told_on: a letter of its own told of it on this day, None where none did.
    """

    version: Version
    noticed: bool
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder to note. passed: rungs below it that were crossed without one; they are never told any more."""

    version: Version
    rung: Rung
    passed: tuple[Rung, ...]


def due(items: Iterable[Item], noted: Set[tuple[Version, Rung]], today: date) -> Iterator[Due]:
    """Yield what is to be told on `today`: of each item the newest rung that was crossed, unless it was noted.

    However many nights were missed there is one reminder of an item: the newest; the others are passed.
    What is renewed more often than the ladder is long (a login every 30 days) is on a rung the day it is renewed: it
    is told of when the audit gives notice of it, not before. What a letter told of waits for the next rung after it.
    Source: rules 3.10, 2.
    """
    for item in items:
        crossed = [rung for rung, days in LADDER if shifted(item.version.until, days) <= today]
        if not crossed:
            continue
        *below, newest = crossed
        if item.told_on is not None and shifted(item.version.until, DAYS[newest]) <= item.told_on:
            continue  # nothing new since that letter
        if (item.version, newest) in noted or not (item.noticed or newest in EARLY):
            continue
        yield Due(item.version, newest, tuple(rung for rung in below if (item.version, rung) not in noted))
