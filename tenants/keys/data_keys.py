"""The data keys of the open scope's organisations: found for what is read, made for what is first written.

A key enters the memory of the process only when a transaction other than the one that made it has seen it: were it
kept earlier and the transaction dropped, later rows would be sealed with a key that nobody has.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from core import vault
from core.clock import now
from core.db import WRITES, db
from core.inserting import insert_unless_there
from tenants.models.keys import TenantKey
from tenants.owned import TenantOwned
from tenants.scope import SCOPE, LockError, Scope

EXTENSION = "waarborg.data_keys"
KEYS, FLUSHING, UNCOMMITTED = "keys", "keys_flushing", "keys_uncommitted"
Keys = dict[int, dict[int, AESGCM]]
TABLE = cast(sa.Table, TenantKey.__table__)


def init_keys() -> None:
    """Let sealed columns find the keys of organisations. Calling it again changes nothing."""
    vault.find_ring_by(ring)
    if not event.contains(db.session, "before_flush", _note_owners):
        event.listen(db.session, "before_flush", _note_owners)
        event.listen(db.session, "after_transaction_end", _forget)


def context(tenant_id: int, version: int) -> str:
    """Return what a data key is wrapped for: nobody else's key opens in its place."""
    return f"tenant/{tenant_id}/{version}"


def ring() -> "TenantKeys":
    """Return the keys of the open scope. Raises LockError when none is open."""
    session: Session = db.session()
    scope = session.info.get(SCOPE)
    if not isinstance(scope, Scope):
        raise LockError("no scope is open to seal or open values in")
    held = session.info.get(KEYS)
    if not isinstance(held, TenantKeys) or held.tenant_ids is not scope.tenant_ids:
        known = current_app.extensions.setdefault(EXTENSION, {})
        held = session.info[KEYS] = TenantKeys(session, scope.tenant_ids, known)
    return held


class TenantKeys:
    """The keys of some organisations during one transaction. known: those of this process, shared by all threads."""

    def __init__(self, session: Session, tenant_ids: frozenset[int], known: Keys) -> None:
        """Begin without any key of its own."""
        self.tenant_ids = tenant_ids
        self._session, self._known = session, known
        self._own: Keys = defaultdict(dict)
        self._sealing: dict[int, tuple[bytes, AESGCM]] = {}
        self._opening: dict[bytes, AESGCM] = {}

    def opening(self, head: bytes) -> AESGCM | None:
        """Return the key of values that begin with `head`, where it was asked for in this scope before."""
        return self._opening.get(head)

    def reading(self, owner: int, version: int) -> AESGCM:
        """Return a key. Raises LockError for an organisation outside the scope, SealError when there is no such key."""
        if owner not in self.tenant_ids:
            raise LockError("a sealed value of another organisation stands in this one's rows")
        if (found := self._find(owner, version)) is not None:
            return self._opening.setdefault(vault.head_of(owner, version), found)
        self._load({owner, *(one for one in self.tenant_ids if one not in self._known and one not in self._own)})
        if (found := self._find(owner, version)) is None:
            raise vault.SealError(f"organisation {owner} has no key {version}: it was removed, or never kept")
        return found

    def writing(self, owner: int | None) -> tuple[bytes, AESGCM]:
        """Return the head of what is sealed now, and the key. owner None: the organisation whose rows are written.

        Asks the database once in a transaction, so that nothing is sealed with a key that was replaced meanwhile.
        Raises LockError when the organisation is not told or lies outside the scope.
        """
        owner = self._being_written() if owner is None else owner
        if owner not in self._sealing:
            if owner not in self.tenant_ids:
                raise LockError("sealing for an organisation outside the scope")
            self._choose()
        return self._sealing[owner]

    def _being_written(self) -> int:
        found = self.tenant_ids if len(self.tenant_ids) == 1 else self._session.info.get(FLUSHING, frozenset())
        if len(found) != 1:
            raise LockError("whose key seals this? Rows of one organisation at a time, or say so with vault.Owned")
        return int(next(iter(found)))

    def _find(self, owner: int, version: int) -> AESGCM | None:
        for keys in (self._known, self._own):
            if owner in keys and version in keys[owner]:
                return keys[owner][version]
        return None

    def _load(self, owners: Iterable[int], *, share: bool = False) -> dict[int, int]:
        """Read the keys of `owners` in one query; return the newest version of each.

        share: nobody removes one of these versions before this transaction ends.
        """
        query = sa.select(TABLE.c.tenant_id, TABLE.c.version, TABLE.c.wrapped)
        query = query.where(TABLE.c.tenant_id.in_(sorted(owners))).order_by(TABLE.c.tenant_id, TABLE.c.version)
        if share:
            query = query.with_for_update(read=True, key_share=True)
        newest: dict[int, int] = {}
        uncommitted = self._session.info.get(UNCOMMITTED, frozenset())
        for owner, version, wrapped in self._session.connection().execute(query).all():
            newest[owner] = version
            if self._find(owner, version) is None:
                key = AESGCM(vault.keeper().unwrap(bytes(wrapped), context(owner, version)))
                target = self._own if owner in uncommitted else self._known
                target.setdefault(owner, {})[version] = key
        return newest

    def _choose(self) -> None:
        """Settle which version seals for each organisation of the scope, and make the first where there is none."""
        newest = self._load(self.tenant_ids, share=True)
        missing = sorted(self.tenant_ids - newest.keys())
        if missing:
            self._session.info.setdefault(UNCOMMITTED, set()).update(missing)
            self._session.connection().execute(_add(self._session), [new_row(one, 1) for one in missing])
            newest |= self._load(missing, share=True)
        self._sealing = {
            one: (vault.head_of(one, version), self.reading(one, version)) for one, version in newest.items()
        }


