"""The cockpit put together: every client in its place, filtered, worst first, and the three to call today."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audits.findings.texts import places
from audits.portfolio import queries
from audits.portfolio.legs import TOLD, ClientRow, Leg, LegState
from audits.portfolio.queries import Phone
from audits.portfolio.rows import BY_URGENCY, Client, Place, client_row, is_late, leg_state, place_of
from tenants.grants.reach import ClientGrant, at_clients
from tenants.owned import Area

# So many are on the screen at a glance; the filters find any other.
PAGE = 50
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
class Urgent:
    """A client to call, and whom to ask for where that is known."""

    row: ClientRow
    phone: Phone | None


@dataclass(frozen=True, slots=True)
class Cockpit:
    """One page of the cockpit. counts: of all clients by their state, whatever the filters; total: that pass them.

    judged_on: the newest day on which any was judged.
    """

    urgent: list[Urgent]
    shown: list[ClientRow]
    counts: Mapping[LegState, int]
    clients: int
    judged_on: date | None
    total: int
    page: int
    last: int


def look(grants: Sequence[ClientGrant], filters: Filters, today: date, page: int) -> Cockpit:
    """Gather a page of the cockpit; the open scope is the reseller's own. today: in the reseller's zone."""
    clients = _clients(grants, today)
    found = [place_of(client) for client in clients]
    placed = sorted(range(len(clients)), key=found.__getitem__)
    everybody = filters == Filters()
    chosen = [clients[at] for at in placed if everybody or passes(clients[at], found[at], filters, today)]
    last = max(1, -(-len(chosen) // PAGE))
    page = min(max(page, 1), last)
    pressing = [clients[at] for at in placed if BY_URGENCY[found[at].urgency] in PRESSING][:URGENT]
    counts = Counter(BY_URGENCY[place.urgency] for place in found)
    order = places()
    return Cockpit(
        urgent=_urgent([client_row(client, order) for client in pressing]),
        shown=[client_row(client, order) for client in chosen[(page - 1) * PAGE : page * PAGE]],
        counts={state: counts[state] for state in (*TOLD, LegState.NOT_JUDGED) if counts[state]},
        clients=len(clients),
        judged_on=max((client.judged_on for client in clients if client.judged_on), default=None),
        total=len(chosen),
        page=page,
        last=last,
    )


def every_client(grants: Sequence[ClientGrant], today: date) -> list[ClientRow]:
    """Return how every client stands, worst first; the open scope is the reseller's own. today: in its zone."""
    order = places()
    return [client_row(client, order) for client in sorted(_clients(grants, today), key=place_of)]


def passes(client: Client, place: Place, filters: Filters, today: date) -> bool:
    """Tell whether a client passes the filters."""
    if filters.state is not None:
        state = leg_state(client, filters.leg) if filters.leg else BY_URGENCY[place.urgency]
        if state is not filters.state:
            return False
    if filters.days is not None and place.lapses_on > (today + timedelta(days=filters.days)).isoformat():
        return False
    named = f"{place.name} {client.grant.kvk}"
    return all(word in named for word in filters.q.casefold().split())


def _clients(grants: Sequence[ClientGrant], today: date) -> list[Client]:
    reach = queries.opened(grants)
    covered = queries.accepted_own_scheme()
    with at_clients(reach.everybody, JUDGED):
        kept, found = queries.kept(), []
        for grant in grants:
            judged_on, told = kept.get(grant.client_id, (None, None))
            found.append(Client(grant, judged_on, told, covered.get(grant.kvk)))
        day = today.isoformat()
        late = {client.grant.client_id for client in found if is_late(client, day)}
        lapses = queries.lapses_from(reach, late, today)
    for at, client in enumerate(found):
        if client.grant.client_id in late:
            found[at] = client._replace(lapses=lapses.get(client.grant.client_id, ()))
    return found


def _urgent(rows: Sequence[ClientRow]) -> list[Urgent]:
    reach = frozenset(row.grant.client_id for row in rows if row.grant.plan)
    if not reach:
        return [Urgent(row, None) for row in rows]
    with at_clients(reach, frozenset({Area.PLAN})):
        phones = queries.whom_to_call()
    return [Urgent(row, phones.get(row.grant.client_id)) for row in rows]
