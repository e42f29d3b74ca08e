"""What the programs share that kill several processes which remind, until everybody is told."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
import time_machine
from flask import Flask

from app import create_app
from core import db
from core.background import work
from core.background.work_states import OPEN, WorkState
from tests.core.killing import kill_until_done, settings_of

# What the dead held comes free within the test.
LEASE = timedelta(seconds=1)


def kill_until_told(arguments: list[str], remind: Callable[[], object], left: Callable[[], bool]) -> None:
    """Remind in several processes, killed one after the other until nothing is `left`; print how many were killed.

    arguments: address of the database, data folder, master key, moment (ISO), processes, seed. `left` is asked with the
    service at hand. Each process is a fork of this one, so that what is killed is the reminding and not the start.
    """
    address, folder, key, at, processes, seed = arguments
    app = create_app(settings_of(address, folder, key))
    work.work_off = partial(work.work_off, lease=LEASE)
    with time_machine.travel(datetime.fromisoformat(at), tick=True):
        begin = partial(_remind_for_ever, app, remind)
        kills = kill_until_done(begin, partial(_left, app, left), int(processes), int(seed))
    sys.stdout.write(f"\n{kills}\n")


def open_of(query: sa.Select[WorkState]) -> bool:
    """Tell whether any of these pieces of work is open, or none was ever planned."""
    found = list(db.session().scalars(query))
    return not found or any(state in OPEN for state in found)


def _remind_for_ever(app: Flask, remind: Callable[[], object], _number: int) -> None:
    with app.app_context():
        while True:
            remind()


def _left(app: Flask, left: Callable[[], bool]) -> bool:
    with app.app_context():
        db.begin(writes=False)
        found = left()
        db.rollback()
        db.session().close()
        # A fork must never share a connection.
        db.engine().dispose()
    return found
