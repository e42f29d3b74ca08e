"""The cockpit put together: every client in a row, filtered, worst first, and the three to call today."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audits.portfolio import queries
from audits.portfolio.legs import TOLD, ClientRow, Counted, Leg, LegState, leg_state
from audits.portfolio.queries import Opened, Phone
from audits.severity import Severity
from tenants.grants.reach import ClientGrant, at_clients
from tenants.owned import Area

PAGE = 100
URGENT = 3
JUDGED = frozenset({Area.AUDIT})
# States that make somebody pick up the telephone.
PRESSING = frozenset({LegState.TO_DO, LegState.ATTENTION})


@dataclass(frozen=True, slots=True)
class Filters:
    """Which clients to show. state: of the leg, or of the whole client without one; days: something lapses within."""

    q: str = ""
    leg: Leg | None = None
    state: LegState | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A client as it is told. reason: the item or duty of its worst finding; lapsing: of what lapses next."""

    row: ClientRow
    reason: str = ""
    lapsing: str = ""
    phone: Phone | None = None


@dataclass(frozen=True, slots=True)
class Cockpit:
    """One page of the cockpit. counts: of all clients by their state, whatever the filters; total: that pass them.

    judged_on: the newest day on which any was judged.
    """

    urgent: list[Shown]
    shown: list[Shown]
    counts: Mapping[LegState, int]
    clients: int
    judged_on: date | None
    total: int
    page: int
    last: int


def look(grants: Sequence[ClientGrant], filters: Filters, today: date, page: int) -> Cockpit:
    """Gather a page of the cockpit; the open scope is the reseller's own. today: in the reseller's zone."""
    reach = queries.opened(grants)
    covered = queries.accepted_own_scheme()
    with at_clients(reach.continuity, frozenset({Area.CONTINUITY})):
        scheme = queries.with_scheme()
    with at_clients(reach.everybody, JUDGED):
        rows = sorted(_rows(grants, reach, scheme, covered, today), key=lambda row: row.urgency)
        chosen = [row for row in rows if passes(row, filters, today)]
        last = max(1, -(-len(chosen) // PAGE))
        page = min(max(page, 1), last)
        part = chosen[(page - 1) * PAGE : page * PAGE]
        urgent = [row for row in rows if row.state in PRESSING][:URGENT]
        told = _told([*urgent, *part], reach)
    with at_clients(frozenset(row.grant.client_id for row in urgent) & reach.plan, frozenset({Area.PLAN})):
        phones = queries.whom_to_call()
    counts = Counter(row.state for row in rows)
    return Cockpit(
        urgent=[Shown(row, *told[row.grant.client_id], phones.get(row.grant.client_id)) for row in urgent],
        shown=[Shown(row, *told[row.grant.client_id]) for row in part],
        counts={state: counts[state] for state in (*TOLD, LegState.NOT_JUDGED) if counts[state]},
        clients=len(rows),
        judged_on=max((row.judged_on for row in rows if row.judged_on), default=None),
        total=len(chosen),
        page=page,
        last=last,
    )


def every_client(grants: Sequence[ClientGrant], today: date) -> list[ClientRow]:
    """Return how every client stands, unsorted; the open scope is the reseller's own. today: in its zone."""
    reach = queries.opened(grants)
    covered = queries.accepted_own_scheme()
    with at_clients(reach.continuity, frozenset({Area.CONTINUITY})):
        scheme = queries.with_scheme()
    with at_clients(reach.everybody, JUDGED):
        return _rows(grants, reach, scheme, covered, today)


def passes(row: ClientRow, filters: Filters, today: date) -> bool:
    """Tell whether a client passes the filters."""
    words = filters.q.casefold().split()
    state = row.legs[filters.leg] if filters.leg else row.state
    soon = filters.days is None or (row.lapses_on is not None and row.lapses_on <= today + timedelta(days=filters.days))
    named = all(word in f"{row.grant.name} {row.grant.kvk}".casefold() for word in words)
    wanted = filters.state is None or state is filters.state
    return named and wanted and soon


def _rows(
    grants: Sequence[ClientGrant], reach: Opened, scheme: frozenset[int], covered: Mapping[str, bool], today: date
) -> list[ClientRow]:
    judged, counted, lapses = queries.judged_on(), queries.counted(reach), queries.next_lapse(reach, today)
    found = []
    for grant in grants:
        key = grant.client_id
        own = {leg: counted.get((key, leg), Counted()) for leg in Leg}
        legs = {leg: leg_state(leg, own[leg], grant, judged=key in judged, scheme=key in scheme) for leg in Leg}
        if key not in scheme and grant.kvk in covered:
            # Not a supplier itself: what counts is whether it accepted our own scheme.
            legs[Leg.AGREEMENTS] = LegState.COMPLETE if covered[grant.kvk] else LegState.TO_DO
        worst = max((one.worst for one in own.values() if one.worst), key=lambda one: one.rank, default=None)
        found.append(
            ClientRow(
                grant,
                legs,
                {leg: own[leg].faults for leg in Leg},
                sum(one.faults for one in own.values()),
                sum(one.warnings for one in own.values()),
                worst,
                judged.get(key),
                lapses.get(key),
            )
        )
    return found


def _told(rows: Sequence[ClientRow], reach: Opened) -> dict[int, tuple[str, str]]:
    """Return, for each client, the code of its worst finding and of what lapses next, "" where there is none."""
    worst: dict[int, Severity] = {row.grant.client_id: row.worst for row in rows if row.worst}
    days = {row.grant.client_id: row.lapses_on for row in rows if row.lapses_on}
    reasons, lapsing = queries.worst_codes(reach, worst), queries.lapsing_codes(reach, days)
    return {row.grant.client_id: (reasons.get(row.grant.client_id, ""), lapsing.get(row.grant.client_id, ""))
            for row in rows}  # fmt: skip
