"""Who may save now: one writer of an organisation at a time, and nobody over what they have not seen."""

import hashlib
from collections.abc import Iterable
from typing import Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa

from core import db
from tenants.lock import mark_changed
from tenants.owned import EditConflict, TenantOwned
from tenants.scope import current_scope

R = TypeVar("R", bound=TenantOwned)


class Edited(Protocol):
    """A row, or a copy of one, that counts its changes."""

    @property
    def id(self) -> UUID:
        """Return the row's id."""

    @property
    def version(self) -> int:
        """Return how often it was saved."""


def take_turn() -> None:
    """Wait until no other change to this organisation is under way; the turn ends with the transaction.

    What a service reads after this stays true until it has saved: the next number is free, a missing row is
    missing. SQLite lets one writer through by itself; on PostgreSQL the organisation's mark serves as the lock.
    Raises LockError when no scope of one organisation is open.
    """
    mark_changed(db.session(), {current_scope().only_tenant}, tables=())


def known(model: type[R], row_id: UUID | None) -> R | None:
    """Return the row that an earlier sending of the same form added. Call it in a turn."""
    return None if row_id is None else db.session().scalar(sa.select(model).where(model.id == row_id))


def seen(rows: Iterable[Edited]) -> str:
    """Return a short text that differs as soon as one of `rows` is saved, added or gone."""
    told = ",".join(sorted(f"{row.id.hex}:{row.version}" for row in rows))
    return hashlib.sha256(told.encode()).hexdigest()[:20] if told else ""


def expect_seen(rows: Iterable[Edited], told: str | None) -> None:
    """Make sure `rows` are as they were when `told` was made. None: the caller saw no page.

    Raises EditConflict when somebody saved in between.
    """
    if told is not None and seen(rows) != told:
        raise EditConflict
