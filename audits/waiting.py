"""Who waits to be judged: asked by every sweep, and by itself so often that it may not import rules or plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from audits.models import AuditState
from core import clock, db
from tenants.lock import Bypass, bypass
from tenants.models import Tenant, TenantChange
from tenants.scope import Opening, opening, reading, scoped

# What the rules say has changed whenever this does: every organisation is then judged again. Whoever changes a rule
# raises it, and says in audits/rules/editions.py what changed.
RULE_SET = "2026.6"
NOWHERE = reading(frozenset())


@dataclass(frozen=True, slots=True)
class Mark:
    """That an organisation changed. seq: the number of its newest change; tables: names between spaces, `*` for any."""

    seq: int
    tables: str


def due(*, at: datetime, rule_set: str = RULE_SET) -> list[int]:
    """Return the organisations to judge at `at`, ascending: changed, never judged, of other rules, or time is up.

    An organisation's time is up when its next_on is today, or before, in its own zone.
    """
    with scoped(NOWHERE, writes=False):
        zones = db.session().scalars(sa.select(Tenant.zone).distinct()).all()
        query = (
            sa.select(Tenant.id)
            .join(AuditState, AuditState.tenant_id == Tenant.id, isouter=True)
            .join(TenantChange, TenantChange.tenant_id == Tenant.id, isouter=True)
            .where(
                # Whoever left is neither judged nor reminded of anything.
                Tenant.left_at.is_(None),
                sa.or_(
                    TenantChange.seq.is_not(None),
                    AuditState.id.is_(None),
                    AuditState.rule_set != rule_set,
                    *(sa.and_(Tenant.zone == zone, AuditState.next_on <= clock.day_of(at, zone)) for zone in zones),
                ),
            )
            .order_by(Tenant.id)
        )
        with opening(Opening.SWEEP):
            return list(db.session().scalars(query, execution_options=bypass(Bypass.SWEEP)))


def marks(tenant_ids: Sequence[int] | None = None) -> dict[int, int]:
    """Return which organisations changed since they were judged, each with the number of its newest change.

    tenant_ids: only these; default all.
    """
    with scoped(NOWHERE, writes=False):
        return {one: mark.seq for one, mark in marks_here(tenant_ids).items()}


def marks_here(tenant_ids: Sequence[int] | None) -> dict[int, Mark]:
    """Return the same inside the open transaction, each with the tables that changed."""
    query = (
        sa.select(TenantChange.tenant_id, TenantChange.seq, TenantChange.tables)
        .join(Tenant, Tenant.id == TenantChange.tenant_id)
        .where(Tenant.left_at.is_(None))
    )
    if tenant_ids is not None:
        query = query.where(TenantChange.tenant_id.in_(tenant_ids))
    return {row.tenant_id: Mark(row.seq, row.tables) for row in db.session().execute(query)}
