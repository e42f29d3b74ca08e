"""A scope: whose rows the session may reach, in which areas, and on whose behalf."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction

from core import db
from core.among import listed
from core.local_settings import set_locally
from tenants.owned import Area

SCOPE, PERSON, OPENING, TOLD, CONNECTION = "scope", "person", "opening", "told", "connection"
EVERY_AREA = frozenset(Area)


class LockError(Exception):
    """The code tried to reach rows that its scope does not open. Always a mistake of ours, never the user's."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or the service itself when user_id is None. via: the reseller on whose behalf, or ""."""

    user_id: UUID | None
    name: str
    role: str
    request_id: str = ""
    via: str = ""


SERVICE = Actor(user_id=None, name="Waarborg", role="service")


@dataclass(frozen=True)
class Scope:
    """Organisations, areas to read and areas to write. `writes` empty: read-only."""

    tenant_ids: frozenset[int]
    reads: frozenset[Area]
    writes: frozenset[Area]
    actor: Actor = field(default=SERVICE)

    @cached_property
    def listed(self) -> str:
        """Return its organisations as one text: each statement asks for it, and there may be hundreds."""
        return listed(self.tenant_ids)

    @property
    def only_tenant(self) -> int:
        """Return the one organisation of this scope. Raises LockError when there are none or several."""
        if len(self.tenant_ids) != 1:
            raise LockError(f"this needs a scope of one organisation, not of {len(self.tenant_ids)}")
        return next(iter(self.tenant_ids))


NOTHING = Scope(frozenset(), frozenset(), frozenset())


def open_scope(scope: Scope, session: Session | None = None) -> None:
    """Let the session reach the rows of `scope` and forget every object it held before.

    Raises LockError when a scope is open already, or when an unsaved change would cross into the new one.
    """
    current = session or db.session()
    if current.info.get(SCOPE) is not None:
        raise LockError("scopes do not nest")
    _reach(current, scope)


def change_scope(scope: Scope) -> None:
    """Reach the rows of `scope` instead of those of the open one, as closing and opening do; told to the database once.

    Raises LockError when there is none, or when an unsaved change would cross into the new one.
    """
    current = db.session()
    current_scope(current)
    for name in (PERSON, OPENING):
        current.info.pop(name, None)
    _reach(current, scope)


def _reach(current: Session, scope: Scope) -> None:
    if current.new or current.dirty or current.deleted:
        raise LockError("unsaved changes may not cross into a scope")
    current.expunge_all()
    current.info[SCOPE] = scope
    _tell(current)


def as_person(user_id: UUID, session: Session | None = None) -> None:
    """Let the database show the relations of this person until the scope closes; the door needs them first."""
    current = session or db.session()
    current.info[PERSON] = user_id
    _tell(current)


def close_scope(session: Session | None = None) -> None:
    """Take every organisation's rows away from the session again."""
    current = session or db.session()
    current.expunge_all()
    for name in (SCOPE, PERSON, OPENING):
        current.info.pop(name, None)
    _tell(current)


def current_scope(session: Session | None = None) -> Scope:
    """Return the open scope. Raises LockError when there is none."""
    scope = (session or db.session()).info.get(SCOPE)
    if not isinstance(scope, Scope):
        raise LockError("no scope is open")
    return scope


def is_scoped(session: Session | None = None) -> bool:
    """Tell whether a scope is open."""
    return isinstance((session or db.session()).info.get(SCOPE), Scope)


class Opening(StrEnum):
    """What the database shows before a scope can exist, beside a person's own relations: as little as will do."""

    FOUNDATION = "app.foundation"  # registrations that name this foundation
    OFFICERS = "app.officers"  # the public keys in use of the officers of this foundation
    MANAGER = "app.manager"  # the grants of its clients to this reseller, where no person asks
    SWEEP = "app.sweep"  # when each organisation was judged


@contextmanager
def opening(what: Opening, value: str = "on") -> Iterator[None]:
    """Let the database show `what` for the statements inside. The lock of the session is not opened by it."""
    current = db.session()
    current.info[OPENING] = (what, value)
    _tell(current)
    try:
        yield
    finally:
        current.info.pop(OPENING, None)
        _tell(current)


def watch_transactions() -> None:
    """Tell the database about the open scope in each transaction anew. Calling it again changes nothing."""
    if not event.contains(db.db.session, "after_begin", _tell_new_transaction):
        event.listen(db.db.session, "after_begin", _tell_new_transaction)
        event.listen(db.db.session, "after_soft_rollback", _tell_after_savepoint)


def _tell(current: Session) -> None:
    """Tell a transaction under way what is open now, as far as that changed; a later one is told when it begins."""
    connection = current.info.get(CONNECTION)
    if isinstance(connection, Connection) and connection.dialect.name == "sqlite":
        return  # it has no policies to tell
    if not (current.in_transaction() and current.is_active):
        return
    connection = connection_of(current)  # may begin the transaction in the database, which is told everything then
    told, before = _settings(current), current.info.get(TOLD, {})
    if told != before:
        current.info[TOLD] = told
        set_locally(connection, {name: value for name, value in told.items() if before.get(name) != value})


def connection_of(current: Session) -> Connection:
    """Return the connection of the transaction under way, or begin one; the session looks for it anew each time."""
    kept = current.info.get(CONNECTION)
    if isinstance(kept, Connection) and not kept.closed and current.in_transaction():
        return kept
    return current.connection()


def _settings(current: Session) -> dict[str, str]:
    """Return the settings that the policies of row-level security read; "" opens nothing."""
    scope: Scope = current.info.get(SCOPE, NOTHING)
    what, value = current.info.get(OPENING, (None, ""))
    return {
        "app.tenants": scope.listed,
        "app.reads": ",".join(sorted(scope.reads)) if scope.tenant_ids else "",
        "app.writes": ",".join(sorted(scope.writes)) if scope.tenant_ids else "",
        "app.person": str(current.info.get(PERSON) or ""),
        **{name.value: value if name is what else "" for name in Opening},
    }


def _tell_new_transaction(current: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:
        return
    current.info[CONNECTION] = connection
    if connection.dialect.name == "sqlite":
        return
    told = _settings(current)
    # What is told first in a transaction is told whole: a default that somebody gave the role opens nothing.
    current.info[TOLD] = told if any(told.values()) else {}
    set_locally(connection, current.info[TOLD])


def _tell_after_savepoint(current: Session, previous: SessionTransaction) -> None:
    # Going back to a savepoint brings back what was open when it was made. The session itself may not be asked for
    # its connection here: the block of the savepoint has not ended yet.
    connection = current.info.get(CONNECTION)
    if previous.nested and isinstance(connection, Connection) and not connection.closed:
        told = current.info[TOLD] = _settings(current)
        set_locally(connection, told)


@contextmanager
def scoped(scope: Scope, *, writes: bool = True) -> Iterator[None]:
    """Run a job or command inside one transaction and one scope: commits at the end, drops all on an error."""
    db.begin(writes=writes)
    try:
        open_scope(scope)
        yield
        if writes:
            db.commit()
    finally:
        db.rollback()
        close_scope()


def whole(tenant_id: int, actor: Actor = SERVICE) -> Scope:
    """Return the scope of one organisation with all areas, to read and to write."""
    return Scope(frozenset({tenant_id}), EVERY_AREA, EVERY_AREA, actor)


def reading(tenant_ids: frozenset[int], areas: frozenset[Area] = EVERY_AREA, actor: Actor = SERVICE) -> Scope:
    """Return a read-only scope."""
    return Scope(tenant_ids, areas, frozenset(), actor)
