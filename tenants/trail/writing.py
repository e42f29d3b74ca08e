"""Writing the trail: every change and every event of an organisation, in the transaction of the change itself."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from flask import Response, after_this_request
from sqlalchemy.orm import Mapper, Session

from core import db
from core.clock import now
from core.vault import PlatformSealed, SealedType
from tenants.models import Tenant, TrailEntry, User
from tenants.owned import Area, TenantOwned
from tenants.scope import LockError, Scope, current_scope, scoped
from tenants.trail import chain

NOT_TOLD = frozenset({"tenant_id", "id", "version"})
# The trail says that these changed, never to what.
SECRET_ENDINGS = ("_hash", "password", "secret", "token")
UNTOLD = "***"
CHANGED = "changed"
# What a row is called, by the first of these that it has.
NAMES = ("name", "label", "title", "service_name", "file_name", "party", "reference", "email", "item_id")
# A relation is called what the person or organisation at its other end is called.
ABOUT: Mapping[str, type[User] | type[Tenant]] = {"user_id": User, "auditor_id": User, "manager_id": Tenant}
LABEL_LENGTH = 200
LOOKED, PAGE = "page.looked", "page"
# The space of names in which pages have ids.
PAGES = UUID("6f1d7c0a-53a4-4c39-9b0e-0a3f5b7c9d21")
OK = 200
BAD_REQUEST = 400


def record(action: str, subject: str = "", subject_id: UUID | None = None, **changes: object) -> None:
    """Write down an event that is more than a changed row, such as an export or a publication.

    action: dotted words, `plan.published`. Raises LockError when no scope of one organisation is open.
    """
    scope = current_scope()
    told = plain(changes)
    db.session().add(_entry(scope, scope.only_tenant, action, subject, subject_id, told))


def record_after(action: str, subject: str = "", subject_id: UUID | None = None, **changes: object) -> None:
    """Write down an event of a request that only reads, such as the download of a file, before its answer leaves.

    In a transaction of its own after that of the request; when it cannot be written the answer is not sent. An answer
    that is an error is not written down. Raises LockError when no scope of one organisation is open.
    """
    scope = current_scope()
    narrow = Scope(frozenset({scope.only_tenant}), frozenset(), frozenset({Area.TRAIL}), scope.actor)

    @after_this_request
    def write(response: Response) -> Response:
        if response.status_code < BAD_REQUEST:
            try:
                with scoped(narrow):
                    record(action, subject, subject_id, **changes)
            except BaseException:
                response.close()
                raise
        return response


def record_look(page: str, *, since: datetime) -> None:
    """Write down, before the answer leaves, that the scope's person looked at `page`; once since that instant.

    page: its path below the organisation's address, without a query. In a transaction of its own after that of the
    request; when it cannot be written the answer is not sent. Two requests at once may both be written down.
    Raises LockError when no scope of one organisation is open.
    """
    scope = current_scope()
    told, page_id = frozenset({Area.TRAIL}), uuid5(PAGES, page)
    narrow = Scope(frozenset({scope.only_tenant}), told, told, scope.actor)
    before = sa.select(TrailEntry.id).where(
        TrailEntry.subject_id == page_id,
        TrailEntry.user_id == scope.actor.user_id,
        TrailEntry.action == LOOKED,
        TrailEntry.at >= since,
    )

    @after_this_request
    def write(response: Response) -> Response:
        if response.status_code != OK:
            return response
        try:
            with scoped(narrow, writes=False):
                known = db.session().scalar(before.limit(1))
            if known is None:
                with scoped(narrow):
                    entry = _entry(narrow, narrow.only_tenant, LOOKED, PAGE, page_id, {}, page[:LABEL_LENGTH])
                    db.session().add(entry)
        except BaseException:
            response.close()
            raise
        return response


def write_down(session: Session, scope: Scope, rows: Iterable[TenantOwned]) -> None:
    """Add an entry for each changed row, and append all new entries to their chains.

    Called by the lock at each flush, so no change can be left out. Raises LockError for a changed or deleted entry.
    """
    for row in rows:
        if isinstance(row, TrailEntry) and not sa.inspect(row).pending:
            raise LockError("the trail is only added to")
        if not row.__trailed__:
            continue
        state = sa.inspect(row)
        action = "deleted" if row in session.deleted else "created" if state.pending else CHANGED
        changes = _changes(state, created=state.pending)
        table = str(state.mapper.local_table.name)
        session.add(_entry(scope, row.tenant_id, action, table, row.id, changes, _label(session, row)))
    chain.number(session, [row for row in session.new if isinstance(row, TrailEntry)])


def _entry(
    scope: Scope,
    tenant_id: int,
    action: str,
    subject: str,
    subject_id: UUID | None,
    changes: dict[str, Any],
    label: str = "",
) -> TrailEntry:
    return TrailEntry(
        tenant_id=tenant_id,
        at=now(),
        user_id=scope.actor.user_id,
        actor=scope.actor.name,
        role=scope.actor.role,
        via=scope.actor.via,
        request_id=scope.actor.request_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        label=label,
        changes=changes,
    )


def _changes(state: Any, *, created: bool) -> dict[str, Any]:
    """Return {column: [old, new]} of the columns that changed, {column: new} of a new row."""
    told: dict[str, Any] = {}
    for column in state.mapper.column_attrs:
        if column.key in NOT_TOLD:
            continue
        history = state.attrs[column.key].history
        if not history.has_changes():
            continue
        new = plain_value(history.added[0]) if history.added else None
        if column.key.endswith(SECRET_ENDINGS):
            told[column.key] = UNTOLD
        elif created:
            if new is not None:
                told[column.key] = new
        else:
            told[column.key] = [plain_value(history.deleted[0]) if history.deleted else None, new]
    return told


def plain(changes: Mapping[str, object]) -> dict[str, Any]:
    """Return `changes` in a form that JSON keeps."""
    return {name: plain_value(value) for name, value in changes.items()}


def _label(session: Session, row: TenantOwned) -> str:
    """Return what a row is called: its own name, else that of the person or organisation it is about."""
    sealed = sealed_of(sa.inspect(row).mapper)
    named = (getattr(row, name, None) for name in NAMES if name not in sealed)
    found = next((one for one in named if isinstance(one, str) and one), None)
    for key, model in ABOUT.items() if found is None else ():
        about = getattr(row, key, None)
        if about is not None:
            # One that is new in this very flush is in the session; any other costs a query.
            found = next((one.name for one in session.new if isinstance(one, model) and one.id == about), None)
            found = found or session.scalar(sa.select(model.name).where(model.id == about))
    return (found or "")[:LABEL_LENGTH]


@cache
def sealed_of(mapper: Mapper[Any]) -> frozenset[str]:
    """Return the confidential attributes: what a row is called stands unsealed in the trail."""
    kinds = (SealedType, PlatformSealed)
    return frozenset(one.key for one in mapper.column_attrs if isinstance(one.columns[0].type, kinds))


def plain_value(value: object) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value
