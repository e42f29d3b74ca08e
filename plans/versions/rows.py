"""Bring single rows back to what a version said of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.columns import Money
from plans.errors import NotThere
from plans.registers.services import add_row, archive_row, change_row, find_row, restore_row
from plans.registers.shape import Register, Row, Value
from plans.registers.undo.steps import Step, photo, restored, step
from plans.versions.rooms import Plain, Table

CONFIRMED = "confirmed_on"


def put_registered(table: Table, register: Register, row_id: UUID, told: Plain | None, *, at: datetime) -> Step | None:
    """Let a row of a register say `told`; None puts it away. Return what that changed.

    Raises PlanError when a required column would become empty.
    """
    row = _row_or_none(register, row_id)
    before = photo(register, row) if row is not None else None
    if told is None:
        return step(register, archive_row(register, row_id, at=at), before)
    values = _values(table, register, told)
    if row is None:
        row = add_row(register, values, row_id=row_id)
    else:
        row = restore_row(register, row_id)
        change_row(register, row_id, values, version=None)
    # Columns that belong to other pages, such as a department that uses nothing.
    own = {column.name for column in register.columns} | {"kind"}
    for name in table.columns:
        if name not in own:
            setattr(row, name, _typed(table, name, told.get(name)))
    db.session().flush()
    return step(register, row, before)


def put_row(table: Table, key: str, told: Plain | None, *, at: datetime) -> None:
    """Let a row that stands in no register say `told`; None puts it away, or takes a link away."""
    row = _found(table, key)
    if told is None:
        if row is not None:
            _take_away(table, row, at)
        return
    if row is None:
        row = table.model(**_key(table, key))
        db.session().add(row)
    for name in table.columns:
        if name not in table.key:
            setattr(row, name, _typed(table, name, told.get(name)))
    if hasattr(row, "archived_at"):
        row.archived_at = None
    db.session().flush()


def _take_away(table: Table, row: Any, at: datetime) -> None:
    if table.is_link:
        db.session().delete(row)
    else:
        row.archived_at = row.archived_at or at
    db.session().flush()


def _values(table: Table, register: Register, told: Plain) -> dict[str, Value]:
    """Return what `told` says of each column; a no is not written, and is no empty cell, which may mean yes."""
    return {
        column.name: restored(register, column.name, told[column.name])
        if column.name in told
        else (False if column.name in table.silent else column.empty)
        for column in register.columns
        if column.name != CONFIRMED
    }


def _row_or_none(register: Register, row_id: UUID) -> Row | None:
    try:
        return find_row(register, row_id)
    except NotThere:
        return None


def _found(table: Table, key: str) -> Any:
    model = table.model
    query = sa.select(model).where(*(getattr(model, name) == value for name, value in _key(table, key).items()))
    return db.session().scalar(query.execution_options(populate_existing=True))


def _key(table: Table, key: str) -> dict[str, Any]:
    ends = key.split("/") if len(table.key) > 1 else [key]
    return {name: _typed(table, name, end or None) for name, end in zip(table.key, ends, strict=True)}


def _typed(table: Table, name: str, told: Any) -> Any:
    """Return what the model keeps for what content says of a column."""
    column = table.model.__table__.c[name]
    kind = column.type
    if told is None:
        return None if column.nullable else False if isinstance(kind, sa.Boolean) else ""
    if isinstance(kind, sa.Uuid):
        return UUID(told)
    if isinstance(kind, sa.Enum):
        return kind.enum_class(told) if kind.enum_class else told
    if isinstance(kind, sa.Date):
        return date.fromisoformat(told)
    return Decimal(told) if isinstance(kind, Money) else told
