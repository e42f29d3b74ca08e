"""Take turns at one organisation, or at one person, where what was read before must still hold when it is written."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core import db
from tenants.models import Tenant, User

TAKEN = "taken_from"
# The last half of an id is made up by chance; numbered as PostgreSQL numbers its locks.
_CHANCE = slice(8, 16)


def one_at_a_time(tenant_ids: Iterable[int]) -> None:
    """Wait until nobody else has the turn of any of these organisations, and keep it until the transaction ends.

    Who asks for several gets them in one order, so that no two wait for each other; foreign keys to the organisations
    stay free to be made. On SQLite the writing transaction does that by itself. One query; needs no scope.
    """
    query = sa.select(Tenant.id).where(Tenant.id.in_(sorted(tenant_ids))).order_by(Tenant.id)
    db.session().execute(query.with_for_update(key_share=True)).all()


def one_account_at_a_time(user_id: UUID) -> None:
    """Wait until nobody else changes this account, and keep the turn until the transaction ends.

    Before a mailed link about it is used up: who changes an account ends all its links.
    """
    db.session().execute(sa.select(User.id).where(User.id == user_id).with_for_update())


def take_from(user_id: UUID, session: Session) -> None:
    """Note that this transaction takes away what lets somebody in: it ends after whoever uses that now.

    What they may do may rest on another organisation than the one they write in: no trail makes the two wait.
    """
    session.info.setdefault(TAKEN, set()).add(user_id)


def stand_by(user_id: UUID | None) -> None:
    """Let nobody take away what lets this person in until the transaction ends; what was noted waits its turn here.

    Call it last, when everything is written: whoever holds this waits for nothing else. On SQLite one writes at a time.
    """
    current = db.session()
    taken: set[UUID] = current.info.pop(TAKEN, set())
    if current.get_bind().dialect.name != "postgresql":
        return
    # All in one order, so that no two wait for each other.
    for one in sorted(taken | ({user_id} if user_id else set())):
        wait = sa.func.pg_advisory_xact_lock if one in taken else sa.func.pg_advisory_xact_lock_shared
        current.connection().execute(sa.select(wait(int.from_bytes(one.bytes[_CHANCE], signed=True))))


def watch_commits() -> None:
    """Have each transaction that takes something from somebody wait before it ends. Again, it changes nothing."""
    if not event.contains(db.db.session, "before_commit", _before_commit):
        event.listen(db.db.session, "before_commit", _before_commit)
        event.listen(db.db.session, "after_transaction_end", _forget)


def _before_commit(current: Session) -> None:
    if current.in_nested_transaction():
        return
    current.flush()
    if current.info.get(TAKEN):
        stand_by(None)


def _forget(current: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        current.info.pop(TAKEN, None)
