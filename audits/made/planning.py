"""When the report of a schedule is due: as of the first day of each period, once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from audits.made import rights
from audits.made.models import Cadence, MadeReport, ReportSchedule
from audits.made.ordering import about as about_row
from audits.made.ordering import order, read_about
from core import clock, db
from core.background import mornings, work
from core.background.work import Claim
from tenants.models import Tenant
from tenants.owned import Area
from tenants.scope import Scope, close_scope, reading, scoped

KIND = "scheduled-report"
TENANTS_AT_ONCE = 500
AUDIT = frozenset({Area.AUDIT})
NOTES = frozenset({Area.AUDIT, Area.TRAIL})


def period_of(cadence: Cadence, today: date) -> date:
    """Return the first day of the period that `today` lies in."""
    match cadence:
        case Cadence.WEEKLY:
            return today - timedelta(days=today.weekday())
        case Cadence.MONTHLY:
            return today.replace(day=1)
        case Cadence.QUARTERLY:
            return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)


def plan_due(at: datetime) -> None:
    """Plan each schedule whose period began, and ask for its report. Outside any transaction; may run twice at once."""
    with scoped(reading(frozenset()), writes=False):
        tenants = sa.select(Tenant.id, Tenant.zone).where(Tenant.left_at.is_(None)).order_by(Tenant.id)
        zones = {row.id: row.zone for row in db.session().execute(tenants)}
    awake = [one for one, zone in zones.items() if mornings.has_begun(at, zone)]
    for start in range(0, len(awake), TENANTS_AT_ONCE):
        _plan_some(awake[start : start + TENANTS_AT_ONCE], zones, at)
    work.work_off(KIND, _ask)


def _plan_some(tenant_ids: Sequence[int], zones: dict[int, str], at: datetime) -> None:
    with scoped(reading(frozenset(tenant_ids), AUDIT), writes=False):
        query = sa.select(
            ReportSchedule.tenant_id, ReportSchedule.id, ReportSchedule.cadence, ReportSchedule.added_on
        ).where(ReportSchedule.ended_at.is_(None))
        due: dict[date, list[str]] = {}
        for tenant_id, schedule_id, cadence, added_on in db.session().execute(query):
            period = period_of(cadence, clock.day_of(at, zones[tenant_id]))
            # The first one is made when the first whole period begins.
            if period > added_on:
                due.setdefault(period, []).append(about_row(tenant_id, schedule_id))
    if not due:
        return
    db.begin(writes=True)
    try:
        for period, abouts in due.items():
            work.plan(KIND, abouts, period, at=at)
        db.commit()
    finally:
        db.rollback()


def _ask(claims: Sequence[Claim]) -> None:
    """Ask for the report of one schedule and period, in the transaction in which that is done with."""
    (claim,) = claims
    tenant_id, schedule_id = read_about(claim.about)
    found = _shows(tenant_id, schedule_id)
    with scoped(Scope(frozenset({tenant_id}), AUDIT, NOTES)):
        at = clock.now()
        row = db.session().get(ReportSchedule, (tenant_id, schedule_id))
        if row is not None and row.ended_at is None and found is not None:
            tenant = db.session().get_one(Tenant, tenant_id)
            made: MadeReport = order(
                row.name, clock.today(tenant.zone), row.language, found, at=at, schedule_id=schedule_id
            )
            assert made.asked_by_id is None
        db.session().flush()
        work.finish(claims, at=at)


def _shows(tenant_id: int, schedule_id: UUID) -> rights.Shows | None:
    """Return what the report may tell: what whoever added the schedule may have now."""
    with scoped(reading(frozenset({tenant_id}), AUDIT), writes=False):
        row = db.session().get(ReportSchedule, (tenant_id, schedule_id))
        name, person = (row.name, row.added_by_id) if row is not None else ("", None)
    if person is None:
        return None
    db.begin(writes=False)
    try:
        standing = rights.standing_of(tenant_id, person)
        return rights.shows(name, standing) if standing is not None else None
    finally:
        db.rollback()
        close_scope()
