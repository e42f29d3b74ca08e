"""Workers on a real PostgreSQL: the results of one process, and nothing lost with one that is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import monotonic, sleep

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.models import AuditState, Finding
from audits.reminders.jobs import PATIENCE, REMIND, remind
from audits.sweeping import jobs, sweep, waiting
from core import clock, db
from core.background import runners, workers
from core.background.work import DueWork
from core.settings import SettingError, Settings, read_settings
from tenants.scope import reading, scoped
from tests.conftest import MASTER_KEY, Stable, running

# Judges slowly the first time, and says so, so that it can be killed in the middle.
WORKER = """
import os, sys, time
from app import create_app
from audits.sweeping import jobs
from core.background import batches, workers
slow = sys.argv[1]
def judge(tenant_ids):
    if os.path.exists(slow):
        os.rename(slow, slow + ".begun")
        time.sleep(600)
    jobs.judge(tenant_ids)
import serving, tables
app = create_app()
settings = app.config["SETTINGS"]
workers.ALIVE_EVERY, workers.STALLED_AFTER, workers.MENDED_EVERY, workers.POLLED_EVERY = 0.5, 4, 0.5, 1
workers.work(app, settings.database_url, [batches.BatchWork("judge", judge)])
"""


@pytest.fixture
def app(stable: Stable, tmp_path: Path) -> Iterator[Flask]:
    """The service, handing batches to workers."""
    with running(stable, f"cast_{os.getpid()}", tmp_path, RUNNER="procrastinate") as app:
        done = app.test_cli_runner().invoke(args=["worker", "install"])
        assert done.exit_code == 0, done.output
        yield app


@pytest.fixture
def worker(app: Flask, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a worker process; none is left afterwards."""
    settings: Settings = app.config["SETTINGS"]
    told = {
        "RUNNER": "procrastinate", "DATABASE_URL": settings.database_url, "DATA_DIR": str(settings.data_dir),
        "MASTER_KEY_FILE": str(MASTER_KEY), "SECRET_KEY": settings.secret_key, "SCHEDULER": "off",
    }  # fmt: skip
    env = {**os.environ, **{f"WAARBORG_{name}": value for name, value in told.items()}}
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path / "slow")], env=env))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def until(true: Callable[[], bool], seconds: float) -> float:
    """Wait until something is true; return how long that took."""
    began = monotonic()
    while not true():
        assert monotonic() - began < seconds, "it never came true"
        sleep(0.2)
    return monotonic() - began


def found(tenant_ids: Sequence[int]) -> list[tuple[object, ...]]:
    """What was found in all organisations, and how often each was judged."""
    with scoped(reading(frozenset(tenant_ids)), writes=False):
        told = sa.select(Finding.tenant_id, Finding.rule_code, Finding.subject_key, Finding.severity, Finding.since)
        times = sa.select(AuditState.tenant_id, AuditState.rule_set, AuditState.faults, AuditState.next_on)
        return sorted(
            [tuple(map(str, row)) for row in db.session().execute(told.where(Finding.closed_at.is_(None)))]
            + [tuple(map(str, row)) for row in db.session().execute(times)]
        )


def test_killed_workers_batches_run_again_within_a_minute_with_the_results_of_one_process(
    app: Flask, worker: Callable[[], subprocess.Popen[bytes]], tmp_path: Path, superuser: object
) -> None:
    """On PostgreSQL only, for which a superuser stands."""
    with app.app_context():
        due = waiting.due(at=clock.now())
        assert due
        (tmp_path / "slow").touch()
        runners.runner_here().hand(jobs.JUDGE, [[one] for one in due])
        assert runners.runner_here().left(jobs.JUDGE) == len(due)
        killed = worker()
        until((tmp_path / "slow.begun").exists, 240)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        worker()
        worker()
        until(lambda: runners.runner_here().left(jobs.JUDGE) == 0, 360)
        assert waiting.due(at=clock.now()) == []
        by_workers = found(due)
        with scoped(reading(frozenset(due)), writes=False):
            assert set(db.session().scalars(sa.select(AuditState.times))) == {1}
        sweep.run(due)
        assert found(due) == by_workers


def test_reminders_of_a_day_wait_until_workers_judged_and_no_longer_than_that(app: Flask, superuser: object) -> None:
    """On PostgreSQL only, as above."""

    def planned(day: date) -> bool:
        db.begin(writes=False)
        found = db.session().scalar(sa.select(sa.func.count()).where(DueWork.kind == REMIND, DueWork.period == day))
        db.rollback()
        return bool(found)

    with app.app_context():
        for day, by_workers in ((date(2027, 1, 18), False), (date(2027, 1, 19), True)):
            with time_machine.travel(datetime.combine(day, time(7), tzinfo=UTC)) as now:
                remind()
                assert runners.runner_here().left(jobs.JUDGE)
                remind()
                assert not planned(day)
                if by_workers:
                    done = app.test_cli_runner().invoke(args=["worker", "run", "--until-empty"])
                    assert done.exit_code == 0, done.output
                    assert waiting.due(at=clock.now()) == []
                else:
                    now.shift(PATIENCE)
                remind()
                assert planned(day)


@pytest.mark.once
def test_a_dead_worker_is_noticed_well_within_a_minute() -> None:
    assert workers.ALIVE_EVERY * 3 < workers.STALLED_AFTER
    assert workers.STALLED_AFTER + workers.MENDED_EVERY + workers.POLLED_EVERY <= 30


@pytest.mark.once
def test_workers_are_refused_without_postgresql(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="RUNNER"):
        read_settings({"WAARBORG_RUNNER": "procrastinate", "WAARBORG_DATA_DIR": str(tmp_path)})