def check_master_key() -> None:
    """Make sure that what is sealed here can be opened; the start of a server asks.

    Raises MasterKeyError, in words for who runs the service, when the master key is missing or another one.
    """
    try:
        row = _last_key()
        if row is not None:
            vault.keeper().unwrap(bytes(row.wrapped), context(row.tenant_id, row.version))
    except vault.SealError:
        raise vault.MasterKeyError("the master key is not the one this database was filled with") from None
    finally:
        # Processes that are forked after this must not share its connection.
        db.engine.dispose()


def _last_key() -> Any:
    with db.engine.connect().execution_options(**{WRITES: False}) as connection:
        if not sa.inspect(connection).has_table(TABLE.name):
            return None
        query = sa.select(TABLE.c.tenant_id, TABLE.c.version, TABLE.c.wrapped).order_by(TABLE.c.made_at.desc())
        return connection.execute(query.limit(1)).first()


def new_row(tenant_id: int, version: int) -> dict[str, Any]:
    """Return a row with a new key, wrapped by the master key."""
    wrapped = vault.keeper().wrap(vault.new_key(), context(tenant_id, version))
    return {"tenant_id": tenant_id, "version": version, "wrapped": wrapped, "made_at": now()}


def _add(session: Session) -> Any:
    return _adding(session.get_bind().dialect.name)


@cache
def _adding(dialect: str) -> Any:
    # Two may write an organisation's first sealed value at once: the key of the first to arrive is the one.
    return insert_unless_there(TABLE, dialect).on_conflict_do_nothing()


def _note_owners(session: Session, _context: UOWTransaction, _instances: object) -> None:
    rows = [*session.new, *session.dirty, *session.deleted]
    session.info[FLUSHING] = frozenset(row.tenant_id for row in rows if isinstance(row, TenantOwned))


def _forget(session: Session, transaction: SessionTransaction) -> None:
    """Drop what was learned in a transaction; after a savepoint too, which may have taken a new key with it."""
    if transaction.nested or transaction.parent is None:
        session.info.pop(KEYS, None)
    if transaction.parent is None:
        session.info.pop(UNCOMMITTED, None)
