"""How a request for continuity goes from one state to the next, and by whom. What is not in the table does not happen.

See docs/decisions/client-requests.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import AskedBy, CameIn
from continuity.models import RequestRole as Role
from continuity.models import RequestState as State


class Act(StrEnum):
    """A step of a request. Alarm, close: what a step of the scheme itself does to it."""

    CHECK = "check"
    GRANT = "grant"
    REFUSE = "refuse"
    ASK_FEE = "ask-fee"
    PAY = "pay"
    SERVE = "serve"
    EXIT = "exit"
    WITHDRAW = "withdraw"
    ALARM = "alarm"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line: in this state this act of this role leads there. reason: it needs one."""

    source: State
    act: Act
    role: Role
    target: State
    reason: bool = False


UNDECIDED = (State.ASKED, State.CHECKING)
PROMISED = (State.GRANTED, State.FEE_DUE)
# One request that is not over; the database holds it to one for a client and a trigger.
LIVE = (*UNDECIDED, *PROMISED, State.SERVED)
# Who is there does not ask again after the same trigger: it left, or there is nothing to deliver any more.
FINAL = frozenset({State.EXITED, State.ENDED, State.FALSE_ALARM})
OVER = frozenset(State) - frozenset(LIVE)


def _all(sources: Iterable[State], act: Act, role: Role, target: State, *, reason: bool) -> tuple[Transition, ...]:
    return tuple(Transition(one, act, role, target, reason) for one in sources)


TRANSITIONS = (
    Transition(State.ASKED, Act.CHECK, Role.FOUNDATION, State.CHECKING),
    Transition(State.CHECKING, Act.GRANT, Role.FOUNDATION, State.GRANTED),
    Transition(State.CHECKING, Act.REFUSE, Role.FOUNDATION, State.REFUSED, reason=True),
    Transition(State.GRANTED, Act.ASK_FEE, Role.FOUNDATION, State.FEE_DUE),
    # The amount or the day was wrong: asked anew.
    Transition(State.FEE_DUE, Act.ASK_FEE, Role.FOUNDATION, State.FEE_DUE),
    Transition(State.FEE_DUE, Act.PAY, Role.FOUNDATION, State.FEE_DUE),
    # Who never pays is not served: the upstream supplier is paid from it.
    Transition(State.FEE_DUE, Act.REFUSE, Role.FOUNDATION, State.REFUSED, reason=True),
    # Without a payment the service asks for a reason.
    *_all(PROMISED, Act.SERVE, Role.FOUNDATION, State.SERVED, reason=False),
    Transition(State.SERVED, Act.EXIT, Role.FOUNDATION, State.EXITED),
    *_all((*UNDECIDED, *PROMISED), Act.WITHDRAW, Role.CLIENT, State.WITHDRAWN, reason=False),
    *_all((*UNDECIDED, *PROMISED), Act.WITHDRAW, Role.FOUNDATION, State.WITHDRAWN, reason=True),
    *_all(LIVE, Act.ALARM, Role.SCHEME, State.FALSE_ALARM, reason=True),
    *_all(LIVE, Act.CLOSE, Role.SCHEME, State.ENDED, reason=False),
)
_BY_STEP = {(one.source, one.act, one.role): one for one in TRANSITIONS}

STATE_LABELS = {
    State.ASKED: _l("Asked"),
    State.CHECKING: _l("Being checked"),
    State.GRANTED: _l("Granted"),
    State.REFUSED: _l("Turned down"),
    State.FEE_DUE: _l("Waits for the fee"),
    State.SERVED: _l("Delivered"),
    State.EXITED: _l("Moved to another supplier"),
    State.ENDED: _l("Ended with the period"),
    State.WITHDRAWN: _l("Taken back by the client"),
    State.FALSE_ALARM: _l("Ended: it was a false alarm"),
}
ROLE_LABELS = {
    Role.CLIENT: _l("The client"),
    Role.FOUNDATION: _l("The foundation"),
    Role.SCHEME: _l("Followed from the scheme"),
}
ASKED_LABELS = {
    AskedBy.LINK: _l("By the link of the deed"),
    AskedBy.ORGANISATION: _l("By its own organisation in Waarborg"),
    AskedBy.FOUNDATION: _l("Written down by the foundation"),
}
CAME_IN_LABELS = {
    CameIn.PHONE: _l("By phone"),
    CameIn.LETTER: _l("By letter"),
    CameIn.EMAIL: _l("By e-mail"),
    CameIn.VISIT: _l("In person"),
}


def take(source: State, act: Act, role: Role, reason: str = "") -> State:
    """Return the state that `act` of `role` leads to from `source`.

    Raises Refused when the table knows no such step, or it needs a reason and has none.
    Source: rules 3.8.
    """
    found = _BY_STEP.get((source, act, role))
    if found is None:
        raise Refused(_l("This cannot be done now: the request is “%(state)s”.", state=STATE_LABELS[source]))
    if found.reason and not reason.strip():
        raise Refused(_l("Fill in why."), "reason")
    return found.target


def may(source: State, act: Act, role: Role) -> bool:
    """Tell whether the table knows this step from `source`."""
    return (source, act, role) in _BY_STEP
