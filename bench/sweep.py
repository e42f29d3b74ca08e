"""Judging 1,000 organisations of 100 inventory records each on SQLite: the first sweep, and one with nothing due.

Goals: first below 60 s and 400 MB; second below 2 s, and nothing loaded. The start of Python and the service (its
imports) is shown apart: it is the same for a sweep of one organisation.
"""

import json
import os
import tempfile
from pathlib import Path

from bench.place import settings_in
from bench.programs import FILL, run_python

TENANTS, ASSETS, SEED = 1_000, 100, 7

SWEEP = """
import json, resource, time
began = time.perf_counter()
from sqlalchemy import event
from app import create_app
from audits.sweeping import sweep
from core import db
app = create_app()
sent = []
with app.app_context():
    event.listen(db.engine(), "before_cursor_execute", lambda *told: sent.append(told[2]))
    started, cpu = time.perf_counter(), time.process_time()
    done = sweep.run()
    swept, cpu = time.perf_counter() - started, time.process_time() - cpu
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
statements = [line for line in sent if not line.startswith(("BEGIN", "COMMIT"))]
counts = [len(done.judged), len(done.failed), done.opened, len(statements)]
print(json.dumps([*counts, started - began, swept, cpu, memory]))
"""


def main() -> None:
    """Fill a database, sweep twice, and print a line per sweep."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, **settings_in(folder)}
        print(f"filling {TENANTS} organisations of {ASSETS} inventory records", flush=True)
        run_python(env, FILL, TENANTS, ASSETS, SEED)
        print(f"database: {(Path(folder) / 'waarborg.db').stat().st_size / 1e6:.0f} MB")
        print("sweep    judged  failed   opened  statements  start s  sweep s  CPU s  peak MB")
        for name in ("first", "second"):
            judged, failed, opened, statements, start, swept, cpu, memory = json.loads(run_python(env, SWEEP))
            print(
                f"{name:<8}{judged:>7}{failed:>8}{opened:>9}{statements:>12}"
                f"{start:>9.2f}{swept:>9.2f}{cpu:>7.2f}{memory:>9.0f}",
                flush=True,
            )
