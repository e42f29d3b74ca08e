"""Sealed columns for migrations: turn plain ones into sealed ones and back, with the rows in them.

Reading and writing rows of protected tables needs `migrations.security.unforced` around it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.clock import now
from core.vault import keeper, new_key, open_under, seal_under, sealed_by

AT_ONCE = 1000
KEYS = sa.table(
    "tenant_key",
    sa.column("tenant_id", sa.BigInteger()),
    sa.column("version", sa.Integer()),
    sa.column("wrapped", sa.LargeBinary()),
    sa.column("made_at", sa.DateTime(timezone=True)),
)
Plain = Mapping[str, sa.types.TypeEngine[Any]]


class Keys:
    """The data keys of all organisations; one is made where there is none."""

    def __init__(self, connection: sa.Connection) -> None:
        """Read them."""
        self._connection = connection
        self._found: dict[int, dict[int, AESGCM]] = defaultdict(dict)
        for row in connection.execute(sa.select(KEYS)).all():
            key = keeper().unwrap(bytes(row.wrapped), _context(row.tenant_id, row.version))
            self._found[row.tenant_id][row.version] = AESGCM(key)

    def seal(self, tenant_id: int, place: str, value: Any) -> bytes | None:
        """Return a text, bytes or JSON sealed; what is empty stays empty."""
        if value is None:
            return None
        if not (plain := _bytes(value)):
            return b""
        version, key = self._newest(tenant_id)
        return seal_under(key, tenant_id, version, place, plain)

    def open(self, place: str, sealed: bytes | None) -> bytes | None:
        """Return what was sealed. Raises SealError when it was changed."""
        if not sealed:
            return sealed
        owner, version = sealed_by(sealed := bytes(sealed))
        return open_under(self._found[owner][version], place, sealed)

    def _newest(self, tenant_id: int) -> tuple[int, AESGCM]:
        held = self._found[tenant_id]
        if not held:
            key = new_key()
            row = {"tenant_id": tenant_id, "version": 1, "made_at": now()}
            wrapped = keeper().wrap(key, _context(tenant_id, 1))
            self._connection.execute(sa.insert(KEYS), {**row, "wrapped": wrapped})
            held[1] = AESGCM(key)
        return max(held.items())


def _context(tenant_id: int, version: int) -> str:
    return f"tenant/{tenant_id}/{version}"


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    return b"" if value == {} else json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _value(plain: bytes, kind: sa.types.TypeEngine[Any]) -> Any:
    if isinstance(kind, sa.LargeBinary):
        return plain
    if isinstance(kind, sa.JSON):
        return json.loads(plain) if plain else {}
    return plain.decode()


def open_json(keys: Keys, place: str, sealed: bytes | None) -> Any:
    """Return the JSON of a sealed column."""
    plain = keys.open(place, sealed)
    return None if plain is None else _value(plain, sa.JSON())


def seal_columns(keys: Keys, table: str, columns: Plain) -> None:
    """Turn plain columns of `table` into sealed ones. columns: their type until now; all refuse null."""
    _turn(
        table,
        {name: (kind, sa.LargeBinary()) for name, kind in columns.items()},
        lambda name, tenant_id, value: keys.seal(tenant_id, f"{table}.{name}", value),
    )


def unseal_columns(keys: Keys, table: str, columns: Plain) -> None:
    """Turn sealed columns of `table` into plain ones again. columns: the type they get."""

    def plain(name: str, _tenant_id: int, value: Any) -> Any:
        return _value(keys.open(f"{table}.{name}", value) or b"", columns[name])

    _turn(table, {name: (sa.LargeBinary(), kind) for name, kind in columns.items()}, plain)


Kinds = Mapping[str, tuple[sa.types.TypeEngine[Any], sa.types.TypeEngine[Any]]]


def _turn(table: str, columns: Kinds, turned: Callable[[str, int, Any], Any]) -> None:
    """Add a column for each, fill it row by row, and put it in the place of the old one."""
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # What was plain is overwritten with zeros where it stood, not only marked as free.
        connection.exec_driver_sql("PRAGMA secure_delete=ON").close()
    for name, (_old, new) in columns.items():
        empty = _EMPTY[type(new)] if sqlite or not isinstance(new, sa.LargeBinary) else "''::bytea"
        op.add_column(table, sa.Column(f"{name}_turned", new, nullable=False, server_default=sa.text(empty)))
    _fill(connection, table, columns, turned)
    for name in columns:
        op.drop_column(table, name)
        op.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{name}_turned" TO "{name}"')
        if not sqlite:
            # SQLite cannot take a default away again; there it stays, and means the same: empty.
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{name}" DROP DEFAULT')


_EMPTY: Mapping[type[Any], str] = {sa.LargeBinary: "x''", sa.String: "''", sa.Text: "''", sa.JSON: "'{}'"}


def _fill(connection: sa.Connection, table: str, columns: Kinds, turned: Callable[[str, int, Any], Any]) -> None:
    target = sa.table(
        table,
        sa.column("tenant_id", sa.BigInteger()),
        sa.column("id", sa.Uuid()),
        *(sa.column(name, old) for name, (old, _new) in columns.items()),
        *(sa.column(f"{name}_turned", new) for name, (_old, new) in columns.items()),
    )
    update = sa.update(target).where(
        target.c.tenant_id == sa.bindparam("tenant"), target.c.id == sa.bindparam("row", type_=sa.Uuid())
    )
    update = update.values({f"{name}_turned": sa.bindparam(f"{name}_turned") for name in columns})
    for rows in _batches(connection, target, tuple(columns)):
        connection.execute(
            update,
            [
                {"tenant": row.tenant_id, "row": row.id}
                | {f"{name}_turned": turned(name, row.tenant_id, getattr(row, f"old_{name}")) for name in columns}
                for row in rows
            ],
        )


def _batches(connection: sa.Connection, target: Any, names: tuple[str, ...]) -> Iterator[list[Any]]:
    """Yield the rows in the order of their key, so many at once."""
    key = sa.tuple_(target.c.tenant_id, target.c.id)
    query = sa.select(target.c.tenant_id, target.c.id, *(target.c[name].label(f"old_{name}") for name in names))
    query = query.order_by(target.c.tenant_id, target.c.id).limit(AT_ONCE)
    rows: list[Any] = list(connection.execute(query))
    while rows:
        yield rows
        last = sa.tuple_(sa.literal(rows[-1].tenant_id), sa.literal(rows[-1].id, sa.Uuid()))
        rows = list(connection.execute(query.where(key > last)))
