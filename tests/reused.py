"""What one test leaves to the next: databases, their rows put back; templates and addresses, as they were compiled.

Each test has an application of its own, and would else spend most of its time on making again what is the same.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache
from psycopg import sql
from werkzeug.routing import Rule

from dev.suites import TEMPLATES_FOLDER

FIRST_OF_OURS = 16384  # what PostgreSQL brings itself has a lower number
LEAVE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> all(%s)
AND backend_type = 'client backend'
"""
# All that a session keeps of what was done in it, but for what it learned about the tables.
AS_NEW = "SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; DISCARD TEMP; SELECT pg_advisory_unlock_all()"
LEAVING_SECONDS = 10
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND oid >= %s ORDER BY 1"
SEQUENCES = "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences ORDER BY 1"
# Any change of a table, policy, trigger or right leaves a newer row in one of these, or one row less.
SHAPE = """
SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM pg_class WHERE oid >= %(ours)s
UNION ALL SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM pg_attribute WHERE attrelid >= %(ours)s
UNION ALL SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM pg_constraint WHERE oid >= %(ours)s
UNION ALL SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM pg_policy WHERE oid >= %(ours)s
UNION ALL SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM pg_trigger WHERE oid >= %(ours)s
UNION ALL SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM pg_proc WHERE oid >= %(ours)s
"""
# Rows are never changed in place: each change leaves a newer row, or one row less.
MARK = "SELECT {name}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {table}"
Connection = psycopg.Connection[tuple[Any, ...]]
# By table: how many rows it has, and which transaction wrote the newest.
Marks = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A database as it should be again: rows by table, where each sequence is, and the shape of it all.

    marks: those of a copy that nobody has written to yet.
    """

    rows: dict[str, bytes]
    marks: Marks
    sequences: list[tuple[Any, ...]]
    shape: list[tuple[Any, ...]]


def remember(connection: Connection) -> Kept:
    """Read what `restore` puts back. The connection is a superuser's."""
    rows = {}
    for (name,) in connection.execute(TABLES, [FIRST_OF_OURS]).fetchall():
        with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
            rows[name] = b"".join(bytes(part) for part in copy)
    return Kept(rows, _marks(connection, list(rows)), connection.execute(SEQUENCES).fetchall(), _shape(connection))


def stand_in(connection: Connection) -> Connection:
    """Have a superuser's connection write as a replica would: foreign keys and triggers rest, any order of tables does.

    It stays so: each change of it has the server plan every statement anew, which takes longer than running them.
    """
    connection.execute("SET session_replication_role = replica")
    return connection


def rested(engine: sa.Engine) -> int | None:
    """Make the one session that `engine` has as new, and keep it; return its number at the server.

    A new one reads what each table looks like before it can answer, which takes longer than many tests. Return None
    where there is no such session: on SQLite, where several are open, or where it was ended.
    """
    pool = engine.pool
    if engine.dialect.name != "postgresql" or not isinstance(pool, sa.QueuePool):
        return None
    if (pool.checkedin(), pool.checkedout()) != (1, 0):
        return None
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(AS_NEW)
            connection.commit()
            driver = connection.connection.driver_connection
            return int(driver.info.backend_pid) if driver is not None else None
    except sa.exc.OperationalError:
        return None


def restore(connection: Connection, kept: Kept, marks: Marks, staying: Sequence[int] = ()) -> Marks | None:
    """Put every row and sequence back, and end the sessions of whoever is still there; return the marks from now on.

    connection: what `stand_in` returned.
    staying: numbers of the sessions that go on.
    marks: as they were when the database was lent; only tables with others are written.
    Return None, and change nothing, when a test changed more than rows: that database is of no further use.
    """
    _send_away(connection, staying)
    if _shape(connection) != kept.shape:
        return None
    now = _marks(connection, list(kept.rows))
    changed = [name for name in kept.rows if now[name] != marks[name]]
    delete, turn_back = sql.SQL("DELETE FROM {};"), sql.SQL("SELECT setval({}::regclass, {}, {});")
    statements = [
        *(delete.format(sql.Identifier(name)) for name in changed),
        *(turn_back.format(f'"{name}"', last, called) for name, last, called in kept.sequences),
    ]
    with connection.transaction():
        connection.execute(sql.Composed(statements))
        for name in changed:
            if kept.rows[name]:
                with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                    copy.write(kept.rows[name])
    return now | _marks(connection, changed)


def _send_away(connection: Connection, staying: Sequence[int]) -> None:
    """End the sessions of others in this database. Raises TimeoutError when one of them stays.

    Whoever has just closed its connection is gone within a millisecond or two. Told to wait for it by itself, the
    server looks again after a tenth of a second, which is longer than most tests take.
    """
    deadline = time.monotonic() + LEAVING_SECONDS
    while connection.execute(LEAVE, [list(staying)]).fetchall():
        if time.monotonic() > deadline:
            raise TimeoutError("a session that was ended is still there")
        time.sleep(0.001)


def _marks(connection: Connection, tables: Sequence[str]) -> Marks:
    found = connection.execute(_marking(tuple(tables))).fetchall() if tables else []
    return {name: (count, newest) for name, count, newest in found}


@cache
def _marking(tables: tuple[str, ...]) -> bytes:
    mark = sql.SQL(MARK)
    each = (mark.format(name=sql.Literal(table), table=sql.Identifier(table)) for table in tables)
    return sql.SQL(" UNION ALL ").join(each).as_bytes(None)


def _shape(connection: Connection) -> list[tuple[Any, ...]]:
    return connection.execute(SHAPE, {"ours": FIRST_OF_OURS}).fetchall()


class CompiledTemplates(BytecodeCache):
    """Templates as some earlier application compiled them: each test's own would do it again.

    folder: where other processes of this run find them too; None when it is alone.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.compiled: dict[str, bytes] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return the place of a template: one for each language it is compiled for."""
        return super().get_bucket(environment, f"{getattr(environment, 'spoken', None)} {name}", filename, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill `bucket` when its template was compiled before; Jinja checks that it is the same text."""
        if bucket.key not in self.compiled and self.folder and (self.folder / bucket.key).exists():
            self.compiled[bucket.key] = (self.folder / bucket.key).read_bytes()
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.compiled[bucket.key] = bucket.bytecode_to_string()
        if self.folder:
            # Another process may be reading: what stands there is whole at any time.
            half = self.folder / f"{bucket.key}.{os.getpid()}"
            half.write_bytes(self.compiled[bucket.key])
            half.replace(self.folder / bucket.key)


TEMPLATES = CompiledTemplates(Path(os.environ[TEMPLATES_FOLDER]) if TEMPLATES_FOLDER in os.environ else None)


class KeptRule(Rule):
    """A rule that builds addresses by what an equal rule of an earlier application compiled."""

    compiled: dict[tuple[str, str, bool], Callable[..., tuple[str, str]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        # The compiled function is given its rule at each call, so it belongs to none.
        key = (repr(self._trace), repr(self.defaults), append_unknown)
        if key not in self.compiled:
            self.compiled[key] = super()._compile_builder(append_unknown)
        return self.compiled[key]
