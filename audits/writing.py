"""Many rows of the audit at once, of as many organisations, past the lock.

On the table, not the class: a session would sort out each row first, which takes longer than writing it. Who calls has
opened a scope that writes all of them, and has their turn.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from core import db
from tenants.lock import Bypass, bypass
from tenants.owned import TenantOwned

PAST_LOCK = bypass(Bypass.LEDGER)
Row = Mapping[str, Any]


def add_rows(model: type[TenantOwned], rows: Sequence[Row]) -> None:
    """Add rows. rows: values by column, all of the same columns; what is left out is what the database gives it."""
    if rows:
        _write(sa.insert(_table(model)), rows)


def change_rows(model: type[TenantOwned], rows: Sequence[Row]) -> None:
    """Change rows, each found by its tenant_id and id. rows: all of the same columns; the others stay."""
    if rows:
        _write(_change(_table(model), tuple(rows[0])), [_by_key(row) for row in rows])


def remove_rows(model: type[TenantOwned], rows: Sequence[Row]) -> None:
    """Remove rows. rows: the tenant_id and id of each."""
    if rows:
        _write(_found_by_key(sa.delete(_table(model)), _table(model)), [_by_key(row) for row in rows])


def _table(model: type[TenantOwned]) -> sa.Table:
    return cast(sa.Table, model.__table__)  # type: ignore[attr-defined] # every class of rows that are kept has one


def _write(statement: sa.Executable, rows: Sequence[Row]) -> None:
    db.session().execute(statement, rows, execution_options=PAST_LOCK)


@cache
def _change(table: sa.Table, names: tuple[str, ...]) -> Any:
    values: dict[str, Any] = {name: sa.bindparam(name) for name in names if name not in ("tenant_id", "id")}
    return _found_by_key(sa.update(table).values(**values), table)


def _found_by_key(statement: Any, table: sa.Table) -> Any:
    return statement.where(table.c.tenant_id == sa.bindparam("of_tenant"), table.c.id == sa.bindparam("of_row"))


def _by_key(row: Row) -> dict[str, Any]:
    """Return a row whose key bears other names: its own would be taken for values to write."""
    told = dict(row)
    told["of_tenant"], told["of_row"] = told.pop("tenant_id"), told.pop("id")
    return told
