"""Choosing and judging the 1,000 of 1,000,000 organisations that are due, on both databases, in CPU time.

Beside it: reading those 1,000, that is all a judgement rests on, with what is confidential opened and the plan's
fingerprint made. Goals: choosing at most 5 % of that, the whole sweep at most 1.3 times that. And the bare rows of the
same selects, as the driver hands them over. The other 999,000 were judged, and nothing is due.

Each of the 1,000 was judged before. One half is due by the calendar, the other half bears the mark that its contacts
changed, though nothing in them did: they are read to be compared with what was kept, and the plan is read whole.
Nothing else is found than before.

"Then" is the same on a day that has come for half of them, because something in them lapses or is about to: that is
told, kept and counted, of which the reading beside it knows nothing.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from bench.place import settings_in
from bench.programs import run_python
from tests.postgres import running_postgres

DUE, ALL, ASSETS, SEED = 1_000, 1_000_000, 20, 7
DATABASES = ("sqlite", "postgresql")
STEPS = ("read", "bare rows", "choose", "whole sweep", "choose none", "read then", "sweep then")

FILL = """
import sys
import sqlalchemy as sa
from app import create_app
from core import clock, migrating
from core.settings import read_settings
from sample import generate
settings = read_settings()
due, every, assets, seed = map(int, sys.argv[1:])
app = create_app(settings)
with app.app_context():
    migrating.upgrade()
    generate(tenants=due, assets=assets, seed=seed, today=clock.today(), password="een wachtwoord van niemand")
target = sa.create_engine(settings.owner_database_url or settings.database_url)
series = ("generate_series(:first, :last) AS n(n)" if target.dialect.name == "postgresql"
          else "(WITH RECURSIVE n(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM n WHERE n < :last) SELECT n FROM n)")
with target.begin() as connection:
    newest = connection.scalar(sa.text("SELECT max(id) FROM tenant"))
    told = {"first": newest + 1, "last": newest + every - due}
    connection.execute(sa.text(
        "INSERT INTO tenant (id, slug, name, kind, language, zone, created_at, kept_years) "
        "SELECT n, 'bedrijf-' || n, 'Bedrijf ' || n, 'business', 'nl', 'Europe/Amsterdam', '2026-01-01 00:00:00', 7 "
        f"FROM {series}"), told)
    if target.dialect.name == "postgresql":
        connection.execute(sa.text("ALTER TABLE audit_state NO FORCE ROW LEVEL SECURITY"))
    made = "md5(CAST(n AS text))::uuid" if target.dialect.name == "postgresql" else "lower(hex(randomblob(16)))"
    from audits.sweeping.waiting import RULE_SET
    connection.execute(sa.text(
        "INSERT INTO audit_state (tenant_id, id, judged_on, judged_at, rule_set, times, next_on, "
        "faults, warnings, notices) "
        f"SELECT n, {made}, '2026-11-21', '2026-11-21 04:00:00', :rules, 1, '2027-06-01', 0, 0, 0 FROM {series}"),
        {**told, "rules": RULE_SET})
    if target.dialect.name == "postgresql":
        connection.execute(sa.text("ALTER TABLE audit_state FORCE ROW LEVEL SECURITY"))
with target.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
    connection.execute(sa.text("ANALYZE"))
"""
MEASURE = """
import json, sys, time
from datetime import UTC, date, datetime
import sqlalchemy as sa
from app import create_app
from audits.sweeping import looked, states, sweep, waiting
from audits.models import AuditState
from bench.programs import handed
from core import clock, db
from core.background import batches
from tenants.lock import mark_changed
from tenants.scope import Scope, reading, scoped
def timed(work):
    began, wall = time.process_time(), time.perf_counter()
    found = work()
    return found, time.process_time() - began, time.perf_counter() - wall
