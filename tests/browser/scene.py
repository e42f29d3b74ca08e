"""What the browser looks at: the service on a fresh database with the sample in it, really listening."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from core import clock, db, migrating
from core.settings import read_settings
from tenants.models import (
    TotpFactor,
    User,
)
from tenants.sign_in import totp
from tests.browser.checker import add_checker
from tests.browser.filling import exercise, fill, reported
from tests.browser.mailed import secrets_of
from tests.browser.people import SignIn, Who
from tests.failing import add_failing
from tests.reused import TEMPLATES

_WITH_TABLES: list[bytes] = []


@dataclass(frozen=True, slots=True)
class Scene:
    """A running service and the people in it; beside it one in which nobody is yet."""

    address: str
    empty_address: str
    app: Flask
    people: Mapping[Who, SignIn]
    # Secrets of links that were mailed, and a day, by the name under which the table of pages knows them.
    tokens: Mapping[str, str] = field(default_factory=dict)

    def code_of(self, who: Who) -> str:
        """Return what the app of `who` shows now, as if no code of it had been used yet."""
        with self.app.app_context():
            db.begin(writes=True)
            query = sa.select(TotpFactor).join(User, User.id == TotpFactor.user_id)
            factor = db.session().scalars(query.where(User.email == self.people[who].email)).one()
            factor.last_step = 0
            secret = factor.secret
            db.commit()
        return totp.code_of(secret, totp.step_at(clock.now()))


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: a failing test tells what it asked for."""


@contextmanager
def playing(folder: Path) -> Iterator[Scene]:
    """Serve a filled database from `folder`, and one without anybody, until the block ends."""
    with served(folder / "empty") as (_, empty), served(folder / "sample") as (app, address):
        with app.app_context():
            people = fill()
            tokens = secrets_of(people[Who.OWNER].email)
            tokens["then"] = (clock.today() - timedelta(days=100)).isoformat()
            exercise()
            reported()
        yield Scene(address, empty, app, people, tokens)


@contextmanager
def served(folder: Path, **more: str) -> Iterator[tuple[Flask, str]]:
    """Serve a new database in `folder` on a free port, with `more` settings; give the service and its address."""
    folder.mkdir()
    # Bound before the service is made: passkeys belong to an address with its port.
    door = socket.create_server(("localhost", 0))
    port = door.getsockname()[1]
    settings = read_settings(
        {
            "WAARBORG_BASE_URL": f"http://localhost:{port}",
            # However slow the machine: nobody is asked to sign in again halfway.
            "WAARBORG_STEP_UP_MINUTES": "1440",
            "WAARBORG_SESSION_IDLE_MINUTES": "1440",
            "WAARBORG_DATABASE_URL": f"sqlite:///{folder / 'scene.db'}",
            "WAARBORG_DATA_DIR": str(folder),
            "WAARBORG_SCHEDULER": "off",
            "WAARBORG_SECRET_KEY": "a secret that only tests know, long enough",
            "WAARBORG_LOG_LEVEL": "WARNING",
            **{f"WAARBORG_{name}": value for name, value in more.items()},
        }
    )
    app = create_app(settings)
    app.jinja_env.bytecode_cache = TEMPLATES
    add_failing(app)
    add_checker(app)
    with app.app_context():
        _bring_up(folder / "scene.db")
    server = make_server("localhost", port, app, threaded=True, request_handler=_Silent, fd=door.fileno())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield app, f"http://localhost:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        door.close()
        with app.app_context():
            db.engine().dispose()


def _bring_up(file: Path) -> None:
    """Give a new database its tables: the first by the migrations, the others of this process as copies of it."""
    if _WITH_TABLES:
        file.write_bytes(_WITH_TABLES[0])
        return
    migrating.upgrade()
    db.engine().dispose()
    _WITH_TABLES.append(file.read_bytes())
