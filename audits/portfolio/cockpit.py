"""The cockpit put together: every client in its place, filtered, worst first, and those to call today."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from itertools import islice
from operator import itemgetter

from audits.first_night import places_by_need
from audits.portfolio import queries
from audits.portfolio.asked import Asked, asked_of
from audits.portfolio.legs import TOLD, ClientRow, Leg, LegState
from audits.portfolio.queries import Phone
from audits.portfolio.rows import BY_URGENCY, Client, Place, client_row, leg_state, place_of
from tenants.grants.reach import ClientGrant, at_clients
from tenants.owned import Area

# So many are on the screen at a glance; the filters find any other.
PAGE = 50
URGENT = 3
# More clients in a calamity at once are told of by the table alone, where they come first.
MOST_IN_CALAMITY = 10
JUDGED = frozenset({Area.AUDIT})
# States that make somebody pick up the telephone.
PRESSING = frozenset({LegState.TO_DO, LegState.UNFILLED, LegState.ATTENTION})
_PLACE = itemgetter(1)
_IN_CALAMITY = itemgetter(ClientGrant._fields.index("in_calamity"))


class Order(StrEnum):
    """What stands on top of the list: the worst, what lapses first, or the first name of the alphabet."""

    WORST = "worst"
    LAPSES = "lapses"
    NAME = "name"


# Of equals the worst comes first, as they stood before.
SORTED_BY: Mapping[Order, Callable[[tuple[Client, Place]], str]] = {
    Order.LAPSES: lambda one: one[1].lapses_on,
    Order.NAME: lambda one: one[1].name,
}


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

    judged_on: the newest day on which any was judged; asked: all clients whose auditor waits for an answer.
    """

    urgent: list[Urgent]
    shown: list[ClientRow]
    asked: list[Asked]
    counts: Mapping[LegState, int]
    clients: int
    judged_on: date | None
    total: int
    page: int
    last: int


def look(
    grants: Sequence[ClientGrant], filters: Filters, today: date, page: int, order_by: Order = Order.WORST
) -> Cockpit:
    """Gather a page of the cockpit; the open scope is the reseller's own. today: in the reseller's zone.

    order_by: of the list alone; whom to call first stays the same.
    """
    reach, covered = queries.opened(grants), queries.accepted_own_scheme()
    with at_clients(reach.everybody, JUDGED):
        asked, every = asked_of(grants, today), _stood(grants, reach, covered, today)
    chosen = every if filters == Filters() else [one for one in every if passes(*one, filters, today)]
    if order_by in SORTED_BY:
        chosen = sorted(chosen, key=SORTED_BY[order_by])
    last = max(1, -(-len(chosen) // PAGE))
    page = min(max(page, 1), last)
    by_urgency = Counter([place.urgency for _client, place in every])
    counts = {state: by_urgency[urgency] for urgency, state in enumerate(BY_URGENCY)}
    in_calamity = sum(map(_IN_CALAMITY, grants))
    pressing = islice((one for one in every if _presses(*one)), max(URGENT, min(in_calamity, MOST_IN_CALAMITY)))
    newest = max({client.kept.judged_on for client, _place in every if client.kept}, default=None)
    order = places_by_need()
    return Cockpit(
        urgent=_urgent([client_row(*one, order) for one in pressing]),
        shown=[client_row(*one, order) for one in chosen[(page - 1) * PAGE : page * PAGE]],
        asked=asked,
        counts={state: counts[state] for state in (*TOLD, LegState.NOT_JUDGED) if counts[state]},
        clients=len(every),
        judged_on=date.fromisoformat(newest) if newest else None,
        total=len(chosen),
        page=page,
        last=last,
    )


def every_client(grants: Sequence[ClientGrant], today: date) -> list[ClientRow]:
    """Return how every client stands, worst first; the open scope is the reseller's own. today: in its zone."""
    reach, covered = queries.opened(grants), queries.accepted_own_scheme()
    with at_clients(reach.everybody, JUDGED):
        every = _stood(grants, reach, covered, today)
    order = places_by_need()
    return [client_row(*one, order) for one in every]


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


def _stood(
    grants: Sequence[ClientGrant], reach: queries.Opened, covered: Mapping[str, bool], today: date
) -> list[tuple[Client, Place]]:
    """Return each client and its place, who is in a calamity first, then the worst; the open scope is the clients'.

    covered: who the reseller's own scheme covers, and whether they accepted, by KvK number.
    """
    known, day = queries.kept(), today.isoformat()
    found, late = [], []
    _client = partial(tuple.__new__, Client)  # what `_make` does, without a call of Python for each
    for grant in grants:
        kept = known.get(grant.client_id)
        client = _client((grant, kept, covered.get(grant.kvk), None))
        place = place_of(client)
        # What was kept to lapse next is over, and nobody judged the client since.
        if kept is not None and (place.lapses_on < day or kept.judged_on > day):
            late.append(client)
        else:
            found.append((client, place))
    lapses = queries.lapses_from(reach, [client.grant.client_id for client in late], today)
    for client in late:
        now = client._replace(lapses=lapses.get(client.grant.client_id, ()))
        found.append((now, place_of(now)))
    found.sort(key=_PLACE)
    if any(map(_IN_CALAMITY, grants)):
        # Whatever else is wrong elsewhere: there it is happening now.
        found.sort(key=_is_calm)
    return found


def _is_calm(one: tuple[Client, Place]) -> bool:
    return not one[0].grant.in_calamity


def _presses(client: Client, place: Place) -> bool:
    return client.grant.in_calamity or BY_URGENCY[place.urgency] in PRESSING


def _urgent(rows: Sequence[ClientRow]) -> list[Urgent]:
    reach = frozenset(row.grant.client_id for row in rows if row.grant.plan)
    if not reach:
        return [Urgent(row, None) for row in rows]
    with at_clients(reach, frozenset({Area.PLAN})):
        phones = queries.whom_to_call()
    return [Urgent(row, phones.get(row.grant.client_id)) for row in rows]
