"""Several processes that remind of requests at once, killed at random moments and begun anew until all is told.

Run as a program, with what `kill_until_told` takes. Says how many were killed.
"""

import sys

import sqlalchemy as sa

from continuity.requests import reminding
from core.background.work import DueWork
from tests.core.killing_reminders import kill_until_told, open_of


def left() -> bool:
    """Tell whether anything is yet to be told, or was never planned."""
    kinds = (reminding.DAY, reminding.CLIENT, reminding.OFFICERS)
    return open_of(sa.select(DueWork.state).where(DueWork.kind.in_(kinds)))


if __name__ == "__main__":
    kill_until_told(sys.argv[1:], reminding.remind, left)
