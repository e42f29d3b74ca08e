"""Moments of a program at which it may be killed: each statement, each commit, each file that is opened or moved.

Counted and not timed: a quick machine and a slow one die at the same places, and the first moment is always reached.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from random import Random

import sqlalchemy as sa

FILES = frozenset({"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.truncate"})
LATER = 0.004
"""Seconds at most between the moment and the end, where it is not killed at the moment itself."""


def dying(at: int, told: int | None = None) -> None:
    """Let this process kill itself at its so-manieth moment from now; told: tell it there instead, and go on."""
    count, reached = 0, False

    def moment(*_told: object) -> None:
        nonlocal count, reached
        count += 1
        if count < at or reached:
            return
        reached = True
        if told is None:
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            os.write(told, b"!")

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        sa.event.listen(sa.Engine, name, moment)
    sys.addaudithook(lambda event, _args: moment() if event in FILES else None)


def killed(work: Callable[[], int], at: int, chance: Random, *, exact: bool) -> tuple[bool, int]:
    """Do it in a process of its own that is killed at that moment, or (not exact) a little after it.

    Return whether it was killed before it ended, and else how it ended (0: well).
    """
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        dying(at, None if exact else tell)
        os._exit(work())
    os.close(tell)
    # Nothing is heard, and the pipe is closed, where it ended or died before.
    if os.read(hear, 1):
        time.sleep(chance.uniform(0, LATER))
        os.kill(child, signal.SIGKILL)
    os.close(hear)
    _child, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code == -signal.SIGKILL, code
