"""Several processes that remind of terms at once, killed at random moments and begun anew until all is told.

Run as a program, with what `kill_until_told` takes. Says how many were killed.
"""

import sys

import sqlalchemy as sa

from core import db
from core.background.work import DueWork
from core.background.work_states import OPEN
from core.clock import now
from plans.calamity import reminding, waking
from tests.core.killing_reminders import kill_until_told, open_of


def left() -> bool:
    """Tell whether anything that is due by now is yet to be told."""
    held = sa.select(DueWork.id).where(DueWork.taken_by.is_not(None), DueWork.state.in_(OPEN)).limit(1)
    kinds = (reminding.DAY, waking.KIND)
    due = sa.select(DueWork.state).where(DueWork.kind.in_(kinds), DueWork.due_at <= now())
    return open_of(due) or db.session().scalar(held) is not None


if __name__ == "__main__":
    kill_until_told(sys.argv[1:], reminding.remind, left)
