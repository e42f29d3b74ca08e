"""Jobs at fixed times: one leader among all server processes, a missed run made up for once.

Every server process starts a Runner. The one that holds the lock is the leader and runs the jobs; the others look
every LOOK_EVERY seconds whether its place has come free. Which runs were finished stands in the table job_run.
"""

import fcntl
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, db
from core.db import Base
from core.ids import new_id

LOOK_EVERY = 30
# How far back a run that should have been is looked for, and so how long a monthly cron may not be.
LOOK_BACK = timedelta(days=8)
# Any number that nobody else uses for an advisory lock in this database.
LEADER_KEY = 726_002
EVERY_MINUTE = "* * * * *"
NIGHTLY = "nightly"

log = structlog.get_logger("jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do at fixed times.

    cron: five fields in the service's zone, or NIGHTLY for the time of night that the settings choose; run: does it,
    inside an application context; catch_up: whether a missed run is made up for, once, and each run kept in job_run.
    """

    name: str
    cron: str
    run: Callable[[], None]
    catch_up: bool = True


class JobRun(Base):
    """One period of a job: when its run began, and finished. kind: the job's name; period: when it was due, UTC."""

    __tablename__ = "job_run"
    __table_args__ = (sa.UniqueConstraint("kind", "period"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(60))
    period: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Lead(Protocol):
    """A lock that one process at a time can hold, and that falls open when its holder dies."""

    def take(self) -> bool:
        """Take or keep the lead; tell whether it is ours now."""

    def leave(self) -> None:
        """Let go of the lead, when it is ours."""


class FileLead:
    """The lead among processes on one machine: a locked file. The system unlocks it when its holder dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """Take or keep the lead; tell whether it is ours now."""
        if self._handle is not None:
            return True
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def leave(self) -> None:
        """Let go of the lead, when it is ours."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class PostgresLead:
    """The lead among processes on any machine: an advisory lock on a connection of its own.

    A pooled connection would keep the lock after it was given back, and lend it to whoever comes next.
    """

    def __init__(self, address: sa.URL) -> None:
        self._engine = sa.create_engine(address, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        self._connection: sa.Connection | None = None

    def take(self) -> bool:
        """Take or keep the lead; tell whether it is ours now."""
        try:
            if self._connection is not None:
                self._connection.execute(sa.select(1))
                return True
            connection = self._engine.connect()
            if connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LEADER_KEY))):
                self._connection = connection
                return True
            connection.close()
        except sa.exc.OperationalError:
            # The database dropped the connection, and with it the lock: somebody else may have it by now.
            self.leave()
        return False

    def leave(self) -> None:
        """Let go of the lead, when it is ours."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def lead_for(engine: sa.Engine) -> Lead:
    """Return the lock that fits the database of `engine`."""
    if engine.dialect.name == "postgresql":
        return PostgresLead(engine.url)
    return FileLead(Path(f"{engine.url.database}.leader"))


class Runner:
    """Runs jobs in this process while it leads. Jobs run one after the other, never two at once."""

    def __init__(
        self, app: Flask, jobs: Sequence[Job], lead: Lead, *, nightly_at: str, zone: str, look_every: float
    ) -> None:
        self.app, self.jobs, self.lead = app, tuple(jobs), lead
        self.nightly_at, self.zone, self.look_every = nightly_at, zone, look_every
        self.leading = False
        self.scheduler = BackgroundScheduler(
            timezone=ZoneInfo(zone),
            executors={"default": ThreadPoolExecutor(1), "lead": ThreadPoolExecutor(1)},
            # However late a run comes, and however many were missed: once, now.
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin to look for the lead, at once and then every `look_every` seconds."""
        every = IntervalTrigger(seconds=self.look_every, timezone=self.zone)
        self.scheduler.add_job(self.look, every, id="lead", executor="lead", next_run_time=clock.now())
        self.scheduler.start()

    def stop(self) -> None:
        """Stop after the run under way, and let go of the lead."""
        self.scheduler.shutdown(wait=True)
        self.lead.leave()
        self.leading = False

    def look(self) -> None:
        """Take the lead when it is free; stop running jobs when it was lost."""
        leads = self.lead.take()
        if leads and not self.leading:
            log.info("this process runs the jobs now", process=os.getpid())
            for job in self.jobs:
                self.scheduler.add_job(self.run, self.trigger(job), [job], id=job.name, replace_existing=True)
                if job.catch_up:
                    # At once: whatever should have been done while nobody led.
                    self.scheduler.add_job(
                        self.run, DateTrigger(clock.now()), [job], id=f"{job.name} missed", replace_existing=True
                    )
        elif self.leading and not leads:
            log.warning("this process lost the lead", process=os.getpid())
            for job in self.jobs:
                self.scheduler.remove_job(job.name)
        self.leading = leads

    def trigger(self, job: Job) -> CronTrigger:
        """Return when `job` is due."""
        hour, _, minute = self.nightly_at.partition(":")
        cron = f"{int(minute)} {int(hour)} * * *" if job.cron == NIGHTLY else job.cron
        return CronTrigger.from_crontab(cron, timezone=ZoneInfo(self.zone))

    def run(self, job: Job) -> None:
        """Run `job`, unless the newest period that is due was run to its end before.

        What the job raises goes to the scheduler, which logs it: the period stays unfinished, and is tried again
        when a process takes the lead.
        """
        with self.app.app_context():
            if not job.catch_up:
                job.run()
                return
            period = last_due(self.trigger(job), clock.now())
            if period is None or not begin_run(job.name, period, at=clock.now()):
                return
            log.info("job begins", job=job.name, period=period.isoformat())
            job.run()
            finish_run(job.name, period, at=clock.now())
            log.info("job ends", job=job.name, period=period.isoformat())


def last_due(trigger: CronTrigger, at: datetime) -> datetime | None:
    """Return the newest instant up to and including `at` when `trigger` was due, or None within LOOK_BACK."""
    found = None
    due = trigger.get_next_fire_time(None, at - LOOK_BACK)
    while due is not None and due <= at:
        found = due
        due = trigger.get_next_fire_time(due, due)
    return found


def begin_run(kind: str, period: datetime, *, at: datetime) -> bool:
    """Note that the run of `period` begins; tell False when it was finished already.

    Only the leader asks: a run that began and never finished belongs to a process that died, and begins again.
    """
    db.begin(writes=True)
    found = db.session().scalar(sa.select(JobRun).where(JobRun.kind == kind, JobRun.period == period))
    if found is None:
        db.session().add(JobRun(kind=kind, period=period, started_at=at, finished_at=None))
    elif found.finished_at is None:
        found.started_at = at
    else:
        db.rollback()
        return False
    db.commit()
    return True


def finish_run(kind: str, period: datetime, *, at: datetime) -> None:
    """Note that the run of `period` is finished."""
    db.begin(writes=True)
    db.session().scalars(sa.select(JobRun).where(JobRun.kind == kind, JobRun.period == period)).one().finished_at = at
    db.commit()


def start(app: Flask, jobs: Sequence[Job], *, nightly_at: str, look_every: float = LOOK_EVERY) -> Runner:
    """Start running `jobs` in this server process, if and when it leads.

    nightly_at: local time of day, HH:MM, in the service's zone; look_every: seconds.
    """
    with app.app_context():
        lead = lead_for(db.engine())
    runner = Runner(app, jobs, lead, nightly_at=nightly_at, zone=clock.DEFAULT_ZONE, look_every=look_every)
    runner.start()
    return runner
