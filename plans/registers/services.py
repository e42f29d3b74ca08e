"""Changes to the rows of the registers."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from plans.errors import NotThere, PlanError
from plans.models import Asset
from plans.registers.rows import Values, differences, settled, values_of
from plans.registers.shape import Register, Row, Value
from plans.registers.undo.models import ChangeKind
from plans.registers.undo.services import Record, keep
from plans.registers.undo.steps import photo, step
from plans.turns import expect_seen, take_turn

# Changes that are given a `record` are kept for a while, so that they can be taken back (undo/services.py).


def add_row(register: Register, values: Values, *, row_id: UUID | None = None, record: Record | None = None) -> Row:
    """Add a row. values: by column name, as parse() gives them; columns left out stay empty.

    row_id: an id chosen when the form was opened; a row that has it already is returned as it is, so that a form
    sent twice adds one row. Raises PlanError when a required column is empty.
    """
    take_turn()
    if row_id is not None and (there := _row_called(register, row_id)) is not None:
        return there
    found = {column.name: column.empty for column in register.columns} | settled(register, values)
    _check_required(register, found)
    row = register.model(**found)
    if isinstance(row, Asset):
        assert register.asset_kind is not None
        row.kind = register.asset_kind
    if row_id is not None:
        row.id = row_id
    db.session().add(row)
    db.session().flush()
    keep(ChangeKind.ADDED, [step(register, row, None)], record)
    return row


def change_row(
    register: Register, row_id: UUID, values: Values, *, version: int | None, record: Record | None = None
) -> tuple[str, ...]:
    """Change the columns named in `values`; return the names of those that were different.

    version: the one that was shown to whoever changes it; None when nobody saw a page (an import of its own row).
    Raises NotThere, EditConflict when somebody saved in between, PlanError when a required column is empty.
    """
    take_turn()
    row = find_row(register, row_id)
    if version is not None:
        row.expect_version(version)
    found = settled(register, values)
    changed = differences(register, values_of(register, row), found)
    _check_required(register, values_of(register, row) | found)
    before = photo(register, row)
    for name in changed:
        setattr(row, name, found[name])
    db.session().flush()
    keep(ChangeKind.CHANGED, [step(register, row, before)], record)
    return changed


def change_rows(
    register: Register, row_ids: Collection[UUID], column: str, value: Value, *, seen: str, record: Record | None = None
) -> int:
    """Give one column of several rows the same value; return how many differed. Those put away are passed over.

    seen: turns.seen() of the rows when they were shown. Raises NotThere when one of them does not exist, EditConflict
    when somebody saved one in between, PlanError when a required column would become empty.
    """
    take_turn()
    rows = find_rows(register, row_ids)
    expect_seen(rows, seen)
    found = settled(register, {column: value})
    steps = []
    for row in rows:
        if row.archived_at is not None:
            continue
        held = values_of(register, row)
        _check_required(register, held | found)
        before = photo(register, row)
        for name in differences(register, held, found):
            setattr(row, name, found[name])
        steps.append(step(register, row, before))
    db.session().flush()
    keep(ChangeKind.BULK, steps, record)
    return sum(one is not None for one in steps)


def archive_row(register: Register, row_id: UUID, *, at: datetime) -> Row:
    """Put a row away; doing it twice changes nothing. What points at the row stays. Raises NotThere."""
    archive_rows(register, [row_id], at=at)
    return find_row(register, row_id)


def archive_rows(register: Register, row_ids: Collection[UUID], *, at: datetime, record: Record | None = None) -> int:
    """Put rows away; return how many were not yet. What points at them stays. Raises NotThere for one that is not."""
    take_turn()
    return _set_archived(register, find_rows(register, row_ids), at, ChangeKind.ARCHIVED, record)


def restore_row(register: Register, row_id: UUID, *, record: Record | None = None) -> Row:
    """Take a row back that was put away; doing it twice changes nothing. Raises NotThere."""
    take_turn()
    row = find_row(register, row_id)
    _set_archived(register, [row], None, ChangeKind.RESTORED, record)
    return row


def _set_archived(
    register: Register, rows: Collection[Row], archived_at: datetime | None, kind: ChangeKind, record: Record | None
) -> int:
    steps = []
    for row in rows:
        before = photo(register, row)
        row.archived_at = archived_at and (row.archived_at or archived_at)
        steps.append(step(register, row, before))
    db.session().flush()
    keep(kind, steps, record)
    return sum(one is not None for one in steps)


def confirm_rows(register: Register, row_ids: Collection[UUID], *, today: date, record: Record | None = None) -> int:
    """Note that somebody checked these rows today; return how many. Rows put away meanwhile are passed over.

    Raises NotThere when one of them does not exist, or when rows of this register carry no such day.
    Source: upkeep.contacts, upkeep.licences; decisions on what the handbook leaves open (default ages).
    """
    if not register.confirmable:
        raise NotThere
    take_turn()
    current = [row for row in find_rows(register, row_ids) if row.archived_at is None]
    steps = []
    for row in current:
        before = photo(register, row)
        setattr(row, "confirmed_on", today)  # noqa: B010 -- only some registers have the column
        steps.append(step(register, row, before))
    db.session().flush()
    keep(ChangeKind.CONFIRMED, steps, record)
    return len(current)


def find_rows(register: Register, row_ids: Collection[UUID]) -> list[Row]:
    """Return rows of the register, put away or not, oldest first. Raises NotThere when one of them does not exist."""
    query: sa.Select[Any] = sa.select(register.model).where(register.model.id.in_(set(row_ids)), *_kind(register))
    # As in _row_called().
    query = query.order_by(register.model.id).execution_options(populate_existing=True)
    rows = list(db.session().scalars(query))
    if len(rows) != len(set(row_ids)):
        raise NotThere
    return rows


def find_row(register: Register, row_id: UUID) -> Row:
    """Return a row of the register, put away or not. Raises NotThere."""
    row = _row_called(register, row_id)
    if row is None:
        raise NotThere
    return row


def _row_called(register: Register, row_id: UUID) -> Row | None:
    query: sa.Select[Any] = sa.select(register.model).where(register.model.id == row_id, *_kind(register))
    # The page may have read the row before its turn came: what another change left there counts.
    row: Row | None = db.session().scalar(query, execution_options={"populate_existing": True})
    return row


def _kind(register: Register) -> tuple[sa.ColumnElement[bool], ...]:
    return () if register.asset_kind is None else (Asset.kind == register.asset_kind,)


def _check_required(register: Register, values: Values) -> None:
    for column in register.columns:
        if column.required and values[column.name] in ("", None):
            raise PlanError(_l("Fill this in."), column.name)
