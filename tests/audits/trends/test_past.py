"""The past of clients: what stood at the end of a month stays as it was found, and each part is told apart."""

from datetime import date
from typing import Any

import pytest

from audits.judging.severity import Severity
from audits.portfolio.kept import COUNTED, Open, columns_told
from audits.trends.clients import Client, added_up
from audits.trends.counting import ORDER, Age
from audits.trends.past import Before, Found, kind_of, numbers_of, renewed

TEAM, FUNDING = "runbook.team", "scheme.funding"
SEPTEMBER, NOVEMBER, TODAY = date(2026, 9, 10), date(2026, 11, 5), date(2027, 1, 20)


def numbers(told: dict[str, Any]) -> list[int]:
    """Return how many findings of each kind these columns of an audit_state tell."""
    return numbers_of([told[name] for name in COUNTED])


def client(*, plan: bool = True, continuity: bool = True) -> Client:
    """A client of which a notice and a fault were found in September, that became two faults in November.

    Then the one of the scheme was closed, and nothing changed since.
    """
    team, funding = kind_of(TEAM, Severity.NOTICE), kind_of(FUNDING, Severity.FAULT)
    first = renewed([Found(team, SEPTEMBER), Found(funding, SEPTEMBER)], [(TEAM, NOVEMBER)], None, SEPTEMBER)
    then = columns_told(
        [Open(TEAM, Severity.NOTICE), Open(FUNDING, Severity.FAULT)], [], SEPTEMBER, {}, registered=True
    )
    worse = [Found(kind_of(TEAM, Severity.FAULT), SEPTEMBER), Found(funding, SEPTEMBER, NOVEMBER)]
    past = renewed(worse, [(FUNDING, TODAY), (TEAM, NOVEMBER)], Before(numbers(then), first), NOVEMBER)
    now = columns_told([Open(TEAM, Severity.FAULT)], [], NOVEMBER, {}, registered=True)
    return Client(plan, continuity, past, numbers(now))


@pytest.mark.parametrize(
    ("given", "ends", "closed", "lapses"),
    [
        ([client()], {9: (1, 0, 1), 10: (1, 0, 1), 11: (1, 0, 0), 12: (1, 0, 0)}, 1, 1),
        ([client(continuity=False)], {9: (0, 0, 1), 10: (0, 0, 1), 11: (1, 0, 0), 12: (1, 0, 0)}, 0, 0),
        ([client(plan=False)], {9: (1, 0, 0), 10: (1, 0, 0), 11: (0, 0, 0), 12: (0, 0, 0)}, 1, 1),
        ([client(), client(plan=False), client(continuity=False)],
         {9: (2, 0, 2), 10: (2, 0, 2), 11: (2, 0, 0), 12: (2, 0, 0)}, 2, 2),
    ],
    ids=["all", "the plan alone", "the scheme alone", "together"],
)  # fmt: skip
def test_a_month_stays_as_bad_as_it_was(
    given: list[Client], ends: dict[int, tuple[int, int, int]], closed: int, lapses: int
) -> None:
    told = added_up(given, TODAY)
    found = {end.on.month: tuple(end.open.numbers[one] for one in ORDER) for end in told.ends if end.open.total}
    assert found.pop(1, (0, 0, 0)) == ends[12], "nothing changed since"
    assert found == {month: numbers for month, numbers in ends.items() if any(numbers)}
    assert (len(told.ends), told.ends[0].on, told.ends[-1].on) == (13, date(2026, 1, 31), TODAY)
    assert {age: one.total for age, one in told.closed.items() if one.total} == (
        {Age.QUARTER: closed} if closed else {}
    )
    assert (told.closed_since, sum(month.number for month in told.months)) == (date(2026, 1, 1), lapses)
    assert {age: one.total for age, one in told.ages.items() if one.total} == (
        {Age.LONGER: ends[12][0]} if ends[12][0] else {}
    )
