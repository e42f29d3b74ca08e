"""Rotation: a new data key takes the place of the old one while people work, and survives being killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from core.files import FileStore
from tenants.keys import rotation
from tenants.models import TrailEntry
from tenants.scope import scoped, whole
from tests.cast import Cast, Organisation
from tests.confidential.contacts import add, another, closed, phones, versions
from tests.confidential.planting import MODELS, plant, planted, sealed_columns

Scoped = Callable[[Organisation], AbstractContextManager[None]]


def test_rotation_seals_every_row_anew_and_forgets_the_old_key(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    store = FileStore(app.config["SETTINGS"].data_dir / "files")
    with scope_of(cast.bakery):
        plant()
        digest = store.put(cast.bakery.id, b"%PDF-1.7 a contract")
    before = versions(app, cast.bakery.id)
    with app.app_context():
        done = rotation.rotate(cast.bakery.id, store)
    assert versions(app, cast.bakery.id) == [before[-1] + 1] == [done.version]
    assert done.rows >= len(MODELS)
    assert done.files == 1
    fresh = another(app)
    with fresh.app_context(), scoped(whole(cast.bakery.id)):
        for model in MODELS:
            row = db.session().scalars(sa.select(model)).one()
            assert [getattr(row, column.name) for column in sealed_columns(model)] == list(
                map(planted, sealed_columns(model))
            )
        assert store.get(cast.bakery.id, digest) == b"%PDF-1.7 a contract"
        told = [entry.changes for entry in db.session().scalars(sa.select(TrailEntry).order_by(TrailEntry.seq))]
    assert {"key": done.version} in told
    assert versions(app, cast.other.id) == before
    closed(fresh)


def test_who_still_knows_the_old_key_writes_with_the_new_one(app: Flask, cast: Cast) -> None:
    elsewhere = another(app)
    add(elsewhere, cast.bakery.id, "06-1")
    assert phones(elsewhere, cast.bakery.id) == ["06-1"]
    with app.app_context():
        rotation.rotate(cast.bakery.id, FileStore(app.config["SETTINGS"].data_dir / "files"))
    add(elsewhere, cast.bakery.id, "06-2")
    fresh = another(app)
    assert phones(elsewhere, cast.bakery.id) == phones(fresh, cast.bakery.id) == ["06-1", "06-2"]
    closed(fresh)
    closed(elsewhere)


def test_people_write_on_while_a_key_is_rotated(app: Flask, cast: Cast) -> None:
    elsewhere, stop, written = another(app), threading.Event(), []

    def work() -> None:
        number = 0
        while not stop.is_set():
            add(elsewhere, cast.bakery.id, f"06-{number:05}")
            written.append(f"06-{number:05}")
            number += 1
            stop.wait(0.02)  # SQLite has one writer, and no queue: leave room

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(3):
            with app.app_context():
                rotation.rotate(cast.bakery.id, FileStore(app.config["SETTINGS"].data_dir / "files"))
    finally:
        stop.set()
        worker.join()
    fresh = another(app)
    assert phones(fresh, cast.bakery.id) == written
    assert len(versions(app, cast.bakery.id)) == 1
    closed(fresh)
    closed(elsewhere)


KILLED = """
import os, signal, sys
from app import create_app
from core.files import FileStore
from tenants.keys import rotation
tenant_id, after = int(sys.argv[1]), int(sys.argv[2])
rotation.AT_ONCE = 2
seal, done = rotation._reseal_some, []
def seal_and_die(*told, **more):
    count = seal(*told, **more)
    done.append(count)
    if len(done) == after:
        os.kill(os.getpid(), signal.SIGKILL)
    return count
rotation._reseal_some = seal_and_die
app = create_app()
with app.app_context():
    rotation.rotate(tenant_id, FileStore(app.config["SETTINGS"].data_dir / "files"))
"""


@pytest.mark.parametrize(
    "after", [1, pytest.param(3, marks=pytest.mark.once), 25, pytest.param(40, marks=pytest.mark.once)]
)
def test_a_rotation_that_was_killed_is_finished_by_the_next(app: Flask, cast: Cast, after: int) -> None:
    numbers = [f"06-{number}" for number in range(10, 17)]
    for number in numbers:
        add(app, cast.bakery.id, number)
    settings = app.config["SETTINGS"]
    environment = os.environ | {
        "WAARBORG_DATABASE_URL": settings.database_url,
        "WAARBORG_DATA_DIR": str(settings.data_dir),
        "WAARBORG_MASTER_KEY_FILE": str(settings.master_key_file),
        "WAARBORG_SCHEDULER": "off",
    }
    command = [sys.executable, "-c", KILLED, str(cast.bakery.id), str(after)]
    died = subprocess.run(command, env=environment, check=False).returncode
    assert died == -signal.SIGKILL
    assert len(versions(app, cast.bakery.id)) == 2
    assert phones(app, cast.bakery.id) == numbers
    with app.app_context():
        done = rotation.rotate(cast.bakery.id, FileStore(settings.data_dir / "files"))
    assert done.resumed
    assert versions(app, cast.bakery.id) == [done.version]
    fresh = another(app)
    assert phones(fresh, cast.bakery.id) == numbers
    closed(fresh)
