"""Count findings and what lapses by week, age and month. Pure: what was counted in the ledger and a day in.

Days are calendar days of the reader's zone. How many findings were open on a day, and how bad, is told by the days
that were kept. Of whom no days are kept, or only a part may be seen, the ledger tells it, each finding as bad as it
was last: the ledger does not keep how bad it was before.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.judging.severity import Severity
from core.clock import add_months

WEEKS = 52
MONTHS = 12
# As they are stacked and told: worst first.
ORDER = (Severity.FAULT, Severity.WARNING, Severity.NOTICE)
Numbers = Mapping[Severity, int]


class Age(StrEnum):
    """How long a finding has been open."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    LONGER = "longer"


# Whole days up to and including which each lasts.
UP_TO: Mapping[Age, int] = MappingProxyType({Age.WEEK: 7, Age.MONTH: 30, Age.QUARTER: 90})
AGE_LABELS: Mapping[Age, Any] = MappingProxyType(
    {
        Age.WEEK: _l("0-7 days"),
        Age.MONTH: _l("8-30 days"),
        Age.QUARTER: _l("31-90 days"),
        Age.LONGER: _l("over 90 days"),
    }
)


@dataclass(frozen=True, slots=True)
class Moment:
    """So many findings that were opened, or closed, on a day; more or, below zero, fewer than the day before."""

    severity: Severity
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Lasted:
    """So many findings that were open for so many whole days before they were closed."""

    severity: Severity
    days: int
    number: int


@dataclass(frozen=True, slots=True)
class Moves:
    """Findings as the ledger has them. open: by the day they were opened; ended, closed: when those closed since began,
    and ended. Of these two the day may be any of the week that ends on today's day of the week.
    """

    open: Sequence[Moment] = ()
    ended: Sequence[Moment] = ()
    closed: Sequence[Moment] = ()

    @property
    def any(self) -> bool:
        """Tell whether there are any."""
        return any((self.open, self.ended, self.closed))


@dataclass(frozen=True, slots=True)
class KeptDays:
    """What was found by the days that were kept. first: the first of them; changes: by how much a week differs."""

    first: date
    changes: Sequence[Moment]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was counted. open: by the day they were opened; lapses: how many things are valid up to and on each day.

    kept: of whom days are kept, None of nobody; moves: of all others.
    """

    open: Sequence[Moment]
    moves: Moves
    lasted: Sequence[Lasted]
    lapses: Mapping[date, int]
    kept: KeptDays | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Numbers by severity of one week or age."""

    numbers: Numbers

    @property
    def total(self) -> int:
        """Return all of them together."""
        return sum(self.numbers.values())


@dataclass(frozen=True, slots=True)
class Week:
    """What was open at the end of the day `on`. known: whether anything tells how it was that long ago."""

    on: date
    open: Counted
    known: bool = True


@dataclass(frozen=True, slots=True)
class Month:
    """How much lapses in the month that begins on `first`."""

    first: date
    number: int


@dataclass(frozen=True, slots=True)
class Closing:
    """How many findings were closed in the year, and after how many whole days half of them was; None without any."""

    number: int
    median: float | None


@dataclass(frozen=True, slots=True)
class Trends:
    """Everything a page of trends tells."""

    weeks: tuple[Week, ...]
    ages: Mapping[Age, Counted]
    closing: Mapping[Severity, Closing]
    months: tuple[Month, ...]
    kept_since: date | None = None

    @property
    def known(self) -> tuple[Week, ...]:
        """Return the weeks of which something is known, at least the last two."""
        return tuple(week for at, week in enumerate(self.weeks) if week.known or at >= len(self.weeks) - 2)


def trends(ledger: Ledger, today: date) -> Trends:
    """Return what a ledger tells on `today`."""
    return Trends(
        _weeks(ledger, today),
        _ages(ledger.open, today),
        _closing(ledger.lasted),
        _months(ledger, today),
        ledger.kept.first if ledger.kept else None,
    )


def first_day(today: date) -> date:
    """Return the day of the oldest week told."""
    return today - timedelta(weeks=WEEKS)


def _weeks(ledger: Ledger, today: date) -> tuple[Week, ...]:
    days = [today - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    found = {severity: _over_time(ledger, severity, days) for severity in ORDER}
    # Where the ledger tells of some, every week is told as far as it goes.
    first = ledger.kept.first if ledger.kept and not ledger.moves.any else date.min
    return tuple(
        Week(day, Counted({one: found[one][at] for one in ORDER}), known=day >= first) for at, day in enumerate(days)
    )


def _over_time(ledger: Ledger, severity: Severity, days: Iterable[date]) -> list[int]:
    """Return how many were open at the end of each day: of kept days as they were, else counted back from now."""
    told, moves = ledger.kept.changes if ledger.kept else (), ledger.moves
    changes = [
        *((one.day, one.number) for one in (*told, *moves.open, *moves.ended) if one.severity is severity),
        *((one.day, -one.number) for one in moves.closed if one.severity is severity),
    ]
    changes.sort()
    moved = [day for day, _ in changes]
    before = [0, *accumulate(number for _, number in changes)]
    now = sum(one.number for one in (*told, *moves.open) if one.severity is severity)
    return [now - before[-1] + before[bisect_right(moved, day)] for day in days]


def _ages(opened: Iterable[Moment], today: date) -> dict[Age, Counted]:
    found: Counter[tuple[Age, Severity]] = Counter()
    for one in opened:
        days = (today - one.day).days
        age = next((age for age, most in UP_TO.items() if days <= most), Age.LONGER)
        found[age, one.severity] += one.number
    return {age: Counted({severity: found[age, severity] for severity in ORDER}) for age in Age}


def _closing(lasted: Sequence[Lasted]) -> dict[Severity, Closing]:
    found = {}
    for severity in ORDER:
        numbers = Counter[int]()
        for one in lasted:
            if one.severity is severity:
                numbers[one.days] += one.number
        found[severity] = Closing(numbers.total(), _median(numbers))
    return found


def _median(numbers: Counter[int]) -> float | None:
    total = numbers.total()
    if not total:
        return None
    days = sorted(numbers)
    until = list(accumulate(numbers[day] for day in days))
    lower = days[bisect_left(until, (total + 1) // 2)]
    upper = days[bisect_left(until, total // 2 + 1)]
    return (lower + upper) / 2


def _months(ledger: Ledger, today: date) -> tuple[Month, ...]:
    firsts = [add_months(today.replace(day=1), ahead) for ahead in range(MONTHS)]
    found = Counter[date]()
    for day, number in ledger.lapses.items():
        if day >= today:
            found[day.replace(day=1)] += number
    return tuple(Month(first, found[first]) for first in firsts)
