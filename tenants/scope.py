"""A scope: whose rows the session may reach, in which areas, and on whose behalf."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from core import db
from tenants.owned import Area

SCOPE = "scope"
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


@dataclass(frozen=True, slots=True)
class Scope:
    """Organisations, areas to read and areas to write. `writes` empty: read-only."""

    tenant_ids: frozenset[int]
    reads: frozenset[Area]
    writes: frozenset[Area]
    actor: Actor = field(default=SERVICE)

    @property
    def only_tenant(self) -> int:
        """Return the one organisation of this scope. Raises LockError when there are none or several."""
        if len(self.tenant_ids) != 1:
            raise LockError(f"this needs a scope of one organisation, not of {len(self.tenant_ids)}")
        return next(iter(self.tenant_ids))


def open_scope(scope: Scope, session: Session | None = None) -> None:
    """Let the session reach the rows of `scope` and forget every object it held before.

    Raises LockError when a scope is open already, or when an unsaved change would cross into the new one.
    """
    current = session or db.session()
    if current.info.get(SCOPE) is not None:
        raise LockError("scopes do not nest")
    if current.new or current.dirty or current.deleted:
        raise LockError("unsaved changes may not cross into a scope")
    current.expunge_all()
    current.info[SCOPE] = scope


def as_person(user_id: UUID, session: Session | None = None) -> None:
    """Let the database show the relations of this person until the transaction ends; the door needs them first."""


def close_scope(session: Session | None = None) -> None:
    """Take every organisation's rows away from the session again."""
    current = session or db.session()
    current.expunge_all()
    current.info.pop(SCOPE, None)


def current_scope(session: Session | None = None) -> Scope:
    """Return the open scope. Raises LockError when there is none."""
    scope = (session or db.session()).info.get(SCOPE)
    if not isinstance(scope, Scope):
        raise LockError("no scope is open")
    return scope


def is_scoped(session: Session | None = None) -> bool:
    """Tell whether a scope is open."""
    return isinstance((session or db.session()).info.get(SCOPE), Scope)


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
