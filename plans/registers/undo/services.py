"""Keep changes to the registers, and take them back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from core import db
from core.ids import new_id
from plans.errors import NotThere
from plans.models import Asset
from plans.registers.columns import register as register_called
from plans.registers.shape import Register, Row
from plans.registers.undo.models import ChangeKind, RegisterChange
from plans.registers.undo.steps import Added, Step, packed, photo, restored, step, unpacked
from plans.registers.undo.used import used_rows
from plans.turns import take_turn
from tenants.scope import current_scope

KEPT = timedelta(days=30)
MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Record:
    """Keep a change so that it can be taken back. at: aware UTC; id: by which it is found then."""

    at: datetime
    id: UUID = field(default_factory=new_id)


class ChangedSince(Exception):
    """Somebody changed these rows after the change that was to be taken back. names: of the first few of them."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__()
        self.names = tuple(names)[:MOST_NAMES]


class UsedSince(Exception):
    """Something else came to use rows that were to go away again. names: of the first few of them."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__()
        self.names = tuple(names)[:MOST_NAMES]


def keep(kind: ChangeKind, steps: Iterable[Step | None], record: Record | None, added: Sequence[Added] = ()) -> None:
    """Keep what was changed so that it can be taken back; nothing when nothing was, or nobody wants it kept.

    added: rows that were added beside that, many at once. What is too old to be taken back is thrown away meanwhile.
    """
    found = [one for one in steps if one is not None]
    if not (found or added) or record is None:
        return
    for old in db.session().scalars(sa.select(RegisterChange).where(RegisterChange.made_at < record.at - KEPT)):
        db.session().delete(old)
    slugs = {one.register for one in found} | {one.register.slug for one in added}
    change = RegisterChange(
        id=record.id,
        register=slugs.pop() if len(slugs) == 1 else "",
        kind=kind,
        made_at=record.at,
        made_by=current_scope().actor.name[:200],
        rows=len(found) + sum(len(one.ids) for one in added),
        label=(found[0] if found else added[0]).name[:200],
        content=packed(found, added),
    )
    db.session().add(change)
    db.session().flush()


def undo(change_id: UUID, record: Record) -> bool:
    """Take a change back: every row gets back exactly what it held; a row that was added is put away.

    That is a change in turn, kept as `record`. Tell whether this was the call that did it.
    Raises NotThere; ChangedSince, and changes nothing, when one of the rows is no longer as the change left it;
    UsedSince, and changes nothing either, when rows that somebody added by hand are used elsewhere by now.
    """
    take_turn()
    change = _change(change_id)
    if change.undone_at is not None:
        return False
    steps = unpacked(change.content)
    rows = _rows(steps)
    registers = {one.register: register_called(one.register) for one in steps}
    pairs = [(one, registers[one.register], rows.get((one.register, one.row_id))) for one in steps]
    moved = [
        row.name if row is not None else one.name
        for one, register, row in pairs
        if row is None or not _as_left(one, register, row)
    ]
    if moved:
        raise ChangedSince(moved)
    if change.kind is ChangeKind.ADDED and (used := used_rows({one.id: one for one in rows.values()})):
        raise UsedSince([one.name for one in rows.values() if one.id in used])
    done = [_back(one, register, row, record.at) for one, register, row in pairs if row is not None]
    change.undone_at, change.undone_by = record.at, current_scope().actor.name[:200]
    db.session().flush()
    keep(ChangeKind.UNDONE, done, record)
    return True


def _back(one: Step, register: Register, row: Row, at: datetime) -> Step | None:
    before = photo(register, row)
    if one.before is None:
        row.archived_at = at
    else:
        for name, told in one.before.items():
            setattr(row, name, restored(register, name, told))
    return step(register, row, before)


def _as_left(one: Step, register: Register, row: Row) -> bool:
    now = photo(register, row)
    return all(now[name] == told for name, told in one.after.items())


def _change(change_id: UUID) -> RegisterChange:
    query = (
        sa.select(RegisterChange)
        .where(RegisterChange.id == change_id)
        .options(undefer(RegisterChange.content))
        # Somebody may have taken it back before our turn came.
        .execution_options(populate_existing=True)
    )
    change: RegisterChange | None = db.session().scalar(query)
    if change is None:
        raise NotThere
    return change


def _rows(steps: Collection[Step]) -> dict[tuple[str, UUID], Row]:
    """Return the rows that changed, by register and id, in one query for each register."""
    found: dict[tuple[str, UUID], Row] = {}
    for slug in sorted({one.register for one in steps}):
        register = register_called(slug)
        model: Any = register.model
        query = sa.select(model).where(model.id.in_([one.row_id for one in steps if one.register == slug]))
        if register.asset_kind is not None:
            query = query.where(Asset.kind == register.asset_kind)
        for row in db.session().scalars(query.execution_options(populate_existing=True)):
            found[slug, row.id] = row
    return found
