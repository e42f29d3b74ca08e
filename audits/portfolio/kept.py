"""What a reseller's pages tell of an organisation, told from its judgements and kept with them. Pure.

Kept by leg and by part, so that each reseller is told what the client opened to it, and nothing is counted for a page.
What clients are sorted by stands in one text of its own: a page asks it of hundreds, and of the legs of a few.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from audits.first_night import NEEDED
from audits.judging.severity import Severity
from audits.portfolio.legs import AREA_OF, Leg
from audits.reach import SCHEME
from plans import handbook
from tenants.owned import Area

TESTS = "testing."
HANDED_OVER = ("scheme.documentation", "scheme.logins", "scheme.other-information")
LEGS = tuple(Leg)
# Of each leg so much is kept, the code last.
EACH, CODE = 4, 3
# The two legs of the plan stand first, then the two of the scheme.
SCHEME_AT = EACH * sum(AREA_OF[leg] is Area.PLAN for leg in LEGS)
# As numbers are kept: worst first.
ORDER = (Severity.FAULT, Severity.WARNING, Severity.NOTICE)
# Columns of audit_state: of all and of the scheme, worst first.
COUNTED = tuple(f"{part}{severity}s" for part in ("", "scheme_") for severity in ORDER)
_RANK = {severity: at for at, severity in enumerate(ORDER)}
_AT = {leg: at for at, leg in enumerate(LEGS)}


class Open(NamedTuple):
    """An open finding: its item or duty, how bad it is, and until when what it is about holds; None: no end.

    unfilled: it says that something is not there yet.
    """

    code: str
    severity: Severity
    until: date | None = None
    unfilled: bool = False


@cache
def leg_of(code: str) -> Leg:
    """Return the leg that a finding under this item or duty belongs to."""
    if code.startswith(SCHEME):
        return Leg.HANDOVERS if code in HANDED_OVER else Leg.AGREEMENTS
    return Leg.TESTS if code.startswith(TESTS) else Leg.PLAN


@cache
def _at(code: str) -> int:
    return _AT[leg_of(code)]


def columns_told(
    gaps: Iterable[Open],
    lapsing: Iterable[tuple[str, date]],
    today: date,
    places: Mapping[str, int],
    *,
    registered: bool,
) -> dict[str, Any]:
    """Return how an organisation stands on `today` and what lapses next, as columns of its audit_state.

    gaps: every open finding; lapsing: the code and last valid day of whatever lapses; places: of the codes, what is
    told first of equals first; registered: whether a service is registered with a foundation. Counted are all
    findings, and those of the scheme among them; placed_by is as in _placed_by().
    legs, as JSON can hold it: {"legs": for each leg its faults, warnings, notices and the first code of its worst,
    "endless": for each leg its notices without an end, "lapses": for the plan and for the scheme the first code of
    that day, "unfilled": for each leg its faults that say that something is not there yet, "begun": whether there is an
    item of the handbook about which none says so}. A code is "" where `places` has none of them, and for none.
    """
    gaps = list(gaps)
    legs = _legs(gaps, places)
    endless = _by_leg(gap for gap in gaps if gap.severity is Severity.NOTICE and gap.until is None)
    faults = [gap for gap in gaps if gap.severity is Severity.FAULT]
    absent = [gap for gap in faults if gap.unfilled]
    unfilled = _by_leg(absent)
    plan, of_plan, scheme, of_scheme = _lapses(lapsing, today, places)
    counts = [sum(legs[start + rank :: EACH]) for start in (0, SCHEME_AT) for rank in range(CODE)]
    tonight = len({one.code for one in faults} & NEEDED)
    return {
        **dict(zip(COUNTED, counts, strict=True)),
        "registered": registered,
        "placed_by": _placed_by([registered, *counts], endless, tonight, (plan, scheme), unfilled),
        "legs": {
            "legs": legs,
            "endless": endless,
            "lapses": [of_plan, of_scheme],
            "unfilled": unfilled,
            "begun": not handbook.by_id().keys() <= {gap.code for gap in absent},
        },
    }


def _placed_by(
    told: Sequence[int], endless: Sequence[int], tonight: int, until: Iterable[date | None], unfilled: Sequence[int]
) -> str:
    """Return what clients are sorted by, as JSON.

    It holds registered and the six numbers, `told`; the notices that end on no day, about which nothing lapses, of all
    and of the scheme; how many of the things that the first night needs are missing; of the plan and of the scheme the
    first last valid day, null for none; how many of the faults, of all and of the scheme, say that something is not
    there yet.
    """
    scheme_at = SCHEME_AT // EACH
    days = [one and one.isoformat() for one in until]
    ends, absent = ([sum(each), sum(each[scheme_at:])] for each in (endless, unfilled))
    return json.dumps([*told, *ends, tonight, *days, *absent])


def _by_leg(gaps: Iterable[Open]) -> list[int]:
    found = [0] * len(LEGS)
    for gap in gaps:
        found[_at(gap.code)] += 1
    return found


def _legs(gaps: Iterable[Open], places: Mapping[str, int]) -> list[Any]:
    legs: list[Any] = [0, 0, 0, ""] * len(LEGS)
    first: list[tuple[int, int]] = [(len(ORDER), 0)] * len(LEGS)
    unknown = len(places)
    for code, severity, *_ in gaps:
        at, rank = _at(code), _RANK[severity]
        legs[at * EACH + rank] += 1
        found = (rank, places.get(code, unknown))
        if found < first[at]:
            first[at] = found
            legs[at * EACH + CODE] = code if found[1] < unknown else ""
    return legs


def _lapses(
    lapsing: Iterable[tuple[str, date]], today: date, places: Mapping[str, int]
) -> tuple[date | None, str, date | None, str]:
    unknown = len(places)
    first: list[tuple[date, int] | None] = [None, None]
    codes = ["", ""]
    for code, until in lapsing:
        if until >= today:
            at = int(code.startswith(SCHEME))
            known = first[at]
            if known is not None and until > known[0]:
                continue
            found = (until, places.get(code, unknown))
            if known is None or found < known:
                first[at] = found
                codes[at] = code if found[1] < unknown else ""
    plan, scheme = first
    return plan and plan[0], codes[0], scheme and scheme[0], codes[1]
