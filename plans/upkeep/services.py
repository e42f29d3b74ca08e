"""Report changes in the business, tighten intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.intervals import DEFAULT_DAYS, Interval
from plans.models import BusinessChange, Happening, IntervalSetting
from plans.turns import expect_seen, known, take_turn
from plans.upkeep.looking import open_item, settle
from plans.upkeep.standing import in_service, replace, stands_in
from plans.upkeep.touched import TOUCHED


@dataclass(frozen=True, slots=True)
class Setter:
    """Who sets intervals, on which day and why; the reason may be empty."""

    name: str
    today: date
    reason: str = ""


def report_change(
    what: str,
    reported_on: date,
    *,
    by: str,
    today: date,
    row_id: UUID | None = None,
    kind: Happening = Happening.OTHER,
    contact_id: UUID | None = None,
) -> BusinessChange:
    """Report that something changed in the business on a day; the items it touches are to be looked at again.

    row_id: chosen when the page was made; reporting it twice reports one. contact_id: who left; items in which they
    stand are touched too. Raises PlanError for a day to come, or when a person left and it is not told who.
    Source: handbook, upkeep.business-change.
    """
    if kind is Happening.PERSON_LEFT and (contact_id is None or not in_service(contact_id)):
        raise PlanError(_l("Choose who left."), "contact")
    if reported_on > today:
        raise PlanError(_l("This day is still to come."), "reported_on")
    take_turn()
    if (before := known(BusinessChange, row_id)) is not None:
        return before
    gone = contact_id if kind is Happening.PERSON_LEFT else None
    row = BusinessChange(
        id=row_id or new_id(), kind=kind, contact_id=gone, what=what, reported_on=reported_on, reported_by=by
    )
    db.session().add(row)
    db.session().flush()
    open_item(row, [*TOUCHED[kind], *(stands_in(gone) if gone else ())])
    return row


def look_at(item_id: str, *, by: str, today: date) -> None:
    """Note that an item was looked at and is still right. Raises NotThere when nothing asked for it."""
    take_turn()
    if not settle(item_id, by=by, today=today, still_right=True):
        raise NotThere


def replace_person(change_id: UUID, other_id: UUID) -> int:
    """Put somebody else wherever the person stands who left by this change; return in how many places.

    Raises NotThere when nobody left by it, and PlanError when the other one is no contact that is in use.
    """
    take_turn()
    row = db.session().scalar(sa.select(BusinessChange).where(BusinessChange.id == change_id))
    if row is None or row.contact_id is None:
        raise NotThere
    if other_id == row.contact_id or not in_service(other_id):
        raise PlanError(_l("Choose one from the list."), "replacement")
    return replace(row.contact_id, other_id)


def tighten(chosen: Mapping[Interval, int | None], *, who: Setter, seen: str | None = None) -> None:
    """Set how many days each interval lasts, from 1 to its default; None takes the default.

    Beside each that changes is kept who set it, when and why.

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
        row, wanted = rows.get(interval.value), days or DEFAULT_DAYS[interval]
        if wanted == (row.days if row is not None else DEFAULT_DAYS[interval]):
            continue
        if row is None:
            row = IntervalSetting(name=interval.value)
            db.session().add(row)
        row.days, row.set_by, row.set_on, row.reason = wanted, who.name, who.today, who.reason
    db.session().flush()
