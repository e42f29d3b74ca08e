"""What a reseller's pages tell of an organisation, told from its judgements and kept with them. Pure.

Kept by leg and by part, so that each reseller is told what the client opened to it, and nothing is counted for a page.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from audits.judging.severity import Severity
from audits.portfolio.legs import Leg
from audits.reach import SCHEME

TESTS = "testing."
HANDED_OVER = ("scheme.documentation", "scheme.logins", "scheme.other-information")
LEGS = tuple(Leg)
# Of each leg so much is kept, the code last.
EACH, CODE = 4, 3
# As numbers are kept: worst first.
ORDER = (Severity.FAULT, Severity.WARNING, Severity.NOTICE)
_RANK = {severity: at for at, severity in enumerate(ORDER)}
_AT = {leg: at for at, leg in enumerate(LEGS)}


def leg_of(code: str) -> Leg:
    """Return the leg that a finding under this item or duty belongs to."""
    if code.startswith(SCHEME):
        return Leg.HANDOVERS if code in HANDED_OVER else Leg.AGREEMENTS
    return Leg.TESTS if code.startswith(TESTS) else Leg.PLAN


@cache
def _at(code: str) -> int:
    return _AT[leg_of(code)]


def legs_told(
    gaps: Iterable[tuple[str, Severity]],
    lapsing: Iterable[tuple[str, date]],
    today: date,
    places: Mapping[str, int],
    *,
    registered: bool,
) -> dict[str, Any]:
    """Return how each leg stands on `today` and what lapses next, as JSON can hold it.

    gaps: the code and severity of every open finding; lapsing: the code and last valid day of whatever lapses; places:
    of the codes in the catalogue; registered: whether a service is registered with a foundation. {"legs": for each leg
    its faults, warnings, notices and the first code of its worst, "lapses": for the plan and for the scheme the first
    last valid day from `today` on and the first code of that day, "" for none, "registered": as given}. A code is ""
    where the catalogue has none of them. Flat lists, as hundreds of these are read for a page.
    """
    legs: list[Any] = [0, 0, 0, ""] * len(LEGS)
    first: list[tuple[int, int]] = [(len(ORDER), 0)] * len(LEGS)
    unknown = len(places)
    for code, severity in gaps:
        at, rank = _at(code), _RANK[severity]
        legs[at * EACH + rank] += 1
        found = (rank, places.get(code, unknown))
        if found < first[at]:
            first[at] = found
            legs[at * EACH + CODE] = code if found[1] < unknown else ""
    return {"legs": legs, "lapses": _lapses(lapsing, today, places), "registered": registered}


def _lapses(lapsing: Iterable[tuple[str, date]], today: date, places: Mapping[str, int]) -> list[str]:
    unknown = len(places)
    first: list[tuple[date, int] | None] = [None, None]
    told = [""] * 4
    for code, until in lapsing:
        if until >= today:
            at = int(code.startswith(SCHEME))
            known = first[at]
            if known is not None and until > known[0]:
                continue
            found = (until, places.get(code, unknown))
            if known is None or found < known:
                first[at] = found
                told[2 * at : 2 * at + 2] = until.isoformat(), code if found[1] < unknown else ""
    return told
