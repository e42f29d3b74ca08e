"""Several real schedulers at once that all believe they lead, killed at random moments and begun anew.

Run as a program: address of the database, data folder, master key, schedulers, organisations, nights, seed. Says how
many were killed. The schedulers are forks of this process, so that each begins in an instant.
"""

import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

import sqlalchemy as sa
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from core import clock, db, mail
from core.background import work
from core.background.jobs import EVERY_MINUTE, Job
from core.background.scheduler import Runner
from core.background.work import Claim, DueWork
from core.background.work_states import OPEN
from core.i18n import Language
from core.settings import Settings, read_settings
from tenants import lock

FIRST = date(2026, 10, 24)  # the night after it has 25 hours
# As short as a piece of work takes at most, so that what the dead held comes free within the test.
LEASE = timedelta(seconds=0.5)
KIND = "effect"
PATIENCE = 120.0


def settings_of(address: str, folder: str, key: str) -> Settings:
    """Return the settings of a service that runs no jobs by itself: database, data folder, file of the master key."""
    told = {"DATABASE_URL": address, "DATA_DIR": folder, "MASTER_KEY_FILE": key, "SCHEDULER": "off"}
    told |= {"SECRET_KEY": "a secret that only tests know, long enough", "LOG_LEVEL": "ERROR"}
    return read_settings({f"WAARBORG_{name}": value for name, value in told.items()})


class EverybodyLeads:
    """The worst case: no process ever learns that another one leads."""

    def take(self) -> bool:
        return True

    def leave(self) -> None:
        return None


def effect(claims: Sequence[Claim]) -> None:
    """Queue a mail for each piece, slowly, so that many are killed half-way."""
    db.begin(writes=True)
    try:
        for claim in claims:
            night = (claim.period - FIRST).days
            to = f"o{claim.about}.n{night}@people.example"
            mail.queue(to=to, subject="x", text="y", language=Language.DUTCH, kind=KIND)
        threading.Event().wait(random.uniform(0, 0.01))  # noqa: S311 - a moment, not a secret
        work.finish(claims, at=clock.now())
        threading.Event().wait(random.uniform(0, 0.01))  # noqa: S311 - as above
        db.commit()
    finally:
        db.rollback()


def scheduler(app: Flask, organisations: int, night: int, _number: int) -> None:
    """Be one scheduler, until killed."""

    def job() -> None:
        db.begin(writes=True)
        try:
            work.plan(KIND, map(str, range(organisations)), FIRST + timedelta(days=night), at=clock.now())
            db.commit()
        finally:
            db.rollback()
        work.work_off(KIND, effect, at_once=3, lease=LEASE)

    lead_for_ever(app, Job(KIND, EVERY_MINUTE, job, catch_up=False))


def lead_for_ever(app: Flask, job: Job) -> None:
    """Run a job again and again, as a scheduler that always leads, until killed."""
    runner = Runner(app, [job], EverybodyLeads(), nightly_at="04:30", zone=clock.DEFAULT_ZONE, look_every=0.2)
    runner.start()
    again = IntervalTrigger(seconds=0.05)
    runner.scheduler.add_job(runner.run, again, [job], next_run_time=clock.now())
    threading.Event().wait()


def fork(begin: Callable[[int], None], number: int) -> int:
    """Begin a scheduler in a process of its own; return its id."""
    child = os.fork()
    if child == 0:
        random.seed(number)
        try:
            begin(number)
        finally:
            os._exit(1)
    return child


def kill_until_done(begin: Callable[[int], None], left: Callable[[], bool], processes: int, seed: int) -> int:
    """Keep so many schedulers alive and kill one after the other until nothing is left to do; return how many.

    begin: what a scheduler does, told a number that no other has; left: whether anything is yet to be done.
    """
    chance, pause = random.Random(seed), threading.Event()  # noqa: S311 - a moment, not a secret
    begun, kills, waited = processes, 0, 0.0
    alive = [fork(begin, number) for number in range(processes)]
    while kills < processes or left():
        # Longer each time: on a busy machine nobody would live long enough to get anything done.
        nap = chance.uniform(0.02, 0.25) * (1 + kills / 10)
        pause.wait(nap)
        waited += nap
        if waited > PATIENCE:
            sys.exit("it never came to an end")
        _kill(alive.pop(chance.randrange(len(alive))))
        kills += 1
        alive.append(fork(begin, begun))
        begun += 1
    for victim in alive:
        _kill(victim)
    return kills


def _kill(victim: int) -> None:
    os.kill(victim, signal.SIGKILL)
    os.waitpid(victim, 0)


def left(app: Flask, organisations: int, night: int) -> bool:
    """Tell whether anything of this night is yet to be done."""
    with app.app_context():
        db.begin(writes=False)
        query = sa.select(DueWork.state).where(DueWork.period == FIRST + timedelta(days=night))
        found = list(db.session().scalars(query))
        db.rollback()
        db.session().close()
        # A fork must never share a connection.
        db.engine().dispose()
    return len(found) < organisations or any(state in OPEN for state in found)


def main(address: str, folder: str, key: str, *numbers: str) -> None:
    """Run the nights, one after the other."""
    processes, organisations, nights, seed = map(int, numbers)
    # The service without its pages: schedulers need none.
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=address)
    app.config["SETTINGS"] = settings_of(address, folder, key)
    db.init_db(app)
    lock.init_lock()
    kills = sum(
        kill_until_done(
            partial(scheduler, app, organisations, night), partial(left, app, organisations, night), processes, seed
        )
        for night in range(nights)
    )
    # On a line of its own: one that was killed may have left half a line of its log.
    sys.stdout.write(f"\n{kills}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
