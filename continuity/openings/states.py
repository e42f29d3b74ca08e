"""How an opening goes from one state to the next, and by whom. What is not in the table does not happen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import HandoverOpening, OpeningGround
from continuity.models import OpeningState as State

# How long the supplier may think about it, and how long the two officers have once it is allowed.
TO_DECIDE = timedelta(days=7)
TO_OPEN = timedelta(hours=48)


class Party(StrEnum):
    """Who takes a step."""

    OFFICER = "officer"
    SUPPLIER = "supplier"
    SERVICE = "service"


class Act(StrEnum):
    """A step of an opening. Back: the second officer cannot open what the first one passed on."""

    AGREE = "agree"
    REFUSE = "refuse"
    FIRST = "first"
    BACK = "back"
    SECOND = "second"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line: in this state this act of this party leads there. grounds: for openings on these alone."""

    source: State
    act: Act
    party: Party
    target: State
    grounds: frozenset[OpeningGround] = frozenset(OpeningGround)


_AGREED = frozenset({OpeningGround.AGREEMENT})
TRANSITIONS = (
    Transition(State.ASKED, Act.AGREE, Party.SUPPLIER, State.ALLOWED, _AGREED),
    Transition(State.ASKED, Act.REFUSE, Party.SUPPLIER, State.REFUSED, _AGREED),
    Transition(State.ASKED, Act.WITHDRAW, Party.OFFICER, State.WITHDRAWN),
    Transition(State.ASKED, Act.LAPSE, Party.SERVICE, State.LAPSED),
    Transition(State.ALLOWED, Act.FIRST, Party.OFFICER, State.HALF),
    Transition(State.ALLOWED, Act.WITHDRAW, Party.OFFICER, State.WITHDRAWN),
    Transition(State.ALLOWED, Act.WITHDRAW, Party.SUPPLIER, State.WITHDRAWN, _AGREED),
    Transition(State.ALLOWED, Act.LAPSE, Party.SERVICE, State.LAPSED),
    Transition(State.HALF, Act.SECOND, Party.OFFICER, State.OPENED),
    Transition(State.HALF, Act.BACK, Party.OFFICER, State.ALLOWED),
    Transition(State.HALF, Act.WITHDRAW, Party.OFFICER, State.WITHDRAWN),
    Transition(State.HALF, Act.WITHDRAW, Party.SUPPLIER, State.WITHDRAWN, _AGREED),
    Transition(State.HALF, Act.LAPSE, Party.SERVICE, State.LAPSED),
    # Whose connection broke may take it once more; each time is written down.
    Transition(State.OPENED, Act.SECOND, Party.OFFICER, State.OPENED),
    Transition(State.OPENED, Act.CLOSE, Party.OFFICER, State.CLOSED),
    Transition(State.OPENED, Act.LAPSE, Party.SERVICE, State.CLOSED),
)
ENDS = frozenset({State.CLOSED, State.REFUSED, State.WITHDRAWN, State.LAPSED})
_BY_STEP = {(one.source, one.act, one.party): one for one in TRANSITIONS}

STATE_LABELS = {
    State.ASKED: _l("Waits for the supplier"),
    State.ALLOWED: _l("May be opened by two officers"),
    State.HALF: _l("Half open: waits for the second officer"),
    State.OPENED: _l("Opened by two officers"),
    State.CLOSED: _l("Opened, and closed again"),
    State.REFUSED: _l("Refused by the supplier"),
    State.WITHDRAWN: _l("Called off"),
    State.LAPSED: _l("Lapsed: not done in time"),
}
GROUND_LABELS = {
    OpeningGround.AGREEMENT: _l("Leave of the supplier"),
    OpeningGround.ACTIVATION: _l("The scheme is at work"),
}


def step(row: HandoverOpening, act: Act, party: Party, *, at: datetime) -> State:
    """Take an opening one step further and return its new state; when it ends, nothing half-open is kept.

    at: aware UTC. Raises Refused when the table knows no such step, or it comes too late.
    Source: rules 3.6 H8, H10.
    """
    found = _BY_STEP.get((row.state, act, party))
    if found is None or row.ground not in found.grounds:
        raise Refused(_l("This is not possible any more: look at how far it is now."))
    if act is not Act.LAPSE and at >= row.until:
        raise Refused(_l("This came too late: the opening has lapsed. Ask for it once more."))
    row.state = found.target
    if row.state in ENDS:
        row.half_secret, row.ended_at = "", at
    return row.state
