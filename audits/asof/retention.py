"""Throw away how days stood that are older than an organisation wants to keep, never while an auditor may ask."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
import structlog

from audits.asof.models import Evaluation, KeptRows
from core import clock, db
from core.background.jobs import NIGHTLY, Job
from tenants import trail
from tenants.models import Engagement, Tenant
from tenants.owned import Area
from tenants.scope import SERVICE, Scope, reading, scoped
from tenants.turns import one_at_a_time

TENANTS_AT_ONCE = 500
KEPT = frozenset({Area.AUDIT})

log = structlog.get_logger("retention")


def thin_out() -> None:
    """Throw away the evaluations nobody wants any more. Must be called outside a transaction and a scope.

    An organisation that fails is logged and tried the next night; the others go on.
    """
    at = clock.now()
    with scoped(reading(frozenset()), writes=False):
        rows = db.session().execute(sa.select(Tenant.id, Tenant.kept_years).order_by(Tenant.id))
        years = {row.id: row.kept_years for row in rows}
    ids = list(years)
    for start in range(0, len(ids), TENANTS_AT_ONCE):
        batch = ids[start : start + TENANTS_AT_ONCE]
        until = {one: clock.add_months(clock.day_of(at), -12 * years[one]) for one in batch}
        for tenant_id in _with_old(batch, until, at):
            try:
                thin_out_of(tenant_id, until[tenant_id])
            except Exception as error:  # whatever it is, it must not stop the others
                log.error("old evaluations could not be removed", tenant_id=tenant_id, exc_info=error)


def _with_old(batch: Sequence[int], until: dict[int, date], at: datetime) -> list[int]:
    """Return the organisations with days older than they keep, and no auditor who works for them or will."""
    with scoped(reading(frozenset(batch), frozenset({Area.AUDIT, Area.PEOPLE})), writes=False):
        asked = set(db.session().scalars(sa.select(Engagement.tenant_id).where(Engagement.ends_at > at).distinct()))
        oldest = sa.select(Evaluation.tenant_id, sa.func.min(Evaluation.day)).group_by(Evaluation.tenant_id)
        return [one for one, day in db.session().execute(oldest) if day < until[one] and one not in asked]


def thin_out_of(tenant_id: int, until: date) -> int:
    """Throw away what is older than `until`, but for what `until` itself is told by; return how many days went.

    Rows that no day needs any more go with them.
    """
    with scoped(Scope(frozenset({tenant_id}), KEPT, KEPT | {Area.TRAIL}, SERVICE)):
        # Whoever judges it meanwhile may be naming again the very rows that no day seemed to need.
        one_at_a_time([tenant_id])
        session = db.session()
        days = session.execute(
            sa.select(Evaluation.id, Evaluation.day, Evaluation.parts).order_by(Evaluation.day)
        ).all()
        told = max((day for _, day, _ in days if day <= until), default=until)
        old = {row_id for row_id, day, _ in days if day < told}
        needed = {(name, digest) for row_id, _, parts in days if row_id not in old for name, digest in parts.items()}
        for row in session.scalars(sa.select(Evaluation).where(Evaluation.id.in_(old))).all():
            session.delete(row)
        rows = session.execute(sa.select(KeptRows.id, KeptRows.of_table, KeptRows.digest)).all()
        unneeded = {row_id for row_id, table, digest in rows if (table, digest) not in needed}
        for kept in session.scalars(sa.select(KeptRows).where(KeptRows.id.in_(unneeded))).all():
            session.delete(kept)
        if old:
            trail.record("evaluations.removed", "evaluation", None, days=len(old), until=told)
        session.flush()
    return len(old)


JOBS = (Job("evaluations-thin-out", NIGHTLY, thin_out),)
