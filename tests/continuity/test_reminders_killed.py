"""Whoever reminds of requests is killed half-way, again and again: each client and each officer gets one letter."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from continuity.clients.services import ClientValues, add_client
from continuity.models import Acceptance, AskedBy, Client, RequestState
from continuity.requests import asking, reminding
from continuity.requests.asking import Asking
from core import db
from core.mail.outbox import OutboxMail
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.continuity.asking import NOW, bring_to, owner_in, start
from tests.continuity.world import EARLIER, TODAY, build

ROOT = Path(__file__).parents[2]
CLIENTS, PROCESSES, SEED = 12, 2, 5


def address_of(number: int) -> str:
    """Return where one of the clients is written to."""
    return f"client.{number}@people.example"


def fill(app: Flask, cast: Cast) -> None:
    """Let clients be delivered to, each with things to do."""
    with app.app_context(), scoped(whole(cast.supplier.id)):
        world = build(cast)
        start(world, cast)
        owner = owner_in(world)
        for number in range(CLIENTS):
            values = ClientValues(f"Zaak {number}", "", address_of(number), None, None)
            client: Client = add_client(owner, values)
            accepted = Acceptance(
                client_id=client.id, deed_version_id=world.deed_id, accepted_on=EARLIER, accepted_by="Owner",
                accepted_as="Owner", conditions_met_on=EARLIER,
            )  # fmt: skip
            db.session().add(accepted)
            db.session().flush()
            said = Asking(AskedBy.LINK, "Owner", "Owner", address_of(number))
            bring_to(asking.ask(owner, client, said, at=NOW, today=TODAY), RequestState.SERVED)


def kill(app: Flask) -> int:
    """Remind eight days later until all is told, and return how many were killed on the way."""
    settings = app.config["SETTINGS"]
    with app.app_context():
        db.session().close()
        db.engine().dispose()
    program = [sys.executable, "-m", "tests.continuity.killing", settings.database_url, str(settings.data_dir)]
    at = (NOW + timedelta(days=8)).isoformat()
    program += [str(settings.master_key_file), at, str(PROCESSES), str(SEED)]
    ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return int(ran.stdout.split()[-1])


def test_killed_again_and_again_everybody_is_reminded_once(apart: Flask, cast: Cast) -> None:
    fill(apart, cast)
    assert kill(apart) >= PROCESSES
    with apart.app_context(), scoped(whole(cast.supplier.id), writes=False):
        rows = db.session().execute(sa.select(OutboxMail.kind, OutboxMail.recipient)).all()
    told = Counter(row.recipient for row in rows if row.kind == reminding.CLIENT_LETTER)
    assert told == Counter({address_of(number): 1 for number in range(CLIENTS)})
