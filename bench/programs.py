"""What measurements do in a process of its own: fill a database, hand over the bare rows that a judgement rests on."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from audits.sweeping.looked import JUDGED, load
from core import db
from core.background import batches
from tenants.scope import reading, scoped

ROOT = Path(__file__).resolve().parent.parent
# Takes how many organisations, how many inventory records each, and the seed.
FILL = """
import sys
from app import create_app
from core import clock, migrating
from sample import generate
with create_app().app_context():
    migrating.upgrade()
    tenants, assets, seed = map(int, sys.argv[1:])
    generate(tenants=tenants, assets=assets, seed=seed, today=clock.today(), password="een wachtwoord van niemand")
"""


def run_python(env: Mapping[str, str], program: str, *arguments: int) -> str:
    """Run a program of our own and return what it printed: what it costs is told apart from what others did."""
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", program, *map(str, arguments)],
        env=dict(env),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


@dataclass(frozen=True, slots=True)
class Handed:
    """Seconds for a batch. rows: as the driver hands them over, CPU and time; facts: CPU of loading them as facts."""

    rows: float
    rows_wall: float
    facts: float


def handed(tenant_ids: Sequence[int]) -> Iterator[Handed]:
    """Load the facts of organisations batch by batch, and fetch the rows of the same statements once more, bare."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        sent.append((statement, values))

    for start in range(0, len(tenant_ids), batches.BATCH):
        batch = tenant_ids[start : start + batches.BATCH]
        with batches.uncollected(), scoped(reading(frozenset(batch), JUDGED), writes=False):
            event.listen(db.engine(), "before_cursor_execute", note)
            began = time.process_time()
            load(batch)
            facts = time.process_time() - began
            event.remove(db.engine(), "before_cursor_execute", note)
            cursor: Any = db.session().connection().connection.cursor()
            began, wall = time.process_time(), time.perf_counter()
            for statement, values in sent:
                cursor.execute(statement, values)
                cursor.fetchall()
            yield Handed(time.process_time() - began, time.perf_counter() - wall, facts)
            sent.clear()
