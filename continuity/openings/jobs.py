"""What is done about openings without being asked."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
import structlog

from continuity.models import HandoverOpening
from continuity.openings.services import lapse
from core import clock, db
from core.background.jobs import NIGHTLY, Job
from tenants.models import Tenant
from tenants.owned import Area
from tenants.scope import SERVICE, Scope, reading, scoped

TENANTS_AT_ONCE = 500
READS = frozenset({Area.CONTINUITY})
# That it ended is written down in the trail.
WRITES = READS | {Area.TRAIL}

log = structlog.get_logger("openings")


def lapse_openings() -> None:
    """End every opening whose time is over, so that nothing half open is kept until somebody asks once more.

    Of organisations that left too. One of them that fails is logged and tried the next night; the others go on.
    Must be called outside a transaction and a scope.
    """
    at = clock.now()
    with scoped(reading(frozenset()), writes=False):
        ids = list(db.session().scalars(sa.select(Tenant.id).order_by(Tenant.id)))
    for start in range(0, len(ids), TENANTS_AT_ONCE):
        for tenant_id in _with_lapsed(ids[start : start + TENANTS_AT_ONCE], at):
            try:
                _lapse_of(tenant_id, at)
            except Exception as error:  # whatever it is, it must not stop the others
                log.error("openings could not be ended", tenant_id=tenant_id, exc_info=error)


def _with_lapsed(tenant_ids: Sequence[int], at: datetime) -> list[int]:
    query = sa.select(HandoverOpening.tenant_id).where(HandoverOpening.ended_at.is_(None), HandoverOpening.until <= at)
    with scoped(reading(frozenset(tenant_ids), READS), writes=False):
        return sorted(db.session().scalars(query.distinct()))


def _lapse_of(tenant_id: int, at: datetime) -> None:
    query = sa.select(HandoverOpening).where(HandoverOpening.ended_at.is_(None), HandoverOpening.until <= at)
    with scoped(Scope(frozenset({tenant_id}), READS, WRITES, SERVICE)):
        for row in db.session().scalars(query).all():
            lapse(row, at=at)


JOBS = (Job("openings-lapse", NIGHTLY, lapse_openings),)
