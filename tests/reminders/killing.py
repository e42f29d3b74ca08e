"""Reminders by several real schedulers at once that all believe they lead, killed at random moments and begun anew.

Run as a program: data folder, master key, schedulers, seed, and the days (ISO). The database is that of the variable
DATABASE. Says how many were killed. Clocks of the schedulers differ by minutes, so that what the dead held comes free
at once, and what the living hold is taken from them too.
"""

import os
import sys
from datetime import UTC, date, datetime, time
from functools import partial

import sqlalchemy as sa
import time_machine
from flask import Flask

from app import create_app
from audits.reminders import jobs
from core import db
from core.background.jobs import EVERY_MINUTE, Job
from core.background.work import LEASE, DueWork
from core.background.work_states import OPEN, WorkState
from tests.core.killing import kill_until_done, lead_for_ever, settings_of

MORNING = time(6, 0, tzinfo=UTC)


def scheduler(app: Flask, day: date, number: int) -> None:
    """Be one scheduler on that day, until killed."""
    with time_machine.travel(datetime.combine(day, MORNING) + number * LEASE):
        lead_for_ever(app, Job("reminders", EVERY_MINUTE, jobs.remind, catch_up=False))


def left(app: Flask, day: date) -> bool:
    """Tell whether anything of that day is yet to be done."""
    with app.app_context():
        db.begin(writes=False)
        rows = db.session().execute(sa.select(DueWork.kind, DueWork.state).where(DueWork.period == day)).all()
        db.rollback()
        db.session().close()
        # A fork must never share a connection.
        db.engine().dispose()
    mailed = any(row.kind == jobs.MAIL_DAY and row.state is WorkState.DONE for row in rows)
    return not mailed or any(row.state in OPEN for row in rows)


def main(folder: str, key: str, processes: str, seed: str, *days: str) -> None:
    """Run the days, one after the other."""
    app = create_app(settings_of(os.environ["DATABASE"], folder, key))
    first, *others = map(date.fromisoformat, days)
    with time_machine.travel(datetime.combine(first, MORNING)), app.app_context():
        # The first day without a kill: whoever is forked then knows every statement, and need not put it together.
        jobs.remind()
        db.session().close()
        db.engine().dispose()
    kills = 0
    for day in others:
        kills += kill_until_done(partial(scheduler, app, day), partial(left, app, day), int(processes), int(seed))
    sys.stdout.write(f"{kills}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
