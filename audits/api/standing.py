"""How one organisation stands, in numbers, as programs read it: what its home page tells, without a sentence."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from audits.findings import queries
from audits.findings.finding import BareGap
from audits.judging.severity import Severity
from audits.models import AuditState, Expiry
from audits.portfolio.kept import leg_of
from audits.portfolio.legs import AREA_OF, Leg, LegState
from audits.reach import about, open_areas, reaches
from audits.status import item_of, item_states, never_judged, worst_of
from core import clock
from plans.handbook import SECTION_TITLES
from plans.status import progress
from tenants.owned import Area
from tenants.prepared import Prepared
from tenants.tokens.door import caller

Numbers = Counter[Severity]
_JUDGED = Prepared(
    sa.select(
        AuditState.judged_on,
        AuditState.judged_at,
        AuditState.rule_set,
        AuditState.next_on,
        AuditState.registered,
    )
)


def show_standing() -> dict[str, Any]:
    """Answer how the open scope's organisation stands; before its first judgement nothing is counted."""
    rows = _JUDGED.rows()
    judged_on, judged_at, rule_set, changes_on, registered = rows[0] if rows else (None, None, None, None, False)
    found = queries.bare_findings() if rows else []
    ahead = _lapsing(open_areas()).rows(today=clock.today(caller().zone)) if rows else []
    every = _numbers(found)
    return {
        "judged_on": judged_on,
        "judged_at": judged_at,
        "rule_set": rule_set,
        "changes_on": changes_on,
        "state": _state(found) if rows else LegState.NOT_JUDGED,
        **_told(every),
        "legs": _legs(found, judged=bool(rows), registered=bool(registered)),
        "sections": _sections(found, judged=bool(rows)),
        "lapses_on": ahead[0][0] if ahead else None,
        "lapsing": ahead[0][1] if ahead else None,
    }


@cache
def _lapsing(opened: frozenset[Area]) -> Prepared:
    today = sa.bindparam("today", type_=sa.Date)
    ahead = sa.select(Expiry.until, Expiry.rule_code).where(Expiry.until >= today, about(opened, Expiry.rule_code))
    return Prepared(ahead.order_by(Expiry.until, Expiry.rule_code).limit(1))


def _numbers(found: Iterable[BareGap]) -> Numbers:
    return Counter(one.severity for one in found)


def _told(numbers: Numbers) -> dict[str, int]:
    return {f"{severity}s": numbers[severity] for severity in Severity}


def _state(found: Iterable[BareGap]) -> LegState:
    return LegState(worst_of(found))


def _legs(found: Collection[BareGap], *, judged: bool, registered: bool) -> list[dict[str, Any]]:
    of: Mapping[Leg, list[BareGap]] = defaultdict(list)
    for one in found:
        of[leg_of(one.code)].append(one)
    told = []
    for leg in Leg:
        here = of[leg]
        state = _state(here)
        if not reaches(AREA_OF[leg]):
            state = LegState.CLOSED
        elif not judged:
            state = LegState.NOT_JUDGED
        elif AREA_OF[leg] is Area.CONTINUITY and not registered:
            state = LegState.NO_SCHEME
        told.append({"leg": leg, "state": state, **_told(_numbers(here))})
    return told


def _sections(found: Collection[BareGap], *, judged: bool) -> list[dict[str, Any]]:
    """Return how far each section of the plan is; nothing where the plan is closed."""
    if not reaches(Area.PLAN):
        return []
    own = queries.own_item_ids()
    waived = queries.waived_items(clock.today(caller().zone)) if judged else {}
    states = item_states(found, waived, own) if judged else never_judged(own)
    numbers: Mapping[str, Numbers] = defaultdict(Counter)
    for one in found:
        section = item_of(one, own).partition(".")[0]
        numbers[section][one.severity] += 1
    return [
        {
            "section": one.section,
            "title": str(SECTION_TITLES[one.section]),
            "state": one.status,
            "done": one.done,
            "items": one.total,
            **_told(numbers[one.section.value]),
        }
        for one in progress(states)
    ]
