"""Have what waits made in a process of its own: pages go on as if nothing happened."""

import os
import subprocess
import sys
from threading import Lock

import sqlalchemy as sa
from flask import Flask, current_app

from audits.made import planning
from audits.made.ordering import KIND
from core import clock, db
from core.background.jobs import EVERY_MINUTE, Job
from core.background.work import DueWork
from core.background.work_states import OPEN
from core.settings import ROOT

EXTENSION = "waarborg.maker"
COMMAND = (sys.executable, "-m", "flask", "--app", "app", "make-reports")


class Maker:
    """The process of this server that makes reports: one at a time, started when something waits, gone when not."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def start(self) -> bool:
        """Start it unless it is at work; tell whether it was started."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return False
            self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and command
                COMMAND, cwd=ROOT, env=dict(os.environ), stdin=subprocess.DEVNULL, start_new_session=True
            )
            return True


def init_maker(app: Flask) -> None:
    """Let `app`, a server, start the process that makes reports."""
    app.extensions[EXTENSION] = Maker()


def maker() -> Maker | None:
    """Return what starts that process; None where none is to be started, as in a command."""
    found = current_app.extensions.get(EXTENSION)
    return found if isinstance(found, Maker) else None


def look() -> None:
    """Start the maker when anything waits."""
    found = maker()
    if found is not None and _waits():
        found.start()


def schedule() -> None:
    """Ask for what the schedules are due."""
    planning.plan_due(clock.now())


def _waits() -> bool:
    db.begin(writes=False)
    try:
        at = clock.now()
        query = sa.select(DueWork.id).where(DueWork.kind == KIND, DueWork.state.in_(OPEN), DueWork.due_at <= at)
        return db.session().scalar(query.limit(1)) is not None
    finally:
        db.rollback()


# What the hour missed the next one finds: a period stays due until it is done.
JOBS = (
    Job("report-schedules", "7 * * * *", schedule, catch_up=False),
    Job("reports", EVERY_MINUTE, look, catch_up=False),
)
