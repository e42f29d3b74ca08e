"""Throw away tellings that were done with long ago: what is not delivered yet stays, and what an auditor may ask."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog

from audits.webhooks.models import DeliveryState, WebhookDelivery
from core import clock, db
from tenants import trail
from tenants.models import Engagement, Tenant
from tenants.owned import Area
from tenants.scope import SERVICE, Scope, reading, scoped

KEPT = timedelta(days=90)
TENANTS_AT_ONCE, ROWS_AT_ONCE = 500, 1000
DONE = frozenset({DeliveryState.DELIVERED, DeliveryState.GIVEN_UP, DeliveryState.DROPPED})
AUDIT = frozenset({Area.AUDIT})

log = structlog.get_logger("retention")


def thin_out() -> None:
    """Throw away the tellings nobody needs any more. Must be called outside a transaction and a scope.

    An organisation that fails is logged and tried the next night; the others go on.
    """
    at = clock.now()
    with scoped(reading(frozenset()), writes=False):
        ids = list(db.session().scalars(sa.select(Tenant.id).order_by(Tenant.id)))
    for start in range(0, len(ids), TENANTS_AT_ONCE):
        for tenant_id in _with_old(ids[start : start + TENANTS_AT_ONCE], at):
            try:
                while thin_out_of(tenant_id, at - KEPT) == ROWS_AT_ONCE:
                    pass
            except Exception as error:  # whatever it is, it must not stop the others
                log.error("old tellings could not be removed", tenant_id=tenant_id, exc_info=error)


def _with_old(batch: Sequence[int], at: datetime) -> list[int]:
    """Return the organisations with old tellings, and no auditor who works for them or will."""
    with scoped(reading(frozenset(batch), AUDIT | {Area.PEOPLE}), writes=False):
        asked = set(db.session().scalars(sa.select(Engagement.tenant_id).where(Engagement.ends_at > at).distinct()))
        old = db.session().scalars(sa.select(WebhookDelivery.tenant_id).where(*_old(at - KEPT)).distinct())
        return sorted(set(old) - asked)


def _old(until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return WebhookDelivery.happened_at < until, WebhookDelivery.state.in_(sorted(DONE))


def thin_out_of(tenant_id: int, until: datetime) -> int:
    """Throw away what was done with before `until`, at most ROWS_AT_ONCE; return how much.

    The trail keeps how much that was of each webhook, and how it went.
    """
    with scoped(Scope(frozenset({tenant_id}), AUDIT, AUDIT | {Area.TRAIL}, SERVICE)):
        session = db.session()
        oldest = sa.select(WebhookDelivery).where(*_old(until)).order_by(WebhookDelivery.happened_at)
        rows = session.scalars(oldest.limit(ROWS_AT_ONCE)).all()
        gone: dict[UUID, Counter[str]] = {}
        for row in rows:
            gone.setdefault(row.webhook_id, Counter())[row.state.value] += 1
            session.delete(row)
        for hook_id, numbers in sorted(gone.items()):
            trail.record("tellings.removed", "webhook", hook_id, until=clock.day_of(until), **numbers)
        session.flush()
    return len(rows)
