"""From what was kept of a client to its place and its row in the cockpit, as far as its grant opens it. Pure.

The place of every client is found for each page, its row only where it is shown: rows cost more than places.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from audits.judging.severity import Severity
from audits.portfolio.kept import CODE, EACH, LEGS, ORDER, SCHEME_AT
from audits.portfolio.legs import TOLD, ClientRow, Counted, Leg, LegState
from tenants.grants.reach import ClientGrant

NEVER = "9999-12-31"
NOTHING = Counted()
_AGREEMENTS, _SCHEME_FIRST = LEGS.index(Leg.AGREEMENTS), SCHEME_AT // EACH
NONE_ENDLESS = (0,) * len(LEGS)
NEVER_TOLD: Mapping[str, Any] = MappingProxyType({"legs": (), "lapses": ()})


class Lapse(NamedTuple):
    """What lapses next of a client. on: its last valid day, as YYYY-MM-DD; code: the item or duty."""

    on: str
    code: str


class Kept(NamedTuple):
    """What is kept of a client that was judged, as columns_told() puts it into its audit_state.

    Days are texts, and legs is still written as JSON: they are read of those alone that are shown.
    """

    client_id: int
    judged_on: str
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
    legs: str


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
        return bool(self.grant.continuity and self.kept and self.kept.registered)


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
# Who was never judged comes after whoever has something to do, and before all others.
BY_URGENCY = (LegState.TO_DO, LegState.NOT_JUDGED, *TOLD[1:])
_URGENCY = {state: at for at, state in enumerate(BY_URGENCY)}


def place_of(client: Client) -> Place:
    """Return where a client stands in the list; its state is BY_URGENCY[urgency]."""
    # Asked of every client for each page: one unpacking costs a fraction of what asking the names would.
    (_id, _slug, name, _kvk, _level, plan, continuity, _ends), kept, accepted, lapses = client
    tonight = faults = warnings = notices = endless = 0
    lapses_on, registered = NEVER, False
    if kept is not None:
        (_client, _on, registered, faults, warnings, notices, more, warned, noticed, endless, unending, tonight,
         plan_until, scheme_until, _legs) = kept  # fmt: skip
        registered = registered and continuity
        if not plan:
            faults, warnings, notices, endless = (more, warned, noticed, unending) if registered else (0, 0, 0, 0)
            tonight = 0
        elif not registered:
            faults, warnings, notices = faults - more, warnings - warned, notices - noticed
            endless -= unending
        if plan_until is not None and plan:
            lapses_on = plan_until
        if scheme_until is not None and scheme_until < lapses_on and continuity:
            lapses_on = scheme_until
    if lapses is not None:
        lapses_on = lapses[0].on if lapses else NEVER
    opened = kept is not None and (plan or registered)
    state = _told_by(faults, warnings, notices - endless) if opened else LegState.NOT_JUDGED
    if accepted is not None and not registered:
        own = _of_own_scheme(accepted)
        state = min(state, own, key=TOLD.index) if opened else own
    return _PLACED((_URGENCY[state], -tonight, -faults, -warnings, lapses_on, name.casefold()))


def leg_state(client: Client, leg: Leg) -> LegState:
    """Return how one leg of a client is."""
    return _state(client, LEGS.index(leg), _told(client))


def _told(client: Client) -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads(client.kept.legs) if client.kept else NEVER_TOLD
    return told


def _state(client: Client, at: int, told: Mapping[str, Any]) -> LegState:
    """Return how the leg at this place is. told: what is kept of all legs."""
    kept, of_scheme = client.kept, at >= _SCHEME_FIRST
    if at == _AGREEMENTS and client.accepted is not None and not client.registered:
        # Not a supplier itself: what counts is whether it accepted our own scheme.
        return _of_own_scheme(client.accepted)
    if not (client.grant.continuity if of_scheme else client.grant.plan):
        return LegState.CLOSED
    if kept is None:
        return LegState.NOT_JUDGED
    if of_scheme and not kept.registered:
        return LegState.NO_SCHEME
    start = EACH * at
    faults, warnings, notices = told["legs"][start : start + CODE]
    return _told_by(faults, warnings, notices - _endless(told)[at])


def _endless(told: Mapping[str, Any]) -> Sequence[int]:
    """Return how many notices of each leg end on no day; what was kept before that was told has none."""
    found: Sequence[int] = told.get("endless", NONE_ENDLESS)
    return found


def _told_by(faults: int, warnings: int, notices: int) -> LegState:
    if faults:
        return LegState.TO_DO
    if warnings:
        return LegState.ATTENTION
    return LegState.DUE_SOON if notices else LegState.COMPLETE


def _of_own_scheme(accepted: bool) -> LegState:
    return LegState.COMPLETE if accepted else LegState.TO_DO


def client_row(client: Client, place: Place, order: Mapping[str, int]) -> ClientRow:
    """Return how a client stands, leg by leg. place: of the client; order: the places of the codes, what is
    told first of equals first."""
    told, kept, last = _told(client), client.kept, len(order)
    flat = told["legs"]
    counted, endless = _counted(client, flat), _endless(told)
    worst, reasons, lapses = _worst(place, counted.values()), [], _lapses(client, told["lapses"])
    if worst:
        # No other leg has anything worse.
        at = ORDER.index(worst)
        reasons = [one.code for one in counted.values() if one[at] and one.code]
    lapse = min(lapses, key=lambda one: (one.on, order.get(one.code, last))) if lapses else None
    return ClientRow(
        client.grant,
        date.fromisoformat(kept.judged_on) if kept else None,
        {
            # What tells something tells by itself how it is.
            leg: _told_by(one.faults, one.warnings, one.notices - endless[at])
            if one is not NOTHING
            else _state(client, at, told)
            for at, (leg, one) in enumerate(counted.items())
        },
        counted,
        BY_URGENCY[place.urgency],
        -place.tonight,
        -place.faults,
        -place.warnings,
        worst,
        min(reasons, key=lambda code: order.get(code, last)) if reasons else "",
        date.fromisoformat(lapse.on) if lapse else None,
        lapse.code if lapse else "",
    )


def _counted(client: Client, flat: Sequence[Any]) -> dict[Leg, Counted]:
    """Return what is kept of each leg that tells something: its grant opens it, and a scheme where there is one."""
    told = (client.grant.plan, client.registered) if flat else (False, False)
    return {leg: _AS_COUNTED(flat[cut]) if told[of_scheme] else NOTHING for leg, cut, of_scheme in _CUTS}


def _worst(place: Place, legs: Iterable[Counted]) -> Severity | None:
    if place.faults:
        return Severity.FAULT
    if place.warnings:
        return Severity.WARNING
    return Severity.NOTICE if any(one.notices for one in legs) else None


def _lapses(client: Client, codes: Sequence[str]) -> Sequence[Lapse]:
    if client.lapses is not None or client.kept is None:
        return client.lapses or ()
    found = (
        (client.kept.plan_until, codes[0], client.grant.plan),
        (client.kept.scheme_until, codes[1], client.grant.continuity),
    )
    return [Lapse(on, code) for on, code, opens in found if on and opens]
