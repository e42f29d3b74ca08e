"""Whoever tells of announced ends is killed half-way, again and again: each client and each officer is told once."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from continuity.ending import services, telling
from continuity.ending.services import Announcement
from continuity.models import By, Client
from core import db
from core.mail.outbox import OutboxMail
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.continuity.asking import NOW
from tests.continuity.test_ending import FIRST, REASON
from tests.continuity.world import TODAY, contracts, service

ROOT = Path(__file__).parents[2]
SERVICES, PROCESSES, SEED = 6, 2, 7
# A working day, four weeks before the last one.
NEAR = datetime.combine(FIRST - timedelta(days=28), time(9), UTC)


def address_of(number: int) -> str:
    """Return where the client of one of the services is written to."""
    return f"client.{number}@people.example"


def fill(app: Flask, cast: Cast) -> None:
    """Announce the end of several schemes, each with a client that relies on it."""
    with app.app_context(), scoped(whole(cast.supplier.id)):
        for number in range(SERVICES):
            owner = service(f"Dienst {number}", cast.foundation.id)
            _agreement, _deed, _draft, client_id = contracts(owner)
            db.session().get_one(Client, (cast.supplier.id, client_id)).email = address_of(number)
            db.session().flush()
            said = Announcement(FIRST, REASON, By.SUPPLIER, "Somebody")
            services.announce(owner, said, today=TODAY, at=NOW)


def kill(app: Flask) -> int:
    """Tell what is due four weeks before the last day, and return how many were killed on the way."""
    settings = app.config["SETTINGS"]
    with app.app_context():
        db.session().close()
        db.engine().dispose()
    program = [sys.executable, "-m", "tests.continuity.ending_killing", settings.database_url, str(settings.data_dir)]
    program += [str(settings.master_key_file), NEAR.isoformat(), str(PROCESSES), str(SEED)]
    ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return int(ran.stdout.split()[-1])


def test_killed_again_and_again_everybody_is_told_once(apart: Flask, cast: Cast) -> None:
    fill(apart, cast)
    assert kill(apart) >= PROCESSES
    with apart.app_context(), scoped(whole(cast.supplier.id), writes=False):
        rows = db.session().execute(sa.select(OutboxMail.kind, OutboxMail.recipient)).all()
    # At once, and once more as the day is near.
    clients = Counter(row.recipient for row in rows if row.kind == telling.ENDS and row.recipient.startswith("client."))
    assert clients == Counter({address_of(number): 2 for number in range(SERVICES)})
    officers = Counter(row.recipient for row in rows if row.kind == telling.OFFICERS_LETTER)
    assert officers == Counter({cast.foundation_owner.email: SERVICES})
