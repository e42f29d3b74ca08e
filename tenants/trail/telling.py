"""Telling organisations of account events: who of their people signed in, and who was refused at their door.

It is done a minute later and not at once, so that a sign-in takes the same time whoever it is, and a refusal the
same whether or not there is such an organisation.
"""

from collections import defaultdict
from uuid import UUID

import sqlalchemy as sa

from core import db
from tenants.lock import Bypass, bypass
from tenants.models import AccountEvent, AccountEventTold, Membership, Tenant, TrailEntry
from tenants.owned import Area
from tenants.scope import SERVICE, Scope, as_person, close_scope, open_scope
from tenants.trail.accounts import DENIED

SUBJECT = "account"
AT_ONCE = 200
ONLY = 1
# Who somebody is in an organisation they were refused at stands in the event; elsewhere they are a member.
MEMBER = "member"


def tell() -> int:
    """Write the account events that organisations were not told of into their chains; return how many events.

    In batches, each a transaction of its own: killed and run again it tells nothing twice.
    """
    told = 0
    while count := _tell_some():
        told += count
    return told


def _tell_some() -> int:
    db.begin(writes=True)
    try:
        session = db.session()
        mark = session.scalar(sa.select(AccountEventTold).where(AccountEventTold.id == ONLY).with_for_update())
        if mark is None:
            mark = AccountEventTold(id=ONLY, seq=0)
            session.add(mark)
        query = sa.select(AccountEvent).where(AccountEvent.seq > mark.seq).order_by(AccountEvent.seq).limit(AT_ONCE)
        events = session.scalars(query).all()
        if not events:
            return 0
        mark.seq = events[-1].seq
        session.flush()
        by_tenant: dict[int, list[TrailEntry]] = defaultdict(list)
        for event in events:
            for tenant_id in _concerned(event):
                by_tenant[tenant_id].append(_entry(event, tenant_id))
        close_scope()
        for tenant_id, entries in sorted(by_tenant.items()):
            open_scope(Scope(frozenset({tenant_id}), frozenset(), frozenset({Area.TRAIL}), SERVICE))
            session.add_all(entries)
            session.flush()
            close_scope()
        db.commit()
        return len(events)
    finally:
        close_scope()
        db.rollback()


def _concerned(event: AccountEvent) -> list[int]:
    """Return the organisations an event is told to: the one that refused, or those the person belonged to."""
    session = db.session()
    if event.action == DENIED:
        return list(session.scalars(sa.select(Tenant.id).where(Tenant.slug == event.changes["where"])))
    if event.user_id is None:
        return []
    user_id: UUID = event.user_id
    as_person(user_id)
    query = sa.select(Membership.tenant_id).where(
        Membership.user_id == user_id,
        Membership.starts_at <= event.at,
        sa.or_(Membership.ends_at.is_(None), Membership.ends_at > event.at),
    )
    return list(session.scalars(query.distinct(), execution_options=bypass(Bypass.DOOR)))


def _entry(event: AccountEvent, tenant_id: int) -> TrailEntry:
    changes = {name: value for name, value in event.changes.items() if name not in {"where", "role", "via"}}
    return TrailEntry(
        tenant_id=tenant_id,
        at=event.at,
        user_id=event.user_id,
        actor=event.actor,
        role=event.changes.get("role", MEMBER) if event.action == DENIED else MEMBER,
        via=event.changes.get("via", "") if event.action == DENIED else "",
        request_id=event.request_id,
        action=event.action,
        subject=SUBJECT,
        subject_id=event.user_id,
        label=event.actor,
        changes={**changes, "account_event": event.seq},
    )
