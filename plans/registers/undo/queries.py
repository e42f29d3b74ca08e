"""What the page of recent changes shows, and the notice with which a change can be taken back at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core import db
from plans.registers.columns import BY_SLUG
from plans.registers.undo.models import ChangeKind, RegisterChange
from plans.registers.undo.services import KEPT

PAGE_LENGTH = 50
KIND_LABELS: Mapping[ChangeKind, Any] = MappingProxyType(
    {
        ChangeKind.ADDED: _l("Added"),
        ChangeKind.CHANGED: _l("Changed"),
        ChangeKind.ARCHIVED: _l("Put away"),
        ChangeKind.RESTORED: _l("Put back into use"),
        ChangeKind.CONFIRMED: _l("Confirmed"),
        ChangeKind.BULK: _l("One column changed"),
        ChangeKind.IMPORTED: _l("Brought in from a sheet"),
        ChangeKind.UNDONE: _l("Undone"),
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """One change. register: the title of the register, empty for several; slug: its address."""

    id: UUID
    kind: ChangeKind
    label: Any
    register: Any
    slug: str
    subject: str
    made_at: datetime
    made_by: str
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class Recent:
    """One page of the changes, newest first. page, last: from 1."""

    changes: tuple[Told, ...]
    page: int
    last: int


def recent(page: int, *, at: datetime) -> Recent:
    """Return the changes that can still be taken back, newest first. at: aware UTC."""
    fresh = RegisterChange.made_at >= at - KEPT
    number = db.session().scalar(sa.select(sa.func.count(RegisterChange.id)).where(fresh)) or 0
    last = max(1, -(-number // PAGE_LENGTH))
    here = min(max(page, 1), last)
    newest = sa.select(RegisterChange).where(fresh).order_by(RegisterChange.made_at.desc(), RegisterChange.id.desc())
    rows = db.session().scalars(newest.offset((here - 1) * PAGE_LENGTH).limit(PAGE_LENGTH))
    return Recent(tuple(_told(row) for row in rows), here, last)


def just_done(change_id: UUID) -> Told | None:
    """Return a change that was made a moment ago, to offer the way back; None when there is none to take back."""
    row = db.session().scalar(sa.select(RegisterChange).where(RegisterChange.id == change_id))
    return None if row is None or row.undone_at is not None else _told(row)


def _told(row: RegisterChange) -> Told:
    register = BY_SLUG.get(row.register)
    return Told(
        row.id,
        row.kind,
        KIND_LABELS[row.kind],
        register.title if register else "",
        row.register if register else "",
        _subject(row.label, row.rows),
        row.made_at,
        row.made_by,
        row.undone_at,
        row.undone_by,
    )


def _subject(label: str, rows: int) -> str:
    if rows == 1:
        return label
    more = ngettext("%(name)s and %(num)s more", "%(name)s and %(num)s more", rows - 1, name=label)
    return str(more)
