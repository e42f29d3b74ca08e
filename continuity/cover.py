"""Is a client covered today? Six legs, each with its state, its day and the next step; covered while all of them hold.

Pure functions over facts and a day. Never a percentage: a client with five legs out of six is not covered.
Source: rules 3.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from continuity.covering.accepted import conditions_leg, deed_leg
from continuity.covering.contracts import counterparty_leg, scheme_leg
from continuity.covering.leg import Leg, LegKind, LegState
from continuity.covering.upkeep import handovers_leg, money_leg
from continuity.facts import ClientFact, RegistrationFact


class CoverState(StrEnum):
    """Whether a client is covered, worst first."""

    NOT_COVERED = "not_covered"
    SHAKY = "shaky"
    COVERED = "covered"


COVER_LABELS: Mapping[CoverState, Any] = MappingProxyType(
    {
        CoverState.NOT_COVERED: _l("Not covered"),
        CoverState.SHAKY: _l("Covered, but needs attention"),
        CoverState.COVERED: _l("Covered"),
    }
)


@dataclass(frozen=True, slots=True)
class Cover:
    """The legs of one client of one registration as they are on a day, in the order of LegKind."""

    registration_id: UUID
    client_id: UUID
    client: str
    legs: tuple[Leg, ...]

    @property
    def covered(self) -> bool:
        """Tell whether every leg holds."""
        return all(leg.holds for leg in self.legs)

    @property
    def state(self) -> CoverState:
        """Return the state of the weakest leg."""
        if not self.covered:
            return CoverState.NOT_COVERED
        shaky = any(leg.state is LegState.SHAKY for leg in self.legs)
        return CoverState.SHAKY if shaky else CoverState.COVERED

    @property
    def broken(self) -> tuple[Leg, ...]:
        """Return the legs that do not hold."""
        return tuple(leg for leg in self.legs if not leg.holds)

    @property
    def until(self) -> date | None:
        """Return the last day, inclusive, on which the client is covered without anybody doing anything.

        None when it is not covered now, or when no day ends it.
        """
        days = [leg.until for leg in self.legs if leg.until is not None]
        return min(days, default=None) if self.covered else None

    @property
    def changes_on(self) -> date | None:
        """Return the first later day on which a leg could be told differently without anybody touching the data."""
        return min((leg.changes_on for leg in self.legs if leg.changes_on is not None), default=None)

    def leg(self, kind: LegKind) -> Leg:
        """Return one of the legs."""
        return next(one for one in self.legs if one.kind is kind)


def shared_legs(registration: RegistrationFact, today: date) -> tuple[Leg, Leg, Leg, Leg]:
    """Return the legs that all clients of a registration stand on: scheme, counterparty, handovers, money."""
    return (
        scheme_leg(registration, today),
        counterparty_leg(registration, today),
        handovers_leg(registration, today),
        money_leg(registration, today),
    )


def covers(registration: RegistrationFact, today: date) -> tuple[Cover, ...]:
    """Return the cover of every client of a registration on `today`, in the order of its clients."""
    shared = shared_legs(registration, today)
    return tuple(_cover(registration, client, shared, today) for client in registration.clients)


def cover_of(registration: RegistrationFact, client: ClientFact, today: date) -> Cover:
    """Return the cover of one client of a registration on `today`, a day in the organisation's zone."""
    return _cover(registration, client, shared_legs(registration, today), today)


def _cover(registration: RegistrationFact, client: ClientFact, shared: tuple[Leg, Leg, Leg, Leg], today: date) -> Cover:
    scheme, counterparty, handovers, money = shared
    deed, conditions = deed_leg(registration, client, today), conditions_leg(registration, client, today)
    legs = (scheme, counterparty, deed, conditions, handovers, money)
    return Cover(registration.id, client.id, client.name, legs)
