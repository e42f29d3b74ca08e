"""The rows of one organisation as lines of JSON, table by table, in bounded memory."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.takeout.columns import READABLE, Source, sources
from core import db
from tenants.models import Engagement, Membership, Tenant, User
from tenants.scope import current_scope

AT_ONCE = 100


def lines(source: Source) -> Iterator[bytes]:
    """Yield each row of the open scope's organisation as one line of JSON, by id."""
    columns = source.columns
    query = sa.select(*columns).order_by(*sa.inspect(source.model).primary_key)
    if source.owner:
        query = query.where(getattr(source.model, source.owner) == current_scope().only_tenant)
    names = [column.key for column in columns]
    for row in db.session().execute(query.execution_options(yield_per=AT_ONCE)):
        told = {name: plain(source.name, name, value) for name, value in zip(names, row, strict=True)}
        yield line(told)


def line(told: object) -> bytes:
    """Return one line of JSON in UTF-8."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def document(told: object) -> bytes:
    """Return JSON laid out for people."""
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n"


def plain(table: str, column: str, value: Any) -> object:
    """Return a value as JSON can hold it.

    Amounts as text in euro with two decimals, days and instants (UTC) in ISO 8601, identities as text, bytes in
    hexadecimal unless READABLE knows what is in them.
    """
    if isinstance(value, bytes):
        readable = READABLE.get((table, column))
        return readable(value) if readable and value else value.hex()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def organisation() -> dict[str, object]:
    """Return the organisation itself."""
    tenant = db.session().get_one(Tenant, current_scope().only_tenant)
    keys = [column.key for column in sa.inspect(Tenant).column_attrs]
    return {key: plain("tenant", key, getattr(tenant, key)) for key in keys}


def people() -> Iterator[bytes]:
    """Yield a line for each account that the organisation's rows name: its id and name.

    The e-mail address only of members and auditors: the organisation let them in under it.
    """
    let_in = _named(Membership.user_id) | _named(Engagement.auditor_id)
    users = sa.select(User.id, User.name, User.email).where(User.id.in_(named_users())).order_by(User.id)
    for id_, name, email in db.session().execute(users):
        yield line({"id": str(id_), "name": name, "email": email if id_ in let_in else None})


def named_users() -> set[UUID]:
    """Return every account that a row of the open scope's organisation names."""
    found: set[UUID] = set()
    for source in sources():
        for column in source.columns:
            targets = {key.target_fullname for key in column.property.columns[0].foreign_keys}
            if "user.id" in targets and not source.owner:
                found |= _named(column)
    return found


def _named(column: Any) -> set[UUID]:
    return set(db.session().scalars(sa.select(column).where(column.is_not(None)).distinct()))


def schema() -> dict[str, object]:
    """Return what each table is about and the kind of each column, for whoever reads the lines later."""
    return {
        source.name: {
            "about": source.about,
            "columns": {column.key: str(column.property.columns[0].type) for column in source.columns},
        }
        for source in sources()
    }
