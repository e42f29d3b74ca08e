"""Report changes in the business, tighten intervals."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import PlanError
from plans.intervals import DEFAULT_DAYS, Interval
from plans.models import BusinessChange, IntervalSetting
from plans.turns import expect_seen, known, take_turn


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
