"""A row of every table with confidential columns, with a secret of its own in each of them; and the bytes on disk."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import Flask

import serving
from core import db
from core.columns import Money, UtcDateTime
from core.db import Base
from core.ids import new_id
from core.vault import SealedBytes, SealedJson, SealedType
from tenants.models import User
from tenants.owned import TenantOwned
from tenants.scope import current_scope
from tests.conftest import Stable

assert serving.BLUEPRINTS  # the tables of every floor are known once the pages are

OWNED = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantOwned)),
    key=lambda model: str(model.__name__),
)
NOBODYS = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if not issubclass(mapper.class_, TenantOwned)),
    key=lambda model: str(model.__name__),
)
# The trail writes its own rows.
OWN_ROWS = {"trail_entry"}
# Columns that stay empty: the row is about the other.
LEFT_EMPTY = {("correction", "party_id"), ("licence_keeper", "party_id")}
PLAIN_NAME = "Naam die leesbaar blijft"


def sealed_columns(model: type[TenantOwned]) -> list[Any]:
    """The sealed columns of a model."""
    return [one for one in sa.inspect(model).local_table.columns if isinstance(one.type, SealedType)]


MODELS = [model for model in OWNED if sealed_columns(model) and sa.inspect(model).local_table.name not in OWN_ROWS]


def secret_of(column: Any) -> str:
    """What is planted in a column: a text that stands nowhere else."""
    return "geheim" + hashlib.sha256(f"{column.table.name}.{column.name}".encode()).hexdigest()[:12]


def planted(column: Any) -> Any:
    """The secret in the form the column takes."""
    text = secret_of(column)
    if isinstance(column.type, SealedJson):
        return {"text": text}
    return text.encode() if isinstance(column.type, SealedBytes) else text


def plant() -> list[TenantOwned]:
    """Add a row of every such table to the open scope, with its secrets; returns the rows, flushed."""
    made: dict[str, TenantOwned] = {}
    return [_made(model, made) for model in MODELS]


def _made(model: type[TenantOwned], made: dict[str, TenantOwned]) -> TenantOwned:
    """Add a row of `model`, and before it the rows it must name."""
    table = sa.inspect(model).local_table
    if table.name in made:
        return made[table.name]
    values: dict[str, Any] = {}
    for constraint in table.foreign_key_constraints:
        pairs = {element.parent.name: element.column.name for element in constraint.elements}
        referred = next((other for other in OWNED if sa.inspect(other).local_table is constraint.referred_table), None)
        for mine, theirs in pairs.items():
            if referred not in (None, model) and mine != "tenant_id" and (table.name, mine) not in LEFT_EMPTY:
                values[mine] = getattr(_made(referred, made), theirs)
    for attribute in sa.inspect(model).column_attrs:
        column = attribute.columns[0]
        if isinstance(column.type, SealedType):
            values[attribute.key] = planted(column)
        elif attribute.key not in values and _must_be_told(column):
            values[attribute.key] = _filled(column)
    row = model(**values)
    db.session().add(row)
    db.session().flush()
    made[table.name] = row
    return row


def _must_be_told(column: Any) -> bool:
    return not column.nullable and column.default is None and column.name not in ("tenant_id", "id")


def _filled(column: Any) -> Any:
    kind = column.type
    if column.foreign_keys:
        people = any(key.column.table.name == "user" for key in column.foreign_keys)
        return db.session().scalars(sa.select(User.id)).first() if people else current_scope().only_tenant
    match kind:
        case sa.Enum():
            return next(iter(kind.enum_class or ()))
        case UtcDateTime():
            return datetime(2026, 11, 22, 12, tzinfo=UTC)
        case sa.Date():
            return date(2026, 11, 22)
        case sa.Boolean():
            return True
        case sa.Uuid():
            return new_id()
        case sa.Integer() | Money():
            return 1
        case sa.JSON():
            return []
        case _:
            return PLAIN_NAME[: kind.length]


def bytes_on_disk(app: Flask, stable: Stable) -> bytes:
    """Everything the database keeps, as raw as one gets it: its files on SQLite, what COPY tells on PostgreSQL."""
    settings = app.config["SETTINGS"]
    kept = b"".join(path.read_bytes() for path in Path(settings.data_dir).glob("files/**/*") if path.is_file())
    name = sa.make_url(settings.database_url).database or ""
    if stable.postgres is None:
        # The write-ahead log and its index beside the database itself.
        return kept + b"".join(path.read_bytes() for path in Path(name).parent.glob(Path(name).name + "*"))
    address = sa.make_url(stable.postgres.admin).set(database=name, drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        for (table,) in found:
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)'.encode()) as copy:
                kept += b"".join(bytes(part) for part in copy)
    return kept
