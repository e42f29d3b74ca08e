"""The course of a request for evidence: its states, who may move it from which to which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tenants.models import Capacity


class RequestState(StrEnum):
    """How far a request is."""

    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What somebody does with a request."""

    ASK = "ask"
    ANSWER = "answer"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table. by: who may; sources: from which states, none for a new request; reasoned: says why."""

    by: frozenset[Capacity]
    sources: frozenset[RequestState]
    target: RequestState
    reasoned: bool = False


AUDITOR = frozenset({Capacity.AUDITOR})
ANSWERING = frozenset({Capacity.OWNER, Capacity.EDITOR})
_S = RequestState
# The organisation is to move: these count on its home page.
WAITING = frozenset({_S.OPEN, _S.SENT_BACK})
# What tells the organisation by a letter that it is to move.
LETTERED = frozenset({Move.ASK, Move.SEND_BACK})
# And here the auditor is.
ANSWERED = frozenset({_S.ANSWERED})

COURSE: Mapping[Move, Transition] = MappingProxyType(
    {
        Move.ASK: Transition(AUDITOR, frozenset(), _S.OPEN, reasoned=True),
        # Answered once more: a file that was forgotten.
        Move.ANSWER: Transition(ANSWERING, WAITING | {_S.ANSWERED}, _S.ANSWERED, reasoned=True),
        Move.ACCEPT: Transition(AUDITOR, frozenset({_S.ANSWERED}), _S.ACCEPTED),
        Move.SEND_BACK: Transition(AUDITOR, frozenset({_S.ANSWERED}), _S.SENT_BACK, reasoned=True),
        Move.WITHDRAW: Transition(AUDITOR, WAITING | {_S.ANSWERED}, _S.WITHDRAWN),
    }
)


def moves(state: RequestState, capacity: Capacity) -> tuple[Move, ...]:
    """Return what somebody in `capacity` may do with a request in `state`."""
    return tuple(move for move, one in COURSE.items() if state in one.sources and capacity in one.by)
