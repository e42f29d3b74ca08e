"""One leader among all server processes, and a missed run made up for once."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from apscheduler.triggers.cron import CronTrigger
from flask import Flask

from core import db
from core.jobs import NIGHTLY, Job, JobRun, Runner, begin_run, finish_run, last_due, lead_for

ZONE = "Europe/Amsterdam"
PATIENCE = 30
# A server process: takes the lead, says so, and does nothing more until it is ended.
HOLDER = """
import sys, threading
import sqlalchemy as sa
from core.jobs import lead_for
lead = lead_for(sa.create_engine(sys.argv[1]))
print("leads" if lead.take() else "waits", flush=True)
threading.Event().wait()
"""


@contextmanager
def process_that_wants_the_lead(address: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a second process that tries to lead; give it and what it said."""
    command = [sys.executable, "-c", HOLDER, address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as holder:
        try:
            assert holder.stdout is not None
            yield holder, holder.stdout.readline().strip()
        finally:
            holder.kill()


def address_of(app: Flask) -> str:
    with app.app_context():
        return db.engine().url.render_as_string(hide_password=False)


def test_one_of_two_processes_leads_and_the_other_follows_when_it_is_killed(app: Flask) -> None:
    address = address_of(app)
    ours = lead_for(sa.create_engine(address))
    with process_that_wants_the_lead(address) as (holder, said):
        assert said == "leads"
        assert not ours.take()
        assert not ours.take()
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(PATIENCE)
        assert eventually(ours.take)
    with process_that_wants_the_lead(address) as (_holder, said):
        assert said == "waits"
    ours.leave()
    with process_that_wants_the_lead(address) as (_holder, said):
        assert said == "leads"


def eventually(holds: Any) -> bool:
    """Ask again until it holds: the database may need a moment to see that a process died."""
    pause = threading.Event()
    return any(holds() or pause.wait(0.1) for _ in range(PATIENCE * 10))


def test_a_database_connection_that_breaks_takes_the_lead_along(app: Flask, database: str) -> None:
    if database != "postgresql":
        pytest.skip("a file stays locked until its process ends")
    address = address_of(app)
    lead = lead_for(sa.create_engine(address))
    assert lead.take()
    with app.app_context():
        db.begin(writes=True)
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
        db.session().connection().exec_driver_sql(others)
        db.rollback()
    assert not lead.take()
    assert eventually(lead.take)
    lead.leave()


@pytest.mark.parametrize(
    ("at", "period"),
    [
        pytest.param("2026-11-22T03:29:59+00:00", "2026-11-21T03:30:00+00:00", id="a second before"),
        pytest.param("2026-11-22T03:30:00+00:00", "2026-11-22T03:30:00+00:00", id="at the very moment"),
        pytest.param("2026-11-22T23:59:00+00:00", "2026-11-22T03:30:00+00:00", id="late that day"),
        pytest.param("2026-10-25T12:00:00+00:00", "2026-10-25T03:30:00+00:00", id="the day with 25 hours"),
        pytest.param("2026-03-29T12:00:00+00:00", "2026-03-29T02:30:00+00:00", id="the day with 23 hours"),
    ],
)
def test_the_newest_night_that_is_due_is_found(at: str, period: str) -> None:
    trigger = CronTrigger.from_crontab("30 4 * * *", timezone=ZONE)
    assert last_due(trigger, datetime.fromisoformat(at)) == datetime.fromisoformat(period)


def test_a_run_that_finished_is_not_run_again_and_one_that_broke_off_is(app: Flask) -> None:
    period, at = datetime(2026, 11, 22, 3, 30, tzinfo=UTC), datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    with app.app_context():
        assert begin_run("sweep", period, at=at)
        assert begin_run("sweep", period, at=at)
        finish_run("sweep", period, at=at)
        assert not begin_run("sweep", period, at=at)
        assert begin_run("sweep", period + timedelta(days=1), at=at)
        assert begin_run("another job", period, at=at)


@contextmanager
def runner_of(app: Flask, *its_jobs: Job) -> Iterator[Runner]:
    with app.app_context():
        lead = lead_for(db.engine())
    runner = Runner(app, its_jobs, lead, nightly_at="04:30", zone=ZONE, look_every=0.2)
    runner.start()
    try:
        yield runner
    finally:
        runner.stop()


class Count:
    """A job that counts its runs."""

    def __init__(self) -> None:
        self.runs = 0
        self.ran = threading.Event()

    def __call__(self) -> None:
        self.runs += 1
        self.ran.set()


def test_nights_that_were_missed_are_made_up_for_once(app: Flask) -> None:
    count = Count()
    job = Job("sweep", NIGHTLY, count)
    with runner_of(app, job):
        assert count.ran.wait(PATIENCE)
    with runner_of(app, job) as runner:
        eventually(lambda: runner.leading)
        runner.run(job)
    assert count.runs == 1
    with app.app_context():
        db.begin(writes=False)
        kept = db.session().scalars(sa.select(JobRun)).all()
        assert len(kept) == 1
        assert kept[0].finished_at is not None


def test_a_night_runs_once_when_its_hour_comes(app: Flask) -> None:
    count = Count()
    job = Job("sweep", NIGHTLY, count)
    with app.app_context():
        lead = lead_for(db.engine())
    runner = Runner(app, [job], lead, nightly_at="04:30", zone=ZONE, look_every=30)
    for moment in ("2026-11-22T03:31:00+00:00", "2026-11-22T03:32:00+00:00", "2026-11-23T03:30:00+00:00"):
        with time_machine.travel(datetime.fromisoformat(moment), tick=False):
            runner.run(job)
    assert count.runs == 2


def test_a_night_that_broke_off_is_tried_again_by_the_next_leader(app: Flask) -> None:
    def break_off() -> None:
        raise RuntimeError("the power failed")

    count = Count()
    with app.app_context():
        lead = lead_for(db.engine())
    runner = Runner(app, [], lead, nightly_at="04:30", zone=ZONE, look_every=30)
    with pytest.raises(RuntimeError):
        runner.run(Job("sweep", NIGHTLY, break_off))
    runner.run(Job("sweep", NIGHTLY, count))
    runner.run(Job("sweep", NIGHTLY, count))
    assert count.runs == 1


def test_a_process_that_does_not_lead_runs_nothing(app: Flask) -> None:
    count = Count()
    with process_that_wants_the_lead(address_of(app)) as (holder, said):
        assert said == "leads"
        with runner_of(app, Job("sweep", NIGHTLY, count)) as runner:
            looked = threading.Event()
            runner.scheduler.add_job(looked.set, executor="lead")
            assert looked.wait(PATIENCE)
            assert not runner.leading
            assert not count.runs
            os.kill(holder.pid, signal.SIGKILL)
            holder.wait(PATIENCE)
            assert count.ran.wait(PATIENCE)
            assert runner.leading
