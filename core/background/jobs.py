"""Jobs at fixed times, and the lead: one process among all runs them (core/background/scheduler.py)."""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from core import clock, db
from core.background import work

# Any number that nobody else uses for an advisory lock in this database.
LEADER_KEY = 726_002
EVERY_MINUTE = "* * * * *"
NIGHTLY = "nightly"

EXTENSION = "waarborg.jobs"


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do at fixed times.

    cron: five fields in the service's zone, or NIGHTLY for the time of night that the settings choose; run: does it,
    inside an application context; catch_up: whether a run is a piece of due work, one a day: made up for once when it
    was missed, taken over when its process died, tried again when it failed. Such a job bears being run again.
    """

    name: str
    cron: str
    run: Callable[[], None]
    catch_up: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of a service. nightly_at: local time of day, HH:MM, in the service's zone."""

    jobs: tuple[Job, ...]
    nightly_at: str


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


def forget() -> None:
    """Remove due work that was done with long ago."""
    db.begin(writes=True)
    try:
        work.forget_old(clock.now())
        db.commit()
    finally:
        db.rollback()


JOBS = (Job("work-forget", NIGHTLY, forget),)
