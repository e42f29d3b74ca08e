"""The database: one declarative base, one session, the same code on SQLite and PostgreSQL.

Flask-SQLAlchemy stays behind this module: it owns engines and the session per request, nothing else.
"""

import enum
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session

BUSY_TIMEOUT_MS = 5000
WRITES = "writes"
ELSEWHERE = "elsewhere"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept in UTC. A naive value is a mistake and raises ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the driver stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(sa.types.TypeDecorator[Decimal]):
    """An amount in euro with two decimals, kept as whole cents so that SQLite keeps it exact."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Turn euros into cents."""
        return None if value is None else int((value * 100).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Turn cents into euros."""
        return None if value is None else Decimal(value).scaleb(-2)


def words(kind: type[enum.StrEnum], name: str = "") -> sa.Enum:
    """Return a column type that holds the values of `kind` as text, checked by the database.

    name: of the check, where a table has several columns of the kind.
    """
    return sa.Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        UUID: sa.Uuid(),
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
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def prepare(target: Engine) -> None:
    """Give every connection of `target` the pragmas and the kind of transaction it needs."""
    if target.dialect.name != "sqlite":
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
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


def begin(*, writes: bool) -> None:
    """Begin this session's transaction as one that may write, or as one that only reads.

    Raises RuntimeError when a transaction is under way already.
    """
    current = session()
    if current.in_transaction():
        raise RuntimeError("a transaction is under way")
    current.connection(execution_options={WRITES: writes, "postgresql_readonly": not writes})


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


def set_locally(where: Session | Connection, values: Mapping[str, str]) -> None:
    """Give settings a value until the transaction under way ends: PostgreSQL's row-level security reads them.

    One statement. Nothing happens on SQLite, outside a transaction, and in one that has failed and shows no row.
    """
    if isinstance(where, Session):
        if not (where.in_transaction() and where.is_active and where.get_bind().dialect.name == "postgresql"):
            return
        where = where.connection()
    driver: Any = where.connection.driver_connection
    if where.dialect.name != "postgresql" or driver.info.transaction_status.name == "INERROR":
        return
    told = tuple(part for pair in values.items() for part in pair)
    where.exec_driver_sql("SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(values)), told)


_UNSAFE = """
SELECT CASE
  WHEN rolsuper THEN 'is a superuser'
  WHEN rolbypassrls THEN 'bypasses row-level security'
  WHEN EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
                 AND pg_has_role(current_user, c.relowner, 'MEMBER')) THEN 'owns the tables'
  WHEN EXISTS (SELECT FROM pg_roles other
               WHERE (other.rolsuper OR other.rolbypassrls) AND pg_has_role(current_user, other.oid, 'MEMBER'))
    THEN 'may become a role that bypasses row-level security'
END
FROM pg_roles WHERE rolname = current_user
"""


def unsafe_role() -> str | None:
    """Tell why the role of the service could walk around row-level security; None when it cannot, and on SQLite."""
    target = db.engine
    if target.dialect.name != "postgresql":
        return None
    with target.connect() as connection:
        found = connection.exec_driver_sql(_UNSAFE).scalar()
    return None if found is None else str(found)


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
