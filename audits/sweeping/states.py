"""What is kept of each organisation beside its findings: when it was judged, by which rules, and what was told."""

import base64
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.first_night import places_by_need
from audits.judging.verdicts import Verdict, lapsing
from audits.models import AuditCarried, AuditState
from audits.portfolio.kept import Open, columns_told
from audits.rules.unfilled import UNFILLED
from audits.writing import add_rows, change_rows
from core import db
from core.ids import new_id
from plans.versions.content import way_of_telling
from plans.versions.rooms import TABLES
from tenants.lock import EVERY_TABLE, Bypass, bypass
from tenants.prepared import Prepared

PAST_LOCK = bypass(Bypass.LEDGER)
Row = dict[str, Any]
# A change in one of these may change what the plan says.
SAYING = frozenset({EVERY_TABLE, *(table.name for table in TABLES)})


@dataclass(frozen=True, slots=True)
class State:
    """An organisation's audit_state, as the next judgement needs it. id None: it was never judged.

    plan_said: fingerprint of what its plan said, "" where none was made in the way of this release; registered:
    whether it had a scheme of its own, None where that was not kept; carries: whether it has a row of audit_carried;
    entered: at which items anything was entered, None where that was not kept.
    """

    id: UUID | None
    times: int
    rule_set: str
    told: str
    plan_said: str
    from_rows: str
    judged_on: date
    next_on: date | None
    registered: bool | None
    carries: bool
    entered: Mapping[str, Sequence[str]] | None

    def stands_on(self, day: date) -> bool:
        """Tell whether the same would be found on `day` where nobody touched the data, and stands in the ledger."""
        return bool(self.told) and self.judged_on <= day and (self.next_on is None or day < self.next_on)


NEVER = State(None, 0, "", "", "", "", date.min, None, None, False, None)
_STATES = Prepared(
    sa.select(
        AuditState.tenant_id,
        AuditState.id,
        AuditState.times,
        AuditState.rule_set,
        AuditState.told,
        AuditState.plan_said,
        AuditState.from_rows,
        AuditState.judged_on,
        AuditState.next_on,
        AuditState.registered,
        AuditCarried.id.is_not(None),
        AuditCarried.entered,
    )
    .select_from(AuditState)
    .outerjoin(AuditCarried)
)
_TIMES = Prepared(sa.select(AuditState.tenant_id, AuditState.times))
_SAID = Prepared(sa.select(AuditState.plan_said))


def of(tenant_ids: Sequence[int]) -> dict[int, State]:
    """Return the states of those of the open scope's organisations `tenant_ids` that were judged before."""
    return {
        tenant_id: State(row_id, times, rule_set, told, _said(said), *rest)
        for tenant_id, row_id, times, rule_set, told, said, *rest in _STATES.rows(tenant_ids)
    }


def plan_said() -> str:
    """Return the fingerprint of what the plan of the open scope's organisation said when it was judged, as State."""
    return next((_said(said) for (said,) in _SAID.rows()), "")


def _kept(fingerprint: str) -> str:
    """Return a plan's fingerprint as it is kept: behind the way it was made, so that each release knows its own."""
    return way_of_telling() + base64.urlsafe_b64encode(bytes.fromhex(fingerprint)).decode() if fingerprint else ""


def _said(kept: str) -> str:
    """Return a fingerprint that was kept, "" when it was made in another way: this release may tell more of a plan."""
    way = way_of_telling()
    return base64.urlsafe_b64decode(kept[len(way) :]).hex() if kept.startswith(way) else ""


def stand(times: Mapping[int, int], days: Mapping[int, date], *, at: datetime) -> list[int]:
    """Keep that the open scope's organisations `times` were looked at, and that what was found of them stands.

    times: how often each was judged when it was read; days: on which; at: aware UTC. Returns those that no newer
    judgement overtook. The scope writes the audit area of every one, and nobody else does meanwhile.
    """
    now = dict(_TIMES.rows(list(times))) if times else {}
    found = [one for one, count in times.items() if now.get(one) == count]
    for day in {days[one] for one in found}:
        ids = [one for one in found if days[one] == day]
        update = sa.update(AuditState).where(AuditState.tenant_id.in_(ids))
        looked = update.values(judged_on=day, judged_at=at, times=AuditState.times + 1)
        db.session().execute(looked, execution_options=PAST_LOCK)
    return found


def write(
    verdicts: Sequence[Verdict],
    before: Mapping[int, State],
    pasts: Mapping[int, Row],
    rule_set: str,
    *,
    at: datetime,
) -> None:
    """Keep that these judgements were made. at: aware UTC. The scope writes the audit area of every organisation.

    pasts: of those of which something else was found than before, as audits/trends/past.py puts it.
    """
    new: list[Row] = []
    known: list[Row] = []
    carried = _Carried([], defaultdict(list))
    place = places_by_need()
    for one in verdicts:
        state = before.get(one.tenant_id, NEVER)
        row = _row(one, rule_set, at, place) | {"id": state.id or new_id()}
        (known if state.id else new).append(row)
        carried.add(one, state, row["id"], pasts)
    change_rows(AuditState, known)
    add_rows(AuditState, new)
    carried.write()


@dataclass(frozen=True, slots=True)
class _Carried:
    """Rows of audit_carried to write: new ones, and others by the columns that are not what they were."""

    new: list[Row]
    known: dict[tuple[str, ...], list[Row]]

    def add(self, one: Verdict, state: State, row_id: UUID, pasts: Mapping[int, Row]) -> None:
        """Take up what this verdict carries over, as far as it differs from `state`. pasts: as in write()."""
        key: Row = {"tenant_id": one.tenant_id, "id": row_id}
        past = pasts.get(one.tenant_id)
        if not state.carries:
            self.new.append(key | {"past": past, "entered": one.entered})
            return
        told: Row = {} if past is None else {"past": past}
        if one.entered != state.entered:
            told["entered"] = one.entered
        if told:
            self.known[tuple(told)].append(key | told)

    def write(self) -> None:
        """Write them."""
        for rows in self.known.values():
            change_rows(AuditCarried, rows)
        add_rows(AuditCarried, self.new)


def _row(one: Verdict, rule_set: str, at: datetime, place: Mapping[str, int]) -> Row:
    gaps = [Open(code, gap.severity, gap.until, gap.message in UNFILLED) for code, gap in one.judgements.gaps]
    days = [(code, until) for code, _, until in lapsing(one.judgements)]
    return {
        "tenant_id": one.tenant_id,
        "judged_on": one.today,
        "judged_at": at,
        "rule_set": rule_set,
        "times": one.times + 1,
        "next_on": one.judgements.next_on,
        **columns_told(gaps, days, one.today, place, registered=one.registered),
        "told": one.told,
        "plan_said": _kept(one.plan_said),
        "from_rows": one.from_rows,
    }
