"""From what was kept of a client to its place and its row in the cockpit, as far as its grant opens it. Pure.

The place of every client is found for each page, its row only where it is shown: rows cost more than places.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from audits.judging.severity import Severity
from audits.portfolio.kept import CODE, EACH, LEGS, ORDER
from audits.portfolio.legs import AREA_OF, TOLD, ClientRow, Counted, Leg, LegState
from tenants.grants.reach import ClientGrant
from tenants.owned import Area

NEVER = "9999-12-31"
NOTHING = Counted()
# The two legs of the plan stand first in what is kept, then the two of the scheme.
_PLAN_END = EACH * sum(AREA_OF[leg] is Area.PLAN for leg in LEGS)


class Lapse(NamedTuple):
    """What lapses next of a client. on: its last valid day, as YYYY-MM-DD; code: the item or duty."""

    on: str
    code: str


class Client(NamedTuple):
    """A client and what was kept of it. A tuple, as hundreds are made for each page.

    judged_on, told: when it was judged and what was kept then, as legs_told() gives it; None when it never was;
    accepted: whether it accepted the reseller's own scheme, None where that does not cover it; lapses: what lapses
    next of the parts its grant opens, where what was kept of that is over.
    """

    grant: ClientGrant
    judged_on: date | None
    told: Mapping[str, Any] | None
    accepted: bool | None
    lapses: Sequence[Lapse] | None = None

    @property
    def registered(self) -> bool:
        """Tell whether it has a scheme of its own that its grant opens."""
        return bool(self.grant.continuity and self.told and self.told["registered"])


class Place(NamedTuple):
    """What clients are sorted by, the most urgent first."""

    urgency: int
    faults: int
    warnings: int
    lapses_on: str
    name: str


# Who was never judged comes after whoever has something to do, and before all others.
BY_URGENCY = (LegState.TO_DO, LegState.NOT_JUDGED, *TOLD[1:])
_URGENCY = {state: at for at, state in enumerate(BY_URGENCY)}


def place_of(client: Client) -> Place:
    """Return where a client stands in the list; its state is BY_URGENCY[urgency]."""
    grant, _judged_on, told, accepted, lapses = client
    faults = warnings = notices = 0
    lapses_on, registered = NEVER, False
    if told:
        kept, (plan_on, _code, scheme_on, _of_scheme) = told["legs"], told["lapses"]
        if grant.plan:
            faults, warnings, notices = _of_two(kept[:_PLAN_END])
            lapses_on = plan_on or NEVER
        if grant.continuity:
            registered = told["registered"]
            if scheme_on and scheme_on < lapses_on:
                lapses_on = scheme_on
        if registered:
            more, warned, noticed = _of_two(kept[_PLAN_END:])
            faults, warnings, notices = faults + more, warnings + warned, notices + noticed
    if lapses is not None:
        lapses_on = lapses[0].on if lapses else NEVER
    opened = told and (grant.plan or registered)
    state = _told_by(faults, warnings, notices) if opened else LegState.NOT_JUDGED
    if accepted is not None and not registered:
        own = _of_own_scheme(accepted)
        state = min(state, own, key=TOLD.index) if opened else own
    return Place(_URGENCY[state], -faults, -warnings, lapses_on, grant.name.casefold())


def _of_two(legs: Sequence[Any]) -> tuple[int, int, int]:
    """Return how many findings of each kind two legs have, as they are kept."""
    # Asked of every client for each page: slices and sums take several times as long.
    faults, warnings, notices, _code, more, warned, noticed, _code = legs
    return faults + more, warnings + warned, notices + noticed


def leg_state(client: Client, leg: Leg) -> LegState:
    """Return how one leg of a client is."""
    if leg is Leg.AGREEMENTS and client.accepted is not None and not client.registered:
        # Not a supplier itself: what counts is whether it accepted our own scheme.
        return _of_own_scheme(client.accepted)
    area, told = AREA_OF[leg], client.told
    if not client.grant.opens(area):
        return LegState.CLOSED
    if told is None:
        return LegState.NOT_JUDGED
    if area is Area.CONTINUITY and not told["registered"]:
        return LegState.NO_SCHEME
    at = EACH * LEGS.index(leg)
    return _told_by(*told["legs"][at : at + CODE])


def _told_by(faults: int, warnings: int, notices: int) -> LegState:
    if faults:
        return LegState.TO_DO
    if warnings:
        return LegState.ATTENTION
    return LegState.DUE_SOON if notices else LegState.COMPLETE


def _of_own_scheme(accepted: bool) -> LegState:
    return LegState.COMPLETE if accepted else LegState.TO_DO


def client_row(client: Client, place: Place, order: Mapping[str, int]) -> ClientRow:
    """Return how a client stands, leg by leg. place: of the client; order: the places of the codes in the catalogue."""
    counted, legs = dict.fromkeys(LEGS, NOTHING), _legs(client)
    counted.update(legs)
    worst, reasons, last, lapses = _worst(place, legs.values()), [], len(order), _lapses(client)
    if worst:
        # No other leg has anything worse.
        at = ORDER.index(worst)
        reasons = [one.code for one in legs.values() if one[at] and one.code]
    lapse = min(lapses, key=lambda one: (one.on, order.get(one.code, last))) if lapses else None
    return ClientRow(
        client.grant,
        client.judged_on,
        {leg: leg_state(client, leg) for leg in LEGS},
        counted,
        BY_URGENCY[place.urgency],
        -place.faults,
        -place.warnings,
        worst,
        min(reasons, key=lambda code: order.get(code, last)) if reasons else "",
        date.fromisoformat(lapse.on) if lapse else None,
        lapse.code if lapse else "",
    )


def _worst(place: Place, legs: Iterable[Counted]) -> Severity | None:
    if place.faults:
        return Severity.FAULT
    if place.warnings:
        return Severity.WARNING
    return Severity.NOTICE if any(one.notices for one in legs) else None


def _legs(client: Client) -> dict[Leg, Counted]:
    """Return what is kept of the legs that tell something: those its grant opens, of a scheme where there is one."""
    if not client.told:
        return {}
    kept: Sequence[Any] = client.told["legs"]
    start, end = 0 if client.grant.plan else _PLAN_END, len(kept) if client.registered else _PLAN_END
    return {LEGS[at // EACH]: Counted._make(kept[at : at + EACH]) for at in range(start, end, EACH)}


def _lapses(client: Client) -> Sequence[Lapse]:
    if client.lapses is not None or client.told is None:
        return client.lapses or ()
    plan, of_plan, scheme, of_scheme = client.told["lapses"]
    found = ((plan, of_plan, client.grant.plan), (scheme, of_scheme, client.grant.continuity))
    return [Lapse(on, code) for on, code, opens in found if on and opens]
