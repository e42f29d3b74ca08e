"""The states of a piece of due work, and every step between two of them (core/background/work.py takes them)."""

from dataclasses import dataclass
from enum import StrEnum


class WorkState(StrEnum):
    """How far a piece of work is. PASSED: a newer period came before it was done."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"
    PASSED = "passed"


class Step(StrEnum):
    """What can happen to a piece of work."""

    TAKE = "take"
    TAKE_OVER = "take_over"
    RENEW = "renew"
    FINISH = "finish"
    PUT_OFF = "put_off"
    GIVE_UP = "give_up"
    REPLACE = "replace"
    REPLACE_LEFT = "replace_left"


class Must(StrEnum):
    """What must be true of a row for a step."""

    TIME_HAS_COME = "its time has come, or the lease of its holder ran out"
    HELD = "whoever asks still holds it"
    NEWER = "a newer period of the same work is planned"
    NEWER_AND_LEFT = "a newer period is planned, and the lease of its holder ran out"


@dataclass(frozen=True, slots=True)
class Transition:
    """One step a piece of work may take. Every other is refused: the conditional update finds no row."""

    source: WorkState
    target: WorkState
    must: Must


_S = WorkState
TRANSITIONS = {
    Step.TAKE: Transition(_S.WAITING, _S.TAKEN, Must.TIME_HAS_COME),
    Step.TAKE_OVER: Transition(_S.TAKEN, _S.TAKEN, Must.TIME_HAS_COME),
    Step.RENEW: Transition(_S.TAKEN, _S.TAKEN, Must.HELD),
    Step.FINISH: Transition(_S.TAKEN, _S.DONE, Must.HELD),
    Step.PUT_OFF: Transition(_S.TAKEN, _S.WAITING, Must.HELD),
    Step.GIVE_UP: Transition(_S.TAKEN, _S.FAILED, Must.HELD),
    Step.REPLACE: Transition(_S.WAITING, _S.PASSED, Must.NEWER),
    Step.REPLACE_LEFT: Transition(_S.TAKEN, _S.PASSED, Must.NEWER_AND_LEFT),
}
OPEN = (WorkState.WAITING, WorkState.TAKEN)
