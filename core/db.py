"""The database: one declarative base, one session, the same code on SQLite and PostgreSQL.

Flask-SQLAlchemy stays behind this module: it owns engines and the session per request, nothing else.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session

from core import local_settings
from core.columns import Id, Money, UtcDateTime

BUSY_TIMEOUT_MS = 5000
# Prepared statements that each connection to SQLite keeps: those of a few pages, not a megabyte of all there are.
PREPARED = 32
WRITES = "writes"
WAITS = "waits"
ELSEWHERE = "elsewhere"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        UUID: Id(),
        datetime: UtcDateTime(),
        date: sa.Date(),
        Decimal: Money(),
        int: sa.Integer(),
        dict[str, Any]: sa.JSON(none_as_null=True),
        list[Any]: sa.JSON(none_as_null=True),
    }


class _Session(FlaskSession):
    """The session of a request, unless it was opened over another database."""

    def get_bind(self, *given: Any, **named: Any) -> Engine | Connection:
        """Return the other database where there is one."""
        other = self.info.get(ELSEWHERE)
        return other if isinstance(other, Engine) else super().get_bind(*given, **named)


db = SQLAlchemy(disable_autonaming=True, session_options={"class_": _Session})


def session() -> Session:
    """Return the session of this request, command or job."""
    return db.session()


def engine() -> Engine:
    """Return the engine of the running application."""
    return db.engine


@contextmanager
def elsewhere(other: Engine) -> Iterator[None]:
    """Let everything inside read from `other`, by a session of its own; the one outside waits as it is."""
    outer, inner = db.session(), db.session.session_factory(info={ELSEWHERE: other})
    db.session.registry.set(inner)
    try:
        yield
    finally:
        inner.close()
        db.session.registry.set(outer)


def init_db(app: Flask) -> None:
    """Connect `app` to its database and make each new connection behave."""
    # The text of an error goes into the log; the values of the statement must not.
    # The connection given back last is taken first: those that a busy moment opened rest, with what they hold.
    options: dict[str, Any] = {"hide_parameters": True, "pool_use_lifo": True}
    address = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if address.get_backend_name() == "sqlite":
        options["connect_args"] = {"cached_statements": PREPARED}
        _make_for_us_alone(address.database or "")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def _make_for_us_alone(path: str) -> None:
    """Make the file of a new database, for nobody else on this machine to read; SQLite gives its others the same mode.

    What is there already stays as it is, and where a file cannot be made SQLite itself tells why.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def prepare(target: Engine) -> None:
    """Give every connection of `target` the settings, the pragmas and the kind of transaction it needs."""
    if target.dialect.name != "sqlite":
        local_settings.watch(target)
        return
    event.listen(target, "connect", _prepare_sqlite)
    event.listen(target, "begin", _begin_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling is off: it would begin too late to lock out a second writer.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        # An acknowledged write must survive a power cut, not only a killed process.
        "synchronous=FULL",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later can lose the other writer's change or fail half-way:
    # whoever may write takes the write lock at once. SQLAlchemy's default lost 257 of 320 increments.
    options = connection.get_execution_options()
    how = "BEGIN IMMEDIATE" if options.get(WRITES, True) else "BEGIN DEFERRED"
    # By the driver itself: each request begins, and what SQLAlchemy puts around a statement takes longer than this one.
    driver: Any = connection.connection.driver_connection
    waits = options.get(WAITS, True)
    try:
        if not waits:
            driver.execute("PRAGMA busy_timeout=0").close()
        driver.execute(how).close()
    except sqlite3.OperationalError as error:
        raise sa.exc.OperationalError(how, None, error) from error
    finally:
        if not waits:
            driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").close()


class Busy(Exception):
    """Somebody else is writing, and this was not to wait."""


def begin(*, writes: bool, waits: bool = True) -> None:
    """Begin this session's transaction as one that may write, or as one that only reads.

    waits: until nobody else writes, on SQLite, where one at a time can. Raises Busy when it does not wait and somebody
    does, and RuntimeError when a transaction is under way already.
    """
    current = session()
    if current.in_transaction():
        raise RuntimeError("a transaction is under way")
    try:
        current.connection(execution_options={WRITES: writes, WAITS: waits, "postgresql_readonly": not writes})
    except sa.exc.OperationalError as error:
        current.rollback()
        if waits or "locked" not in str(error.orig):
            raise
        raise Busy from error


@contextmanager
def while_others_write() -> Iterator[None]:
    """Read, and take one's time over it, without keeping anybody from writing; afterwards this session may write again.

    What is read inside is one moment. Raises RuntimeError when something was changed before: that would be lost.
    """
    current = session()
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("what was changed before would be lost")
    rollback()
    begin(writes=False)
    try:
        yield
    finally:
        rollback()
        begin(writes=True)


def commit() -> None:
    """Commit this session's transaction."""
    session().commit()


def rollback() -> None:
    """Drop this session's transaction and everything it holds."""
    session().rollback()


def answers(target: Engine) -> bool:
    """Tell whether the database answers a question now."""
    try:
        with target.connect().execution_options(**{WRITES: False}) as connection:
            return bool(connection.exec_driver_sql("SELECT 1").scalar() == 1)
    except sa.exc.OperationalError:
        return False
