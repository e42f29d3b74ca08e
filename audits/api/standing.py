"""How one organisation stands, in numbers, as programs read it: what its home page tells, without a sentence."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from audits.findings import queries
from audits.judging.severity import Severity
from audits.models import AuditState, Expiry, Finding
from audits.portfolio.kept import leg_of
from audits.portfolio.legs import AREA_OF, Leg, LegState
from audits.reach import about, open_areas, reaches
from audits.status import NEVER_JUDGED, STATUS_OF
from core import clock
from plans import handbook
from plans.handbook import SECTION_TITLES
from plans.own_items.ids import RULE as OWN_RULE
from plans.status import ItemState, Status, progress
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
# Own items are judged by one rule: which of them it is, its row tells.
_OWN = sa.case((Finding.rule_code == OWN_RULE, Finding.subject_id), else_=sa.null())


class Counted(NamedTuple):
    """How many open findings an item or duty has of one kind. row_id: of an own item, None for any other."""

    code: str
    severity: Severity
    row_id: UUID | None
    number: int


def show_standing() -> dict[str, Any]:
    """Answer how the open scope's organisation stands; before its first judgement nothing is counted."""
    rows = _JUDGED.rows()
    judged_on, judged_at, rule_set, changes_on, registered = rows[0] if rows else (None, None, None, None, False)
    found = [Counted(*row) for row in _counted(open_areas()).rows()] if rows else []
    ahead = _lapsing(open_areas()).rows(today=clock.today(caller().zone)) if rows else []
    every = _numbers(found)
    return {
        "judged_on": judged_on,
        "judged_at": judged_at,
        "rule_set": rule_set,
        "changes_on": changes_on,
        "state": _state(every) if rows else LegState.NOT_JUDGED,
        **_told(every),
        "legs": _legs(found, judged=bool(rows), registered=bool(registered)),
        "sections": _sections(found, judged=bool(rows)),
        "lapses_on": ahead[0][0] if ahead else None,
        "lapsing": ahead[0][1] if ahead else None,
    }


@cache
def _counted(opened: frozenset[Area]) -> Prepared:
    counted = sa.select(Finding.rule_code, Finding.severity, _OWN, sa.func.count(Finding.id))
    still = counted.where(Finding.closed_at.is_(None), about(opened, Finding.rule_code))
    return Prepared(still.group_by(Finding.rule_code, Finding.severity, _OWN))


@cache
def _lapsing(opened: frozenset[Area]) -> Prepared:
    today = sa.bindparam("today", type_=sa.Date)
    ahead = sa.select(Expiry.until, Expiry.rule_code).where(Expiry.until >= today, about(opened, Expiry.rule_code))
    return Prepared(ahead.order_by(Expiry.until, Expiry.rule_code).limit(1))


def _numbers(found: Iterable[Counted]) -> Numbers:
    numbers = Numbers()
    for one in found:
        numbers[one.severity] += one.number
    return numbers


def _told(numbers: Numbers) -> dict[str, int]:
    return {f"{severity}s": numbers[severity] for severity in Severity}


def _state(numbers: Numbers) -> LegState:
    return LegState(STATUS_OF[max(+numbers, key=lambda one: one.rank)]) if +numbers else LegState.COMPLETE


def _legs(found: Collection[Counted], *, judged: bool, registered: bool) -> list[dict[str, Any]]:
    told = []
    for leg in Leg:
        numbers = _numbers(one for one in found if leg_of(one.code) is leg)
        state = _state(numbers)
        if not reaches(AREA_OF[leg]):
            state = LegState.CLOSED
        elif not judged:
            state = LegState.NOT_JUDGED
        elif AREA_OF[leg] is Area.CONTINUITY and not registered:
            state = LegState.NO_SCHEME
        told.append({"leg": leg, "state": state, **_told(numbers)})
    return told


def _sections(found: Iterable[Counted], *, judged: bool) -> list[dict[str, Any]]:
    """Return how far each section of the plan is; nothing where the plan is closed."""
    if not reaches(Area.PLAN):
        return []
    own = queries.own_item_ids()
    of_item: Mapping[str, Numbers] = defaultdict(Numbers)
    for one in found:
        of_item[own.get(one.row_id, "") if one.row_id else one.code][one.severity] += one.number
    waived = queries.waived_items(clock.today(caller().zone)) if judged else {}
    states = {
        item_id: _item_state(of_item.get(item_id), left_out=item_id in waived) if judged else NEVER_JUDGED
        for item_id in (*handbook.by_id(), *own.values())
    }
    told = []
    for section in progress(states):
        here = Numbers()
        for item_id, numbers in of_item.items():
            if item_id.startswith(f"{section.section}."):
                here += numbers
        title, state = str(SECTION_TITLES[section.section]), section.status
        told.append(
            {"section": section.section, "title": title, "state": state, "done": section.done, "items": section.total}
            | _told(here)
        )
    return told


def _item_state(numbers: Numbers | None, *, left_out: bool) -> ItemState:
    if numbers:
        return ItemState(STATUS_OF[max(numbers, key=lambda one: one.rank)])
    return ItemState(Status.LEFT_OUT if left_out else Status.COMPLETE)
