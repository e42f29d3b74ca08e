"""A worker killed in the middle of a batch, with another beside it, on a real PostgreSQL: when its batch runs again.

Goals: within 60 s; every organisation judged, none twice in effect. The workers are as they are run for real.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from bench.choosing import database
from bench.worker import ROOT, python

GOAL = 60
PATIENCE = 600
FILL = """
from app import create_app
from core import clock, migrating
from sample import generate
app = create_app()
with app.app_context():
    migrating.upgrade()
    generate(tenants=400, assets=40, seed=7, today=clock.today(), password="een wachtwoord van niemand")
"""
HAND = """
from app import create_app
from audits.sweeping import jobs, waiting
from core import clock
from core.background import runners
with create_app().app_context():
    due = waiting.due(at=clock.now())
    runners.runner_here().hand(jobs.JUDGE, [due[start : start + 50] for start in range(0, len(due), 50)])
    print(len(due))
"""
TOLD = """
import sqlalchemy as sa
from app import create_app
from audits.sweeping import waiting
from audits.models import AuditState
from core import clock, db
from tenants.models import Tenant
from tenants.scope import reading, scoped
with create_app().app_context():
    due = waiting.due(at=clock.now())
    db.begin(writes=False)
    every = frozenset(db.session().scalars(sa.select(Tenant.id)))
    db.rollback()
    with scoped(reading(every), writes=False):
        times = list(db.session().scalars(sa.select(AuditState.times)))
    print(len(times), sum(one != 1 for one in times), len(due))
"""
Watching = psycopg.Connection[tuple[Any, ...]]
WORKER = (sys.executable, "-m", "flask", "--app", "app", "worker")
DOING = "SELECT id FROM waarborg_work.procrastinate_jobs WHERE status = 'doing'"
AGAIN = "SELECT id FROM waarborg_work.procrastinate_jobs WHERE id = ANY(%s) AND attempts > 0 AND status = 'doing'"


def main() -> None:
    """Print how long it took and what was lost or doubled; end with 1 when a goal is missed."""
    with database("postgresql") as settings:
        python(settings, FILL)
        env = {**settings, "WAARBORG_RUNNER": "procrastinate"}
        subprocess.run((*WORKER, "install"), cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        handed = int(python(env, HAND).split()[-1])
        address = env["WAARBORG_OWNER_DATABASE_URL"].replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as watching:
            again, whole = _killed(env, watching)
        judged, doubled, left = map(int, python(env, TOLD).split()[-3:])
    print(
        f"batch of a killed worker ran again after {again:.0f} s (goal {GOAL}); all {handed} judged after {whole:.0f} s"
    )
    print(f"judged {judged} of {handed}, twice in effect {doubled}, still due {left}")
    if again > GOAL or judged != handed or doubled or left:
        raise SystemExit(1)


def _killed(env: Mapping[str, str], watching: Watching) -> tuple[float, float]:
    """Kill one of two workers at work; return after how many seconds its batch ran again, and all were done."""
    workers = [_worker(env), _worker(env)]
    try:
        held = _until(lambda: found if len(found := _ids(watching, DOING)) == 2 else [])
        workers[0].send_signal(signal.SIGKILL)
        began = time.monotonic()
        _until(lambda: _ids(watching, AGAIN, held))
        again = time.monotonic() - began
        workers.append(_worker(env, "--until-empty"))
        workers[2].wait(PATIENCE)
        _until(lambda: [] if _ids(watching, DOING) else [0])
        return again, time.monotonic() - began
    finally:
        for one in workers:
            one.kill()
            one.wait()


def _worker(env: Mapping[str, str], *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen((*WORKER, "run", *options), cwd=ROOT, env=env)  # noqa: S603 -- our own command


def _ids(watching: Watching, query: str, *given: list[int]) -> list[int]:
    return [row[0] for row in watching.execute(query.encode(), given)]


def _until(found: Callable[[], list[int]]) -> list[int]:
    """Ask again until something is found."""
    for _ in range(PATIENCE * 10):
        if answer := found():
            return answer
        time.sleep(0.1)
    raise SystemExit("it never came true")


if __name__ == "__main__":
    main()