def read(chosen):
    for start in range(0, len(chosen), batches.BATCH):
        batch = chosen[start : start + batches.BATCH]
        with batches.uncollected(), scoped(reading(frozenset(batch), looked.JUDGED), writes=False):
            looked.load(batch)
with create_app().app_context():
    at = clock.now()
    sweep.run(at=at)  # the first judgement of an organisation opens everything; what counts is the next one
    db.begin(writes=True)
    half = int(sys.argv[1]) // 2
    mark_changed(db.session(), range(half + 1, int(sys.argv[1]) + 1), ("contact",))
    db.commit()
    by_day = frozenset(range(1, half + 1))
    with scoped(Scope(by_day, sweep.LEDGER, sweep.LEDGER)):
        come = sa.update(AuditState).where(AuditState.tenant_id.in_(by_day)).values(next_on=clock.day_of(at))
        db.session().execute(come, execution_options=states.PAST_LOCK)
    chosen = waiting.due(at=at)
    read(chosen[:200])
    each = list(handed(chosen))
    rows_cpu, rows_wall = sum(one.rows for one in each), sum(one.rows_wall for one in each)
    _, reading_cpu, reading_wall = timed(lambda: read(chosen))
    _, choosing_cpu, choosing_wall = timed(lambda: waiting.due(at=at))
    done, sweep_cpu, sweep_wall = timed(lambda: sweep.run(at=at))
    left, again_cpu, again_wall = timed(lambda: waiting.due(at=at))
    every = range(1, int(sys.argv[1]) + 1)
    with scoped(reading(frozenset(every), sweep.LEDGER), writes=False):
        turns = {row.tenant_id: row.next_on or date.max for row in db.session().execute(
            sa.select(AuditState.tenant_id, AuditState.next_on))}
    day = sorted(turns.values())[half]
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    db.begin(writes=True)
    mark_changed(db.session(), [one for one, turn in turns.items() if turn > day], ("contact",))
    db.commit()
    later = waiting.due(at=at)
    assert set(later) == set(every), len(later)
    _, then_read_cpu, then_read_wall = timed(lambda: read(later))
    _, then_cpu, then_wall = timed(lambda: sweep.run(at=at))
print(json.dumps([len(chosen), len(done.judged), len(left),
                  [reading_cpu, rows_cpu, choosing_cpu, sweep_cpu, again_cpu, then_read_cpu, then_cpu],
                  [reading_wall, rows_wall, choosing_wall, sweep_wall, again_wall, then_read_wall, then_wall]]))
"""


def main() -> None:
    """Print a line per database and step."""
    for name in DATABASES:
        with database(name) as env:
            print(f"{name}: {ALL:,} organisations, {DUE:,} of them due", flush=True)
            run_python(env, FILL, DUE, ALL, ASSETS, SEED)
            due, judged, left, cpu, wall = json.loads(run_python(env, MEASURE, DUE))
            print(f"due {due}, judged {judged}, due again {left}")
            then = STEPS.index("read then")
            for at, (step, spent, waited) in enumerate(zip(STEPS, cpu, wall, strict=True)):
                beside = then if at >= then else 0
                ratios = f"{spent / cpu[beside]:7.2f} x CPU {waited / wall[beside]:7.2f} x time"
                print(f"{step:<14}{spent:8.2f} s CPU {waited:8.2f} s {ratios}", flush=True)


@contextmanager
def database(name: str) -> Iterator[dict[str, str]]:
    """Yield the settings of an empty database of this kind."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, **settings_in(folder)}
        if name == "sqlite":
            yield env
            return
        with running_postgres() as urls:
            with psycopg.connect(urls.admin.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute("CREATE DATABASE bench OWNER waarborg_owner")
            app, owner = (
                sa.make_url(one).set(database="bench").render_as_string(hide_password=False)
                for one in (urls.app, urls.owner)
            )
            yield {**env, "WAARBORG_DATABASE_URL": app, "WAARBORG_OWNER_DATABASE_URL": owner}


if __name__ == "__main__":
    main()
