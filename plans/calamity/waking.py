"""Have somebody look when a term of reporting comes near: due work for each moment at which something may be told."""

from datetime import datetime
from uuid import UUID

from core import clock
from core.background import work
from plans.calamity import rungs
from plans.calamity.queries import Told, told
from tenants.models import Alarm
from tenants.scope import current_scope

KIND = "terms-remind"


def plan(calamity_id: UUID, *, at: datetime) -> None:
    """Plan to look at each moment to come of a calamity, and at once where something is due; never of an exercise.

    In the transaction that is open, which is the one that changed a term: nothing is planned when it is dropped.
    """
    found = told(calamity_id, at)
    if found is not None:
        plan_for(current_scope().only_tenant, found, at=at)


def plan_for(tenant_id: int, found: Told, *, at: datetime) -> None:
    """Plan the moments of a calamity that was read; what is planned already stays as it is."""
    if found.brief.kind is not Alarm.REAL:
        return
    closed = found.brief.closed_at is not None
    moments = rungs.moments(found.reporting, at, closed=closed)
    ids = {one.id for one in found.course.timeline}
    if rungs.due(found.reporting, found.brief.id, ids, at, closed=closed):
        moments = (at, *moments)
    for moment in moments:
        work.plan(KIND, [about(tenant_id, found.brief.id, moment)], clock.day_of(moment), at=moment)


def about(tenant_id: int, calamity_id: UUID, moment: datetime) -> str:
    """Return what the work of one moment is about: a moment of its own for each, so that a day can hold several."""
    return f"{tenant_id}:{calamity_id.hex}:{int(moment.timestamp())}"
