"""Who waits to be judged: asked by every sweep, and by itself so often that it may not import rules or plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from audits.models import AuditState
from core import clock, db
from tenants.lock import EVERY_TABLE, NAMELESS, Bypass, bypass
from tenants.models import Tenant, TenantChange
from tenants.scope import Opening, opening, reading, scoped

# What the rules say has changed whenever this does: every organisation is then judged again. Whoever changes a rule
# raises it, and says in audits/rules/editions.py what changed.
RULE_SET = "2026.13"
NOWHERE = reading(frozenset())


@dataclass(frozen=True, slots=True)
class Mark:
    """That an organisation changed. seq: the number of its newest change; tables: names between spaces, `*` for any."""

    seq: int
    tables: str

    @property
    def tells_all(self) -> bool:
        """Tell whether nothing changed but in the tables it names, as far as anybody knows or asks."""
        return not self.tables.startswith(NAMELESS) and EVERY_TABLE not in self.tables.split()

    @property
    def tells_nothing(self) -> bool:
        """Tell whether somebody took a turn and changed nothing in it, as far as anybody knows or asks."""
        return self.tells_all and not self.tables.split()


def due(*, at: datetime, rule_set: str = RULE_SET) -> list[int]:
    """Return the organisations to judge at `at`, ascending: changed, judged by other rules, or time is up.

    An organisation's time is up when its next_on is today, or before, in its own zone. One that was never judged is
    marked as changed since it was made. What this costs depends on how many are due, not on how many there are.
    """
    # Somewhere it is a day later already.
    latest = at.astimezone(UTC).date() + timedelta(days=1)
    with scoped(NOWHERE, writes=False):
        nothing = sa.cast(sa.null(), sa.Date)
        query = sa.union_all(
            _here(TenantChange.tenant_id, nothing),
            # Unlike "not equal to", each of these two can be looked up.
            _here(AuditState.tenant_id, nothing).where(AuditState.rule_set < rule_set),
            _here(AuditState.tenant_id, nothing).where(AuditState.rule_set > rule_set),
            _here(AuditState.tenant_id, AuditState.next_on).where(AuditState.next_on <= latest),
        )
        with opening(Opening.SWEEP):
            rows = db.session().execute(query, execution_options=bypass(Bypass.SWEEP)).all()
    days = {zone: clock.day_of(at, zone) for zone in {row.zone for row in rows}}
    return sorted({row.tenant_id for row in rows if row.next_on is None or row.next_on <= days[row.zone]})


def _here(tenant_id: Any, next_on: Any) -> sa.Select[Any]:
    """Select what may be due of organisations that have not left: they are neither judged nor reminded of anything."""
    here = sa.select(tenant_id.label("tenant_id"), Tenant.zone.label("zone"), next_on.label("next_on"))
    return here.join(Tenant, Tenant.id == tenant_id).where(Tenant.left_at.is_(None))


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
