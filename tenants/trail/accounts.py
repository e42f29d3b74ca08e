"""Events of accounts: sign-ins, refusals, new factors. They belong to a person, not to one organisation."""

import json
import os
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from flask import Response, after_this_request, has_request_context, request

from core import db
from core.clock import now
from core.columns import UtcDateTime
from core.ids import new_id
from core.serving.request_ids import request_id
from tenants.models import AccountEvent, User
from tenants.scope import Actor
from tenants.trail import chain
from tenants.trail.writing import plain

if TYPE_CHECKING:
    from tenants.prepared import Unscoped

FAILED = ".failed"
DENIED = "access.denied"
NOBODY, NOBODY_ID = "", UUID(int=0)
# A person who keeps knocking is written down once per door and minute, and at so many doors a minute at most.
DENIED_EVERY = timedelta(minutes=1)
DENIED_AT_MOST = 20
WHERE_LENGTH = 63


def account_event(user_id: UUID | None, action: str, **changes: object) -> None:
    """Write down something that happened to an account; the organisations of that person are told within a minute.

    user_id: None when nobody knows who it was. action: dotted words, `sign_in`, `sign_out`, `sign_in.failed`,
    `factor.added`, `password.changed`. changes: no secret, and nothing typed into a field that failed: it may be a
    password. The address of the request is added by itself.

    Written in the open transaction, which may write. An action ending in `.failed` belongs to a request that is
    refused and whose transaction is dropped: within a request it is written after that, in one of its own.
    """
    told = plain(changes)
    if has_request_context():
        told.setdefault("address", request.remote_addr or "")
        if action.endswith(FAILED):
            at, id_ = now(), request_id()

            @after_this_request
            def write(response: Response) -> Response:
                _write_apart(user_id, action, told, at, id_)
                return response

            return
    _write(user_id, action, told, now(), request_id())


def denied(actor: Actor, where: str, wanted: str, status: int) -> None:
    """Write down that somebody was refused; call it when the refusing request's transaction is over.

    where: the slug asked for, whether or not there is such an organisation: both take the same time; wanted: the
    permission that was missing, or that it was a page about oneself; status: how they were answered. Written in a
    transaction of its own, once per person, place and minute and at most DENIED_AT_MOST times a minute per person; the
    organisation is told within a minute.
    """
    where, at = where[:WHERE_LENGTH], now()
    db.rollback()
    if actor.user_id is None or _enough(actor.user_id, where, at):
        return
    told = plain({"where": where, "wanted": wanted, "status": status, "role": actor.role, "via": actor.via})
    if has_request_context():
        told["address"] = request.remote_addr or ""
    db.begin(writes=True)
    try:
        # The lock on the head lets one of several racing requests pass.
        chain.lock_heads(db.session(), [chain.ACCOUNTS])
        if not _knocked(actor.user_id, where, at):
            _write(actor.user_id, DENIED, told, at, actor.request_id)
            db.commit()
    finally:
        db.rollback()


def _enough(user_id: UUID, where: str, at: datetime) -> bool:
    db.begin(writes=False)
    try:
        return _knocked(user_id, where, at)
    finally:
        db.rollback()


@cache
def _knocks() -> "Unscoped":
    # Not before it is asked: what is prepared goes by the lock, and the lock writes to the trail.
    from tenants.prepared import Unscoped

    query = sa.select(AccountEvent.changes).where(
        AccountEvent.user_id == sa.bindparam("user_id", type_=sa.Uuid()),
        AccountEvent.action == DENIED,
        AccountEvent.at > sa.bindparam("since", type_=UtcDateTime()),
    )
    return Unscoped(query.limit(DENIED_AT_MOST))


def _knocked(user_id: UUID, where: str, at: datetime) -> bool:
    found = _knocks().rows(user_id=user_id, since=at - DENIED_EVERY)
    return len(found) >= DENIED_AT_MOST or any(changes.get("where") == where for (changes,) in found)


def _write_apart(user_id: UUID | None, action: str, told: dict[str, Any], at: datetime, id_: str) -> None:
    db.rollback()
    db.begin(writes=True)
    try:
        _write(user_id, action, told, at, id_)
        db.commit()
    finally:
        db.rollback()


def _write(user_id: UUID | None, action: str, told: dict[str, Any], at: datetime, id_: str) -> None:
    session, secret = db.session(), chain.key()
    # Asked for nobody too: an unknown account takes the same steps as a known one.
    name = session.scalar(sa.select(User.name).where(User.id == (user_id or NOBODY_ID)))
    head = chain.lock_heads(session, [chain.ACCOUNTS])[chain.ACCOUNTS]
    event = AccountEvent(
        id=new_id(),
        seq=head.seq + 1,
        at=at,
        user_id=user_id,
        actor=name or NOBODY,
        request_id=id_,
        action=action,
        changes=json.loads(chain.canonical(told)),
        salt=(salt := os.urandom(chain.SALT_BYTES)),
        erased_by=None,
    )
    event.digest = chain.digest_of(secret, salt, chain.event_content(event))
    event.link = chain.link_of(secret, head.link, chain.event_fixed(event), event.digest)
    session.add(event)
    # At once: a later loss of the unsaved row would leave a gap behind the head.
    chain.advance_heads(session, {chain.ACCOUNTS: chain.Head(event.seq, event.link)})
    session.flush()
