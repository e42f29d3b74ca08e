"""Several processes that tell of announced ends at once, killed at random moments and begun anew until all is told.

Run as a program, with what `kill_until_told` takes. Says how many were killed.
"""

import sys

import sqlalchemy as sa

from continuity.ending import telling
from core.background.work import DueWork
from tests.core.killing_reminders import kill_until_told, open_of


def left() -> bool:
    """Tell whether anything is yet to be told, or was never planned."""
    return any(
        open_of(sa.select(DueWork.state).where(DueWork.kind == kind))
        for kind in (telling.DAY, telling.CLIENTS, telling.OFFICERS)
    )


if __name__ == "__main__":
    kill_until_told(sys.argv[1:], telling.remind, left)
