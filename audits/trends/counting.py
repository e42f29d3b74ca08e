"""Count findings and what lapses by week, age and month. Pure: what was counted in the ledger and a day in.

Days are calendar days of the reader's zone. A finding counts with how bad it was last: the ledger does not keep how
bad it was before.
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

from audits.severity import Severity
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
    """So many findings that were opened, or closed, on a day."""

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
class Ledger:
    """What was counted. open: by the day they were opened; ended, closed: when those closed since began, and ended.

    Of ended and closed the day may be any of the week that ends on today's day of the week. lapses: how many things
    are valid up to and including each day.
    """

    open: Sequence[Moment]
    ended: Sequence[Moment]
    closed: Sequence[Moment]
    lasted: Sequence[Lasted]
    lapses: Mapping[date, int]


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
    """What was open at the end of the day `on`."""

    on: date
    open: Counted


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


def trends(ledger: Ledger, today: date) -> Trends:
    """Return what a ledger tells on `today`."""
    return Trends(_weeks(ledger, today), _ages(ledger.open, today), _closing(ledger.lasted), _months(ledger, today))


def first_day(today: date) -> date:
    """Return the day of the oldest week told."""
    return today - timedelta(weeks=WEEKS)


def _weeks(ledger: Ledger, today: date) -> tuple[Week, ...]:
    days = [today - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    found = {severity: _over_time(ledger, severity, days) for severity in ORDER}
    return tuple(Week(day, Counted({one: found[one][at] for one in ORDER})) for at, day in enumerate(days))


def _over_time(ledger: Ledger, severity: Severity, days: Iterable[date]) -> list[int]:
    """Return how many were open at the end of each day, counted back from what is open now."""
    moves = [
        *((one.day, one.number) for one in (*ledger.open, *ledger.ended) if one.severity is severity),
        *((one.day, -one.number) for one in ledger.closed if one.severity is severity),
    ]
    moves.sort()
    moved = [day for day, _ in moves]
    before = [0, *accumulate(number for _, number in moves)]
    now = sum(one.number for one in ledger.open if one.severity is severity)
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
