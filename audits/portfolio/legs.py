"""The legs a client stands on, and how each of them is. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.severity import Severity
from audits.status import STATUS_OF
from plans.status import STATUS_LABELS, Status
from tenants.grants.reach import ClientGrant
from tenants.owned import Area


class Leg(StrEnum):
    """One of the things a client must have in order."""

    PLAN = "plan"
    TESTS = "tests"
    AGREEMENTS = "agreements"
    HANDOVERS = "handovers"


class LegState(StrEnum):
    """How a leg is, worst first; the last three tell why nothing is judged."""

    TO_DO = "to_do"
    ATTENTION = "attention"
    DUE_SOON = "due_soon"
    COMPLETE = "complete"
    NOT_JUDGED = "not_judged"
    NO_SCHEME = "no_scheme"
    CLOSED = "closed"


LEG_LABELS: Mapping[Leg, Any] = MappingProxyType(
    {
        Leg.PLAN: _l("Plan"),
        Leg.TESTS: _l("Tests"),
        Leg.AGREEMENTS: _l("Agreements"),
        Leg.HANDOVERS: _l("Handovers"),
    }
)
STATE_LABELS: Mapping[LegState, Any] = MappingProxyType(
    {
        LegState.TO_DO: STATUS_LABELS[Status.TO_DO],
        LegState.ATTENTION: STATUS_LABELS[Status.ATTENTION],
        LegState.DUE_SOON: STATUS_LABELS[Status.DUE_SOON],
        LegState.COMPLETE: STATUS_LABELS[Status.COMPLETE],
        LegState.NOT_JUDGED: _l("Not judged yet"),
        LegState.NO_SCHEME: _l("In no scheme"),
        LegState.CLOSED: _l("Closed to you"),
    }
)
# A state that says something about the client, rather than why nothing is said.
TOLD = (LegState.TO_DO, LegState.ATTENTION, LegState.DUE_SOON, LegState.COMPLETE)
AREA_OF: Mapping[Leg, Area] = MappingProxyType(
    {
        Leg.PLAN: Area.PLAN,
        Leg.TESTS: Area.PLAN,
        Leg.AGREEMENTS: Area.CONTINUITY,
        Leg.HANDOVERS: Area.CONTINUITY,
    }
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many open findings of each kind a leg has."""

    faults: int = 0
    warnings: int = 0
    notices: int = 0

    @property
    def worst(self) -> Severity | None:
        """Return the worst kind there is, None without any."""
        if self.faults:
            return Severity.FAULT
        if self.warnings:
            return Severity.WARNING
        return Severity.NOTICE if self.notices else None


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client in the cockpit. lapses_on: the next last valid day of anything, as far as the grant opens it.

    to_do: how many faults each leg has.
    """

    grant: ClientGrant
    legs: Mapping[Leg, LegState]
    to_do: Mapping[Leg, int]
    faults: int
    warnings: int
    worst: Severity | None
    judged_on: date | None
    lapses_on: date | None

    @property
    def state(self) -> LegState:
        """Return the worst state among the legs that tell something."""
        found = [state for state in self.legs.values() if state in TOLD]
        return min(found, key=TOLD.index, default=LegState.NOT_JUDGED)

    @property
    def urgency(self) -> tuple[int, int, int, date, str]:
        """Return what clients are sorted by, the most urgent first."""
        order = (*TOLD[:1], LegState.NOT_JUDGED, *TOLD[1:])
        return (
            order.index(self.state),
            -self.faults,
            -self.warnings,
            self.lapses_on or date.max,
            self.grant.name.casefold(),
        )


def leg_state(leg: Leg, counted: Counted, grant: ClientGrant, *, judged: bool, scheme: bool) -> LegState:
    """Return how a leg is. judged: whether the client ever was; scheme: whether it registered a service."""
    if not grant.opens(AREA_OF[leg]):
        return LegState.CLOSED
    if AREA_OF[leg] is Area.CONTINUITY and not scheme:
        return LegState.NO_SCHEME
    if not judged:
        return LegState.NOT_JUDGED
    return LegState(STATUS_OF[counted.worst].value) if counted.worst else LegState.COMPLETE
