"""Several processes that remind of terms at once, killed at random moments and begun anew until all is told.

Run as a program: address of the database, data folder, master key, moment (ISO), processes, seed. Says how many were
killed. Each is a fork of this process, so that what is killed is the reminding and not the start of the service.
"""

import sys
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
import time_machine
from flask import Flask

from app import create_app
from core import db
from core.background import work
from core.background.work import DueWork
from core.background.work_states import OPEN
from core.clock import now
from core.settings import read_settings
from plans.calamity import reminding, waking
from tests.core.killing import kill_until_done

# What the dead held comes free within the test.
LEASE = timedelta(seconds=1)


def remind(app: Flask, _number: int) -> None:
    """Remind again and again, until killed."""
    with app.app_context():
        while True:
            reminding.remind()


def left(app: Flask) -> bool:
    """Tell whether anything that is due by now is yet to be told."""
    with app.app_context():
        db.begin(writes=False)
        query = sa.select(DueWork.state).where(DueWork.kind.in_((reminding.DAY, waking.KIND)), DueWork.due_at <= now())
        found = list(db.session().scalars(query))
        held = db.session().scalars(sa.select(DueWork.id).where(DueWork.taken_by.is_not(None), DueWork.state.in_(OPEN)))
        open_ones = list(held)
        db.rollback()
        db.session().close()
        # A fork must never share a connection.
        db.engine().dispose()
    return not found or bool(open_ones) or any(state in OPEN for state in found)


def main(address: str, folder: str, key: str, at: str, processes: str, seed: str) -> None:
    """Kill one after the other until every letter of that moment is written."""
    told = {"DATABASE_URL": address, "DATA_DIR": folder, "MASTER_KEY_FILE": key, "SCHEDULER": "off"}
    told |= {"SECRET_KEY": "a secret that only tests know, long enough", "LOG_LEVEL": "ERROR"}
    app = create_app(read_settings({f"WAARBORG_{name}": value for name, value in told.items()}))
    work.work_off = partial(work.work_off, lease=LEASE)
    with time_machine.travel(datetime.fromisoformat(at), tick=True):
        kills = kill_until_done(partial(remind, app), partial(left, app), int(processes), int(seed))
    sys.stdout.write(f"\n{kills}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
