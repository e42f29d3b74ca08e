"""From what was kept of a client to its place and its row in the cockpit, as far as its grant opens it. Pure.

The place of every client is found for each page, its row only where it is shown: rows cost more than places.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from audits.portfolio.kept import CODE, EACH, LEGS
from audits.portfolio.legs import AREA_OF, TOLD, ClientRow, Counted, Leg, LegState
from tenants.grants.reach import ClientGrant
from tenants.owned import Area

NEVER = "9999-12-31"
NOTHING = Counted()
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
    opened = _opened(client)
    faults, warnings, notices = sum(opened[0::EACH]), sum(opened[1::EACH]), sum(opened[2::EACH])
    state = _told_by(faults, warnings, notices) if opened else LegState.NOT_JUDGED
    if client.accepted is not None and not client.registered:
        own = _of_own_scheme(client.accepted)
        state = min(state, own, key=TOLD.index) if opened else own
    return Place(_URGENCY[state], -faults, -warnings, _lapses_on(client), client.grant.name.casefold())


def _opened(client: Client) -> Sequence[Any]:
    """Return what is kept of the legs that tell something: those its grant opens, of a scheme where there is one."""
    if not client.told:
        return ()
    legs: Sequence[Any] = client.told["legs"]
    return legs[0 if client.grant.plan else _PLAN_END : None if client.registered else _PLAN_END]


def _lapses_on(client: Client) -> str:
    if client.lapses is not None or client.told is None:
        return client.lapses[0].on if client.lapses else NEVER
    plan, _, scheme, _ = client.told["lapses"]
    first = plan if plan and client.grant.plan else NEVER
    return scheme if scheme and client.grant.continuity and scheme < first else first


def is_late(client: Client, today: str) -> bool:
    """Tell whether what was kept to lapse next is over, and nobody judged the client since. today: as YYYY-MM-DD."""
    if client.judged_on is None:
        return False
    return _lapses_on(client) < today or client.judged_on.isoformat() > today


def leg_state(client: Client, leg: Leg) -> LegState:
    """Return how one leg of a client is."""
    if leg is Leg.AGREEMENTS and client.accepted is not None and not client.registered:
        # Not a supplier itself: what counts is whether it accepted our own scheme.
        return _of_own_scheme(client.accepted)
    if not client.grant.opens(AREA_OF[leg]):
        return LegState.CLOSED
    if client.told is None:
        return LegState.NOT_JUDGED
    if AREA_OF[leg] is Area.CONTINUITY and not client.registered:
        return LegState.NO_SCHEME
    at = EACH * LEGS.index(leg)
    return _told_by(*client.told["legs"][at : at + CODE])


def _told_by(faults: int, warnings: int, notices: int) -> LegState:
    if faults:
        return LegState.TO_DO
    if warnings:
        return LegState.ATTENTION
    return LegState.DUE_SOON if notices else LegState.COMPLETE


def _of_own_scheme(accepted: bool) -> LegState:
    return LegState.COMPLETE if accepted else LegState.TO_DO


def client_row(client: Client, places: Mapping[str, int]) -> ClientRow:
    """Return how a client stands, leg by leg. places: of the codes in the catalogue."""
    opened, reach = _opened(client), LEGS[_PLAN_END // EACH if not client.grant.plan else 0 :]
    counted = dict.fromkeys(LEGS, NOTHING)
    for at, leg in enumerate(reach[: len(opened) // EACH]):
        counted[leg] = Counted(*opened[EACH * at : EACH * (at + 1)])
    last, place = len(places), place_of(client)
    worst = max((one.worst for one in counted.values() if one.worst), key=lambda one: one.rank, default=None)
    reasons = [one.code for one in counted.values() if one.code and one.worst is worst]
    lapse = min(_lapses(client), key=lambda one: (one.on, places.get(one.code, last)), default=None)
    return ClientRow(
        client.grant,
        client.judged_on,
        {leg: leg_state(client, leg) for leg in LEGS},
        counted,
        BY_URGENCY[place.urgency],
        -place.faults,
        -place.warnings,
        worst,
        min(reasons, key=lambda code: places.get(code, last), default=""),
        date.fromisoformat(lapse.on) if lapse else None,
        lapse.code if lapse else "",
    )


def _lapses(client: Client) -> Sequence[Lapse]:
    if client.lapses is not None or client.told is None:
        return client.lapses or ()
    plan, of_plan, scheme, of_scheme = client.told["lapses"]
    found = ((plan, of_plan, client.grant.plan), (scheme, of_scheme, client.grant.continuity))
    return [Lapse(on, code) for on, code, opens in found if on and opens]
