"""Ask for a report to be made: a row, and a piece of due work that a process of its own takes up."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from audits.made.models import MadeReport, MadeState
from audits.made.rights import Shows
from continuity.models import Client
from core import clock, db
from core.background import work
from core.i18n import Language
from plans.models import Asset, Calamity, Contact, System
from plans.models.calamity import CalamityEntry
from tenants import trail
from tenants.owned import TenantOwned
from tenants.scope import current_scope

KIND = "report"
# Rows that a workbook may be made of while somebody waits; docs/decisions/made-reports.md says why so many.
AT_ONCE = 3_000
# How many reports of one organisation may wait or be made at a time.
MOST_WAITING = 10
COUNTED: tuple[type[TenantOwned], ...] = (Asset, Contact, System, Calamity, CalamityEntry, Client)


class TooManyWaiting(Exception):
    """So many reports are waiting already that another one must wait to be asked for."""

    message = _l("Ten reports are waiting to be made. Wait until one is ready, then ask again.")


def is_large() -> bool:
    """Tell whether the open scope's organisation has too many rows to make a workbook while somebody waits."""
    areas = current_scope().reads
    counts = [
        sa.select(sa.func.count()).select_from(model).scalar_subquery() for model in COUNTED if model.__area__ in areas
    ]
    return bool(counts) and sum(db.session().execute(sa.select(*counts)).one()) > AT_ONCE


def order(
    name: str,
    as_of: date,
    language: Language,
    found: Shows,
    *,
    at: datetime,
    schedule_id: UUID | None = None,
) -> MadeReport:
    """Ask for a report of the open scope's organisation, on behalf of whoever acts; nothing is made yet.

    Raises TooManyWaiting.
    """
    open_ = (MadeState.WAITING, MadeState.MAKING)
    waiting = sa.select(sa.func.count()).select_from(MadeReport).where(MadeReport.state.in_(open_))
    if schedule_id is None and (db.session().scalar(waiting) or 0) >= MOST_WAITING:
        raise TooManyWaiting
    row = MadeReport(
        name=name,
        as_of=as_of,
        language=language,
        schedule_id=schedule_id,
        asked_by_id=current_scope().actor.user_id,
        asked_at=at,
        plan=found.plan,
        continuity=found.continuity,
        trail=found.trail,
        clients=[list(one) for one in found.clients],
        state=MadeState.WAITING,
    )
    db.session().add(row)
    db.session().flush()
    trail.record("report.asked", "report", row.id, name=name, as_of=as_of, language=language.value)
    work.plan(KIND, [about(current_scope().only_tenant, row.id)], clock.day_of(at), at=at)
    return row


def about(tenant_id: int, report_id: UUID) -> str:
    """Return what a piece of work is called that makes this report."""
    return f"{tenant_id}:{report_id}"


def read_about(told: str) -> tuple[int, UUID]:
    """Return the organisation and the report that a piece of work is about."""
    tenant_id, _, report_id = told.partition(":")
    return int(tenant_id), UUID(report_id)
