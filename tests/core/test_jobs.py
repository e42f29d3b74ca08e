"""One leader among all server processes, and a missed run made up for once."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from apscheduler.triggers.cron import CronTrigger
from flask import Flask

from core import clock, db
from core.background import work
from core.background.jobs import NIGHTLY, Job, lead_for
from core.background.scheduler import Runner, last_due
from core.background.work import LEASE, PAUSES, DueWork
from core.background.work_states import WorkState

ZONE = "Europe/Amsterdam"
PATIENCE = 30
# A server process: takes the lead, says so, and does nothing more until it is ended.
HOLDER = """
import sys, threading
import sqlalchemy as sa
from core.background.jobs import lead_for
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
        kept = db.session().scalars(sa.select(DueWork)).all()
        assert [row.state for row in kept] == [WorkState.DONE]


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


@pytest.mark.parametrize(
    ("at", "period"),
    [
        pytest.param("2026-10-25T12:00:00+00:00", date(2026, 10, 25), id="the day with 25 hours"),
        pytest.param("2027-03-28T12:00:00+00:00", date(2027, 3, 28), id="the day with 23 hours"),
        pytest.param("2028-02-29T12:00:00+00:00", date(2028, 2, 29), id="the day that comes once in four years"),
        pytest.param("2026-11-21T23:30:00+00:00", date(2026, 11, 21), id="past midnight here, and not yet due today"),
    ],
)
def test_a_day_of_whatever_length_has_one_run_named_by_its_calendar_day(app: Flask, at: str, period: date) -> None:
    count = Count()
    runner, job = idle_runner(app), Job("sweep", NIGHTLY, count)
    moment = datetime.fromisoformat(at)
    for later in (timedelta(), timedelta(minutes=20), timedelta(hours=1), timedelta(hours=2)):
        with time_machine.travel(moment + later, tick=False):
            runner.run(job)
    assert count.runs == 1
    with app.app_context():
        db.begin(writes=False)
        assert list(db.session().scalars(sa.select(DueWork.period))) == [period]


def idle_runner(app: Flask) -> Runner:
    """A runner that was not started: its jobs run when the test says so."""
    with app.app_context():
        lead = lead_for(db.engine())
    return Runner(app, [], lead, nightly_at="04:30", zone=ZONE, look_every=30)


def test_a_night_that_failed_rests_and_is_tried_again(app: Flask) -> None:
    def break_off() -> None:
        raise RuntimeError("the power failed")

    count, runner = Count(), idle_runner(app)
    with pytest.raises(RuntimeError):
        runner.run(Job("sweep", NIGHTLY, break_off))
    runner.run(Job("sweep", NIGHTLY, count))
    assert count.runs == 0
    with time_machine.travel(clock.now() + PAUSES[0], tick=False):
        runner.run(Job("sweep", NIGHTLY, count))
        runner.run(Job("sweep", NIGHTLY, count))
    assert count.runs == 1


def test_a_run_whose_process_died_is_taken_over_after_its_lease_and_one_that_lives_is_not(app: Flask) -> None:
    count, runner = Count(), idle_runner(app)
    job = Job("sweep", NIGHTLY, count)
    at = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
    with app.app_context(), time_machine.travel(at, tick=False):
        claim = runner._claim(job, at)
        assert claim is not None
    half = at + LEASE - timedelta(seconds=1)
    with time_machine.travel(half, tick=False):
        runner.run(job)
        runner._renew(claim)
    with time_machine.travel(at + LEASE + timedelta(seconds=1), tick=False):
        runner.run(job)
    assert count.runs == 0
    with time_machine.travel(half + LEASE, tick=False):
        runner.run(job)
        with app.app_context():
            db.begin(writes=True)
            with pytest.raises(work.Overtaken):
                work.finish([claim], at=clock.now())
            db.rollback()
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
