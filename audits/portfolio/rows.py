"""From what was kept of a client to its place and its row in the cockpit, as far as its grant opens it. Pure.

The place of every client is found for each page, its row only where it is shown: rows cost more than places.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

from audits.judging.severity import Severity
from audits.portfolio.kept import EACH, LEGS, SCHEME_AT
from audits.portfolio.legs import TOLD, ClientRow, Counted, Leg, LegState
from tenants.grants.reach import ClientGrant

NEVER = "9999-12-31"
NOTHING = Counted()
_AGREEMENTS, _SCHEME_FIRST = LEGS.index(Leg.AGREEMENTS), SCHEME_AT // EACH
NONE_ENDLESS = (0,) * len(LEGS)
# Of so many clients it is remembered what their legs tell: of some pages of lists.
READ = 500
# Of so many the place: little is kept of each, and every page asks for all.
PLACED = 2_000
NEVER_TOLD: Mapping[str, Any] = MappingProxyType({"legs": (), "lapses": ("", "")})
# What was kept before it was told is taken for wrong, not for unfilled.
NONE_UNFILLED = NONE_ENDLESS


class Lapse(NamedTuple):
    """What lapses next of a client. on: its last valid day, as YYYY-MM-DD; code: the item or duty."""

    on: str
    code: str


class Kept(NamedTuple):
    """What is kept of a client that was judged, as columns_told() puts it into its audit_state.

    Its day is a text, and placed_by and legs are still written as JSON: legs are read of those alone that are shown.
    """

    client_id: int
    judged_on: str
    placed_by: str
    legs: str


class Placing(NamedTuple):
    """What a client is placed by, in the order in which columns_told() puts it into one text. Days are texts."""

    registered: bool
    faults: int
    warnings: int
    notices: int
    scheme_faults: int
    scheme_warnings: int
    scheme_notices: int
    endless: int
    scheme_endless: int
    tonight: int
    plan_until: str | None
    scheme_until: str | None
    unfilled: int = 0
    scheme_unfilled: int = 0


class Client(NamedTuple):
    """A client and what was kept of it. A tuple, as hundreds are made for each page.

    kept: None when it was never judged; accepted: whether it accepted the reseller's own scheme, None where that does
    not cover it; lapses: what lapses next of the parts its grant opens, where what was kept of that is over.
    """

    grant: ClientGrant
    kept: Kept | None
    accepted: bool | None
    lapses: Sequence[Lapse] | None = None

    @property
    def registered(self) -> bool:
        """Tell whether it has a scheme of its own that its grant opens."""
        return bool(self.grant.continuity and self.kept and placing_of(self.kept.placed_by).registered)


class Place(NamedTuple):
    """What clients are sorted by, the most urgent first."""

    urgency: int
    tonight: int
    faults: int
    warnings: int
    lapses_on: str
    name: str


# Of each leg where it stands in what is kept, and whether it is one of the scheme.
_CUTS = tuple((leg, slice(EACH * at, EACH * (at + 1)), at >= _SCHEME_FIRST) for at, leg in enumerate(LEGS))
_AS_COUNTED = partial(tuple.__new__, Counted)
# What Place._make does, without a call of Python for each.
_PLACED = partial(tuple.__new__, Place)
# Who was never judged comes after whoever has something to do or to fill in, and before all others.
BY_URGENCY = (LegState.TO_DO, LegState.UNFILLED, LegState.NOT_JUDGED, *TOLD[2:])
_URGENCY = {state: at for at, state in enumerate(BY_URGENCY)}


@lru_cache(READ)
def placing_of(kept: str) -> Placing:
    """Read what an organisation is placed by, as it is kept."""
    return Placing(*json.loads(kept))


def place_of(client: Client) -> Place:
    """Return where a client stands in the list; its state is BY_URGENCY[urgency]."""
    # Asked of every client for each page: one unpacking costs a fraction of what asking the names would.
    (_id, _slug, name, _kvk, _level, plan, continuity, _ends, _calamity), kept, accepted, lapses = client
    first = _first(kept[2] if kept is not None else "", plan, continuity, accepted)
    if lapses is not None:
        first = (*first[:-1], lapses[0].on if lapses else NEVER)
    return _PLACED((*first, name.casefold()))


@lru_cache(PLACED)
def _first(kept: str, plan: bool, continuity: bool, accepted: bool | None) -> tuple[int, int, int, int, str]:
    """Return the place of a client but for its name, as far as its grant opens it.

    kept: its placed_by, "" of whoever was never judged; accepted: as in Client. All are numbers and days of ours, so
    whose they are makes no difference: of the same text on the next page it is known.
    """
    tonight = faults = warnings = notices = endless = unfilled = 0
    lapses_on, registered = NEVER, False
    if kept:
        (registered, faults, warnings, notices, more, warned, noticed, endless, unending, tonight, plan_until,
         scheme_until, unfilled, absent) = placing_of(kept)  # fmt: skip
        registered = registered and continuity
        if not plan:
            faults, warnings, notices, endless = (more, warned, noticed, unending) if registered else (0, 0, 0, 0)
            tonight, unfilled = 0, absent if registered else 0
        elif not registered:
            faults, warnings, notices = faults - more, warnings - warned, notices - noticed
            endless, unfilled = endless - unending, unfilled - absent
        if plan_until is not None and plan:
            lapses_on = plan_until
        if scheme_until is not None and scheme_until < lapses_on and continuity:
            lapses_on = scheme_until
    opened = bool(kept) and (plan or registered)
    state = _told_by(faults, warnings, notices - endless, unfilled) if opened else LegState.NOT_JUDGED
    if accepted is not None and not registered and not (accepted and opened):
        # Nothing is better than to have accepted; not to have is worse than all but what is wrong or has lapsed.
        state = state if state is LegState.TO_DO else _of_own_scheme(accepted)
    return _URGENCY[state], -tonight, -faults, -warnings, lapses_on


def leg_state(client: Client, leg: Leg) -> LegState:
    """Return how one leg of a client is."""
    return _legs_of(client).states[leg]


class _Legs(NamedTuple):
    """What is told of the legs of a client. reasons: the first code of the worst of each leg that has it.

    lapsing: what lapses next of the plan and of the scheme, its code; unfilled, begun: as in ClientRow.
    """

    states: Mapping[Leg, LegState]
    counted: Mapping[Leg, Counted]
    worst: Severity | None
    reasons: Sequence[str]
    lapsing: Sequence[str]
    unfilled: Mapping[Leg, int]
    begun: bool


def _legs_of(client: Client) -> _Legs:
    (_id, _slug, _name, _kvk, _level, plan, continuity, _ends, _calamity), kept, accepted, _lapses = client
    if kept is None:
        return _legs("", plan, continuity, False, accepted)
    return _legs(kept.legs, plan, continuity, placing_of(kept.placed_by).registered, accepted)


@lru_cache(READ)
def _legs(kept: str, plan: bool, continuity: bool, registered: bool, accepted: bool | None) -> _Legs:
    """Read what is kept of the legs, as far as a grant opens it.

    kept: as columns_told() puts it, as JSON; "" of whoever was never judged; registered: whether it has a scheme of its
    own; accepted: as in Client. All are numbers, days and codes of ours, so whose they are makes no difference.
    """
    told: Mapping[str, Any] = json.loads(kept) if kept else NEVER_TOLD
    opened, counts = (plan, continuity), (plan, continuity and bool(registered))
    # Not a supplier itself: what counts is whether it accepted our own scheme.
    own = _of_own_scheme(accepted) if accepted is not None and not counts[1] else None
    # Notices that end on no day; what was kept before they were told has none.
    endless: Sequence[int] = told.get("endless", NONE_ENDLESS)
    absent: Sequence[int] = told.get("unfilled", NONE_UNFILLED)
    states, counted, unfilled = {}, {}, {}
    for at, (leg, cut, of_scheme) in enumerate(_CUTS):
        one = _AS_COUNTED(told["legs"][cut]) if kept and counts[of_scheme] else NOTHING
        counted[leg] = one
        unfilled[leg] = absent[at] if kept and counts[of_scheme] else 0
        if own is not None and at == _AGREEMENTS:
            states[leg] = own
        elif not opened[of_scheme]:
            states[leg] = LegState.CLOSED
        elif not kept:
            states[leg] = LegState.NOT_JUDGED
        elif of_scheme and not registered:
            states[leg] = LegState.NO_SCHEME
        else:
            states[leg] = _told_by(one.faults, one.warnings, one.notices - endless[at], unfilled[leg])
    worst = max((one.worst for one in counted.values() if one.worst), key=lambda one: one.rank, default=None)
    reasons = [one.code for one in counted.values() if worst is not None and one.worst is worst and one.code]
    return _Legs(
        MappingProxyType(states),
        MappingProxyType(counted),
        worst,
        reasons,
        told["lapses"],
        MappingProxyType(unfilled),
        told.get("begun", True),
    )


def _told_by(faults: int, warnings: int, notices: int, unfilled: int) -> LegState:
    if faults:
        return LegState.TO_DO if faults > unfilled else LegState.UNFILLED
    if warnings:
        return LegState.ATTENTION
    return LegState.DUE_SOON if notices else LegState.COMPLETE


def _of_own_scheme(accepted: bool) -> LegState:
    return LegState.COMPLETE if accepted else LegState.UNFILLED


def client_row(client: Client, place: Place, order: Mapping[str, int]) -> ClientRow:
    """Return how a client stands, leg by leg. place: of the client; order: the places of the codes, what is
    told first of equals first."""
    kept, legs, last = client.kept, _legs_of(client), len(order)
    lapses = _lapses(client, legs.lapsing)
    lapse = min(lapses, key=lambda one: (one.on, order.get(one.code, last))) if lapses else None
    return ClientRow(
        client.grant,
        date.fromisoformat(kept.judged_on) if kept else None,
        legs.states,
        legs.counted,
        legs.unfilled,
        legs.begun,
        BY_URGENCY[place.urgency],
        -place.tonight,
        -place.faults,
        -place.warnings,
        legs.worst,
        min(legs.reasons, key=lambda code: order.get(code, last)) if legs.reasons else "",
        date.fromisoformat(lapse.on) if lapse else None,
        lapse.code if lapse else "",
    )


def _lapses(client: Client, codes: Sequence[str]) -> Sequence[Lapse]:
    if client.lapses is not None or client.kept is None:
        return client.lapses or ()
    placing = placing_of(client.kept.placed_by)
    found = (
        (placing.plan_until, codes[0], client.grant.plan),
        (placing.scheme_until, codes[1], client.grant.continuity),
    )
    return [Lapse(on, code) for on, code, opens in found if on and opens]
