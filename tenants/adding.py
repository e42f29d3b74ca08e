"""Many new rows at once, under the same lock as one: checked, written down and marked, without an object for each."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.ids import new_ids
from core.inserting import Filled, Same, Values, insert_columns
from core.vault import SealedType, seal_all
from tenants.lock import JUDGED_AREAS, mark_changed
from tenants.models import TrailEntry
from tenants.owned import TenantOwned
from tenants.scope import LockError, Scope, current_scope
from tenants.trail.added import entries_of_added


def add_rows(model: type[TenantOwned], rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """Add new rows of one class, as add_columns() does. rows: values by attribute, all of the same attributes."""
    if not rows:
        return []
    ids = add_columns(model, len(rows), {name: [row[name] for row in rows] for name in rows[0]})
    return [UUID(hex=one) for one in ids]


def add_columns(model: type[TenantOwned], count: int, columns: Mapping[str, Values]) -> list[str]:
    """Add `count` new rows of one class to the open scope's organisation.

    columns: values by attribute, one for each row; what is left out gets its default. Returns the ids in the order of
    the rows, each as 32 hexadecimal digits. Does what a flush of as many
    objects does: refuses a class the scope does not write, adds an entry to the trail for each row, and notes that the
    organisation changed. What waits in the session is written first.
    Raises LockError for no scope, one of several organisations or one that does not write the class.
    """
    if not count:
        return []
    session, scope = db.session(), current_scope()
    _check(model, scope, columns)
    session.flush()
    ids = new_ids(count)
    table = str(sa.inspect(model).local_table.name)
    if model.__area__ in JUDGED_AREAS:
        mark_changed(session, [scope.only_tenant], [table])  # before the head of the trail, as a flush does
    given: dict[str, Values] = {"tenant_id": Same(scope.only_tenant), "id": ids, **columns}
    insert_columns(session, table, _filled(model, given, count))
    if model.__trailed__:
        entries = entries_of_added(session, scope, model, ids, columns)
        insert_columns(session, TrailEntry.__tablename__, _typed(TrailEntry, entries))
    return ids


def _check(model: type[TenantOwned], scope: Scope, columns: Mapping[str, Values]) -> None:
    if model.__area__ not in scope.writes:
        raise LockError(f"{model.__name__} lies in area {model.__area__}, which this scope does not write")
    if model is TrailEntry:
        raise LockError("the trail is only written by what happens")
    if not {"tenant_id", "id"}.isdisjoint(columns):
        raise LockError("whose a new row is, and what it is called by, is not for its caller to say")


def _filled(model: type[TenantOwned], columns: Mapping[str, Values], count: int) -> dict[str, Filled]:
    """Return every column of the class that is given or has a default, sealed ones sealed."""
    defaults = {
        one.key: Same(one.columns[0].default.arg)
        for one in sa.inspect(model).column_attrs
        if one.key not in columns and one.columns[0].default is not None
    }
    sealed = {
        name: _sealed(kind, values, count)
        for name, values in {**defaults, **columns}.items()
        if isinstance(kind := sa.inspect(model).columns[name].type, SealedType)
    }
    return _typed(model, {**defaults, **columns, **sealed})


def _typed(model: type[TenantOwned], columns: Mapping[str, Values]) -> dict[str, Filled]:
    """Return columns by their name in the database. columns: by attribute, of sealed ones the sealed bytes."""
    known = sa.inspect(model).columns
    return {
        known[name].name: Filled(values, None if isinstance(known[name].type, SealedType) else known[name].type)
        for name, values in columns.items()
    }


def _sealed(kind: SealedType, values: Values, count: int) -> Values:
    """Return the values as they are kept. Two equal ones are sealed apart, but for empty ones, which stay empty."""
    if not isinstance(values, Same):
        return seal_all(kind.each_to_bytes(values), kind.place)
    plain = None if values.value is None else kind.to_bytes(values.value)
    return seal_all([plain] * count, kind.place) if plain else Same(plain)
