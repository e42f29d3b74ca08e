"""Report changes in the business, publish the plan, tighten intervals."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import PlanError
from plans.intervals import DEFAULT_DAYS, Interval
from plans.loading import load
from plans.models import BusinessChange, IntervalSetting, PlanVersion
from plans.turns import expect_seen, known, take_turn
from plans.upkeep.digest import digest
from plans.upkeep.queries import newest_version
from tenants import trail
from tenants.owned import EditConflict
from tenants.scope import current_scope


def report_change(what: str, reported_on: date, *, by: str, today: date, row_id: UUID | None = None) -> BusinessChange:
    """Report that something changed in the business on a day. Raises PlanError for a day to come.

    row_id: chosen when the page was made; reporting it twice reports one.

    Source: handbook, upkeep.business-change.
    """
    if reported_on > today:
        raise PlanError(_l("This day is still to come."), "reported_on")
    take_turn()
    if (before := known(BusinessChange, row_id)) is not None:
        return before
    row = BusinessChange(id=row_id or new_id(), what=what, reported_on=reported_on, reported_by=by)
    db.session().add(row)
    db.session().flush()
    return row


def publish(note: str, *, by: str, today: date, at: datetime, number: int | None = None) -> PlanVersion:
    """Publish the plan as it now stands: the next number, and a digest of all its facts.

    at: aware UTC; number: the one the page promised. Raises EditConflict when that version exists by now: the
    form was sent twice, or somebody else published first.
    Source: handbook, backup.offsite-plan and upkeep.business-change.
    """
    take_turn()
    before = newest_version()
    following = before.number + 1 if before else 1
    if number is not None and number != following:
        raise EditConflict
    tenant_id = current_scope().only_tenant
    row = PlanVersion(
        number=following,
        published_on=today,
        published_at=at,
        published_by=by,
        digest=digest(load([tenant_id])[tenant_id]),
        note=note,
    )
    db.session().add(row)
    trail.record("plan.published", "plan_version", row.id, number=row.number, digest=row.digest)
    db.session().flush()
    return row


def tighten(chosen: Mapping[Interval, int | None], *, seen: str | None = None) -> None:
    """Set how many days each interval lasts, from 1 to its default; None takes the default.

    Raises PlanError, with the interval as its field, for a number outside that range, and EditConflict when
    somebody else changed an interval in between.
    """
    for interval, days in chosen.items():
        if days is not None and not 1 <= days <= DEFAULT_DAYS[interval]:
            raise PlanError(
                _l(
                    "Choose from 1 to %(most)d days: an interval may be shorter, not longer.",
                    most=DEFAULT_DAYS[interval],
                ),
                interval.value,
            )
    take_turn()
    rows = {row.name: row for row in db.session().scalars(sa.select(IntervalSetting))}
    expect_seen(rows.values(), seen)
    for interval, days in chosen.items():
        row = rows.get(interval.value)
        if row is not None:
            row.days = days or DEFAULT_DAYS[interval]
        elif days is not None and days != DEFAULT_DAYS[interval]:
            db.session().add(IntervalSetting(name=interval.value, days=days))
    db.session().flush()
