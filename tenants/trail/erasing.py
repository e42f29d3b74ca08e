"""Taking what names a person out of the trail: the entry stays in its place, and a newer one tells that it was done.

Digest and link stay, so the chain holds; the salt goes with the content, so nobody can guess what stood there.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from tenants.lock import Bypass, bypass
from tenants.models import AccountEvent, TrailEntry
from tenants.scope import current_scope
from tenants.trail.accounts import DENIED, account_event
from tenants.trail.telling import SUBJECT
from tenants.trail.verifying import ERASED_ENTRIES, ERASURE
from tenants.trail.writing import record

AT_ONCE = 500
# What an event of a refusal keeps: the organisation that refused is still to be told of it.
KEPT_OF_DENIED = frozenset({"where", "wanted", "status", "role", "via"})


def erase_actor(user_id: UUID, mark: str, *, relations: Collection[UUID], invitations: Collection[UUID]) -> int:
    """Put `mark` in place of a person's name in the entries of the open scope's organisation; return how many.

    What they changed stays told. relations: their memberships and assignments, which are called by their name;
    invitations: to their address. Entries about those invitations and about the account lose all that was told.
    """
    account = sa.and_(TrailEntry.subject == SUBJECT, TrailEntry.subject_id == user_id)
    told = sa.or_(account, TrailEntry.subject_id.in_(invitations))
    called = TrailEntry.subject_id.in_(relations)
    mine = TrailEntry.user_id == user_id
    actor = sa.case((mine, mark), else_=TrailEntry.actor)
    # A condition on no subject at all is neither true nor false in SQL.
    lesser = sa.and_(sa.or_(mine, called), sa.or_(TrailEntry.subject_id.is_(None), ~told))
    parts: list[tuple[Sequence[int], dict[str, Any]]] = [
        (_unerased(lesser), {"actor": actor, "label": sa.case((called, mark), else_=TrailEntry.label)}),
        (_unerased(told), {"actor": actor, "label": mark, "changes": {}}),
    ]
    return _erase(parts, mark)


def erase_subject(subject: str, subject_id: UUID, mark: str) -> int:
    """Take what was told about one row out of the entries of the open scope's organisation; return how many.

    That it was changed, when and by whom stays.
    """
    about = _unerased(sa.and_(TrailEntry.subject == subject, TrailEntry.subject_id == subject_id))
    return _erase([(about, {"label": mark, "changes": {}})], mark)


def _unerased(condition: sa.ColumnElement[bool]) -> Sequence[int]:
    query = sa.select(TrailEntry.seq).where(condition, TrailEntry.erased_by.is_(None)).order_by(TrailEntry.seq)
    return db.session().scalars(query).all()


def _erase(parts: Sequence[tuple[Sequence[int], dict[str, Any]]], mark: str) -> int:
    numbers = sorted(seq for chosen, _values in parts for seq in chosen)
    if not numbers:
        return 0
    record(ERASURE, "trail_entry", None, mark=mark, **{ERASED_ENTRIES: numbers})
    db.session().flush()
    # The head is ours until the transaction ends: the newest entry of this kind is the one just made.
    by = db.session().scalar(sa.select(sa.func.max(TrailEntry.seq)).where(TrailEntry.action == ERASURE))
    for chosen, values in parts:
        _empty(chosen, {**values, "salt": None, "erased_by": by})
    db.session().expire_all()
    return len(numbers)


def erase_events(user_id: UUID, mark: str) -> int:
    """Put `mark` in place of a person's name in the events of accounts, and take away what was told; return how many.

    Source of the address a request came from, of old e-mail addresses and the like.
    """
    query = sa.select(AccountEvent.seq, AccountEvent.action, AccountEvent.changes)
    query = query.where(AccountEvent.user_id == user_id, AccountEvent.erased_by.is_(None)).order_by(AccountEvent.seq)
    rows = db.session().execute(query).all()
    if not rows:
        return 0
    account_event(user_id, ERASURE, mark=mark, **{ERASED_ENTRIES: [row.seq for row in rows]})
    db.session().flush()
    by = db.session().scalar(sa.select(sa.func.max(AccountEvent.seq)).where(AccountEvent.action == ERASURE))
    for row in rows:
        told = {name: value for name, value in row.changes.items() if name in KEPT_OF_DENIED}
        db.session().execute(
            sa.update(AccountEvent)
            .where(AccountEvent.seq == row.seq)
            .values(actor=mark, changes=told if row.action == DENIED else {}, salt=None, erased_by=by)
        )
    db.session().expire_all()
    return len(rows)


def _empty(numbers: Sequence[int], values: dict[str, Any]) -> None:
    mine = sa.update(TrailEntry).where(TrailEntry.tenant_id == current_scope().only_tenant)
    options = {**bypass(Bypass.ERASURE), "synchronize_session": False}
    for start in range(0, len(numbers), AT_ONCE):
        piece = mine.where(TrailEntry.seq.in_(numbers[start : start + AT_ONCE]))
        db.session().execute(piece.values(values), execution_options=options)
