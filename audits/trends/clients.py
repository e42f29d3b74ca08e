"""Trends of all clients of a reseller together, added up from what was kept of each, as far as it opened itself."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from audits.judging.severity import Severity
from audits.models import AuditCarried, AuditState
from audits.portfolio.kept import COUNTED
from audits.trends.counting import MONTHS, ORDER, UP_TO, Age, Counted, Month, Week
from audits.trends.past import AGES, KINDS, MONTHS_KEPT, first_of, month_of, numbers_of, stood_at
from core.clock import add_months
from tenants.grants.reach import ClientGrant
from tenants.prepared import Prepared


class Client(NamedTuple):
    """What was kept of a client, and what its grant opens.

    past: as audits/trends/past.py puts it; numbers: of its open findings by kind.
    """

    plan: bool
    continuity: bool
    past: Mapping[str, Any]
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class ClientTrends:
    """Everything the page tells.

    ends: the last day of each month of the past year, and today; closed: findings that were closed since the day
    `closed_since`, by how long they were open.
    """

    ends: tuple[Week, ...]
    ages: Mapping[Age, Counted]
    closed_since: date
    closed: Mapping[Age, Counted]
    months: tuple[Month, ...]

    @property
    def number_closed(self) -> int:
        """Return how many findings were closed."""
        return sum(counted.total for counted in self.closed.values())


_KEPT = Prepared(
    sa.select(AuditState.tenant_id, AuditCarried.past, *(getattr(AuditState, name) for name in COUNTED))
    .select_from(AuditState)
    .join(AuditCarried)
    .where(AuditState.legs.is_not(None), AuditCarried.past.is_not(None))
)


def clients_kept(grants: Sequence[ClientGrant]) -> list[Client]:
    """Return what was kept of those of these clients that were judged. The open scope reads their audit area."""
    kept = {client: (past, numbers_of(counted)) for client, past, *counted in _KEPT.rows()}
    return [Client(one.plan, one.continuity, *kept[one.client_id]) for one in grants if one.client_id in kept]


def added_up(clients: Iterable[Client], today: date) -> ClientTrends:
    """Return the trends of these clients together, as they are on `today`."""
    found = list(clients)
    month = month_of(today)
    stood, opened, closed, lapses = [0] * KINDS * (MONTHS_KEPT + 1), Counter[int](), Counter[int](), Counter[int]()
    for plan, continuity in ((True, True), (True, False), (False, True)):
        part = [one for one in found if (one.plan, one.continuity) == (plan, continuity)]
        seen = [plan] * len(ORDER) + [continuity] * len(ORDER)
        for at, number in enumerate(_stood(part, month)):
            stood[at] += number * seen[at % KINDS]
        for name, total, each, kinds in (
            ("opened", opened, 1, KINDS),
            ("closed", closed, len(AGES), KINDS),
            ("lapses", lapses, 1, 2),
        ):
            opens = seen if kinds == KINDS else [plan, continuity]
            for key, number in _merged([one.past[name] for one in part]).items():
                total[key] += number * opens[key // each % kinds]
    return ClientTrends(
        _ends(stood, month, today),
        _ages(opened, today),
        first_of(month - MONTHS_KEPT),
        _closed(closed, month),
        _months(lapses, today),
    )


def _stood(clients: Sequence[Client], month: int) -> list[int]:
    """Return what stood at the end of each month and stands now, of all these clients, by kind."""
    rows = []
    for one in clients:
        rows.append([*stood_at(one.past, one.numbers, month), *one.numbers])
    return list(map(sum, zip(*rows, strict=True)))


def _merged(kept: Iterable[Mapping[str, int]]) -> dict[int, int]:
    total: dict[str, int] = {}
    for one in kept:
        for key, number in one.items():
            total[key] = total.get(key, 0) + number
    return {int(key): number for key, number in total.items()}


def _ends(stood: Sequence[int], month: int, today: date) -> tuple[Week, ...]:
    days = [*(first_of(month - back + 1) - timedelta(days=1) for back in range(MONTHS_KEPT, 0, -1)), today]
    return tuple(Week(day, _both(stood[at * KINDS : (at + 1) * KINDS])) for at, day in enumerate(days))


def _both(numbers: Sequence[int]) -> Counted:
    """Return the numbers of the plan and of the scheme together."""
    return Counted({severity: sum(numbers[rank :: len(ORDER)]) for rank, severity in enumerate(ORDER)})


def _ages(opened: Mapping[int, int], today: date) -> dict[Age, Counted]:
    found: dict[Age, Counter[Severity]] = {age: Counter() for age in AGES}
    for key, number in opened.items():
        days = today.toordinal() - key // KINDS
        age = next((age for age, most in UP_TO.items() if days <= most), Age.LONGER)
        found[age][ORDER[key % len(ORDER)]] += number
    return {age: Counted({severity: found[age][severity] for severity in ORDER}) for age in AGES}


def _closed(closed: Mapping[int, int], month: int) -> dict[Age, Counted]:
    found: dict[Age, Counter[Severity]] = {age: Counter() for age in AGES}
    for key, number in closed.items():
        kind, age = divmod(key, len(AGES))
        if kind // KINDS >= month - MONTHS_KEPT:
            found[AGES[age]][ORDER[kind % len(ORDER)]] += number
    return {age: Counted({severity: found[age][severity] for severity in ORDER}) for age in AGES}


def _months(lapses: Mapping[int, int], today: date) -> tuple[Month, ...]:
    firsts = [add_months(today.replace(day=1), ahead) for ahead in range(MONTHS)]
    return tuple(Month(first, lapses[month_of(first) * 2] + lapses[month_of(first) * 2 + 1]) for first in firsts)
