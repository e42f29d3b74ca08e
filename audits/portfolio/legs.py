"""The legs a client stands on, and how each of them is. Pure values."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from audits.judging.severity import Severity
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
    """How a leg is, worst first; the last three tell why nothing is judged.

    UNFILLED: it has faults, and all of them say that something is not there yet; nothing of it is wrong or lapsed. That
    is told on pages alone: programs and workbooks are told TO_DO, as they were before pages told the two apart.
    """

    TO_DO = "to_do"
    UNFILLED = "unfilled"
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
        LegState.UNFILLED: _l("Not there yet"),
        LegState.ATTENTION: STATUS_LABELS[Status.ATTENTION],
        LegState.DUE_SOON: STATUS_LABELS[Status.DUE_SOON],
        LegState.COMPLETE: STATUS_LABELS[Status.COMPLETE],
        LegState.NOT_JUDGED: _l("Not judged yet"),
        LegState.NO_SCHEME: _l("In no scheme"),
        LegState.CLOSED: _l("Closed to you"),
    }
)
# A state that says something about the client, rather than why nothing is said.
TOLD = (LegState.TO_DO, LegState.UNFILLED, LegState.ATTENTION, LegState.DUE_SOON, LegState.COMPLETE)
# What programs and workbooks are told.
JUDGED_STATES = tuple(state for state in LegState if state is not LegState.UNFILLED)
AREA_OF: Mapping[Leg, Area] = MappingProxyType(
    {
        Leg.PLAN: Area.PLAN,
        Leg.TESTS: Area.PLAN,
        Leg.AGREEMENTS: Area.CONTINUITY,
        Leg.HANDOVERS: Area.CONTINUITY,
    }
)


def as_judged(state: LegState) -> LegState:
    """Return the state as programs and workbooks are told it."""
    return LegState.TO_DO if state is LegState.UNFILLED else state


class Counted(NamedTuple):
    """How many open findings of each kind a leg has. code: the first item or duty of the worst of them, "" for none."""

    faults: int = 0
    warnings: int = 0
    notices: int = 0
    code: str = ""

    @property
    def worst(self) -> Severity | None:
        """Return the worst kind there is, None without any."""
        if self.faults:
            return Severity.FAULT
        if self.warnings:
            return Severity.WARNING
        return Severity.NOTICE if self.notices else None


class ClientRow(NamedTuple):
    """One client in the cockpit, as far as its grant opens it.

    legs, counted: of every leg; a closed one counts nothing. unfilled: of each leg how many of its faults say that
    something is not there yet; begun: whether any item of the plan is more than that. reason: the item or duty of the
    worst finding, what the first night needs before all others; tonight: how much of that is missing; lapses_on: the
    next last valid day of anything, and lapsing the item or duty of that.
    """

    grant: ClientGrant
    judged_on: date | None
    legs: Mapping[Leg, LegState]
    counted: Mapping[Leg, Counted]
    unfilled: Mapping[Leg, int]
    begun: bool
    state: LegState
    tonight: int
    faults: int
    warnings: int
    worst: Severity | None
    reason: str
    lapses_on: date | None
    lapsing: str

    @property
    def wrong(self) -> int:
        """Return how many faults say that something that was there is wrong or has lapsed."""
        return self.faults - sum(self.unfilled.values())
