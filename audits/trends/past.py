"""What trends tell of an organisation, kept with its judgements so that a reseller's page need not count. Pure.

Kept by part, as each reseller is told what the client opened to it, and so that what is kept of many can be added up.
Days are those of `ZONE`; months are numbered since the year 0; what stood at the end of a month is what was found then.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from audits.judging.severity import Severity
from audits.portfolio.kept import ORDER
from audits.reach import SCHEME
from audits.trends.counting import UP_TO, Age
from core import clock

MONTHS_KEPT = 12
AGES = tuple(Age)
# Three kinds of the plan, worst first, then the same of the scheme.
KINDS = 2 * len(ORDER)
ZONE = clock.DEFAULT_ZONE
_RANK = {severity: at for at, severity in enumerate(ORDER)}


class Found(NamedTuple):
    """A finding that was open. closed_on: None while it is."""

    kind: int
    opened_on: date
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What was kept of an organisation before. numbers: of its open findings by kind; past: as renewed() gives it."""

    numbers: Sequence[int]
    past: Mapping[str, Any]


# Asked of every finding, of which there are few kinds.
@cache
def kind_of(code: str, severity: Severity) -> int:
    """Return the kind of a finding under this item or duty."""
    return len(ORDER) * code.startswith(SCHEME) + _RANK[severity]


@lru_cache(maxsize=4096)
def day_of(at: datetime) -> date:
    """Return the day of an instant."""
    return clock.day_of(at, ZONE)


def month_of(day: date) -> int:
    """Return the number of a day's month."""
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    """Return the first day of the month with this number."""
    return date(month // 12, month % 12 + 1, 1)


def numbers_of(counted: Sequence[int]) -> list[int]:
    """Return how many findings of each kind are open. counted: the columns COUNTED of an audit_state."""
    every, scheme = counted[: len(ORDER)], counted[len(ORDER) :]
    return [*(both - of_scheme for both, of_scheme in zip(every, scheme, strict=True)), *scheme]


def renewed(
    found: Iterable[Found], lapsing: Iterable[tuple[str, date]], before: Before | None, today: date
) -> dict[str, Any]:
    """Return what is kept after a judgement that found something else than the one before, as JSON can hold it.

    found: what is open now, and what was closed by this judgement, or by any without `before`; lapsing: the code and
    last valid day of whatever lapses. {"month": the number of today's month, "stood": how many findings of each kind
    were open at the end of each of the MONTHS_KEPT months before it, "opened": how many are open by day and kind,
    "closed": how many were closed since, by month, kind and age, "lapses": how much lapses by month and part}.
    """
    month = month_of(today)
    opened, closed = Counter[int](), Counter[int]()
    all_found = list(found)
    for one in all_found:
        if one.closed_on is None:
            opened[one.opened_on.toordinal() * KINDS + one.kind] += 1
        else:
            age = _age((one.closed_on - one.opened_on).days)
            closed[(month_of(one.closed_on) * KINDS + one.kind) * len(AGES) + age] += 1
    if before is None:
        stood = _stood_by(all_found, month)
    else:
        stood = stood_at(before.past, before.numbers, month)
        closed.update({int(key): number for key, number in before.past["closed"].items()})
    oldest = (month - MONTHS_KEPT) * KINDS * len(AGES)
    lapses = Counter(month_of(until) * 2 + code.startswith(SCHEME) for code, until in lapsing if until >= today)
    return {
        "month": month,
        "stood": stood,
        "opened": _keyed(opened),
        "closed": _keyed({key: number for key, number in closed.items() if key >= oldest}),
        "lapses": _keyed(lapses),
    }


def stood_at(past: Mapping[str, Any], numbers: Sequence[int], month: int) -> list[int]:
    """Return what was open at the end of each of the MONTHS_KEPT months before `month`, by kind, the oldest first.

    numbers: what was open since `past` was kept.
    """
    later = min(max(month - int(past["month"]), 0), MONTHS_KEPT)
    stood: list[int] = past["stood"]
    return stood[later * KINDS :] + list(numbers) * later


def _stood_by(found: Sequence[Found], month: int) -> list[int]:
    stood: list[int] = []
    for end in (first_of(one + 1) for one in range(month - MONTHS_KEPT, month)):
        open_then = Counter(
            one.kind for one in found if one.opened_on < end and (one.closed_on is None or one.closed_on >= end)
        )
        stood.extend(open_then[kind] for kind in range(KINDS))
    return stood


def _age(days: int) -> int:
    return next((at for at, age in enumerate(AGES) if age in UP_TO and days <= UP_TO[age]), len(AGES) - 1)


def _keyed(numbers: Mapping[int, int]) -> dict[str, int]:
    return {str(key): number for key, number in sorted(numbers.items())}
