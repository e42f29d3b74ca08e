"""What was acknowledged survives kill -9, and a transaction that did not commit leaves nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from core import db
from plans.models import Contact
from tenants.scope import reading, scoped
from tests.cast import Cast

WRITER = """
import sys
from app import create_app
from core import db
from plans.models import Contact
from tenants.scope import open_scope, close_scope, whole
app = create_app()
with app.app_context():
    for number in range(100000):
        db.begin(writes=True)
        open_scope(whole(int(sys.argv[1])))
        db.session().add(Contact(name=f"nummer {number}"))
        db.session().add(Contact(name=f"tweeling {number}"))
        db.session().flush()
        db.commit()
        close_scope()
        print(number, flush=True)
"""


def test_acknowledged_writes_survive_a_killed_process(app: Flask, cast: Cast, tmp_path: Path) -> None:
    settings = app.config["SETTINGS"]
    environment = os.environ | {
        "WAARBORG_DATABASE_URL": settings.database_url,
        "WAARBORG_DATA_DIR": str(tmp_path / "other"),
        "WAARBORG_MASTER_KEY_FILE": str(settings.master_key_file),
        "WAARBORG_SCHEDULER": "off",
    }
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(cast.bakery.id)], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert writer.stdout is not None
    told = -1
    while told < 40:
        told = int(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    rest = [int(line) for line in writer.stdout.read().splitlines() if line]
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL
    told = rest[-1] if rest else told
    with app.app_context(), scoped(reading(frozenset({cast.bakery.id})), writes=False):
        kept = set(db.session().scalars(sa.select(Contact.name)))
    assert {f"nummer {number}" for number in range(told + 1)} <= kept
    assert len(kept) % 2 == 0, "half a transaction stayed behind"
