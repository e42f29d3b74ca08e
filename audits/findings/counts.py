"""Findings as numbers alone, over all organisations: for whoever keeps the installation running."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from audits.models import AuditState
from core import db
from tenants.lock import Bypass, bypass
from tenants.operator.judged import Judged
from tenants.scope import Opening, opening


def counts(tenant_ids: Collection[int]) -> Mapping[int, Judged]:
    """Return when each organisation was judged and how many findings are open, of those that were; one query."""
    query = sa.select(
        AuditState.tenant_id, AuditState.judged_at, AuditState.faults, AuditState.warnings, AuditState.notices
    ).where(AuditState.tenant_id.in_(sorted(tenant_ids)))
    with opening(Opening.SWEEP):
        rows = db.session().execute(query, execution_options=bypass(Bypass.SWEEP)).all()
    return {row.tenant_id: Judged(row.judged_at, row.faults, row.warnings, row.notices) for row in rows}
