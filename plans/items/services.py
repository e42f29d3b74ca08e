"""Answer an item, fill its seats, leave it out with a reason and take it back in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.clock import add_months
from plans.errors import NotThere, PlanError
from plans.items.queries import waivers
from plans.models import Answer, Assignment, Waiver
from plans.starters.settling import settle
from plans.turns import expect_seen, take_turn
from plans.upkeep import looking

WAIVER_MONTHS = 12


@dataclass(frozen=True, slots=True)
class AnswerValues:
    """What was filled in: `values` as plans.models.Answer keeps them, and the rows chosen."""

    values: Mapping[str, str | int]
    contact_id: UUID | None = None
    party_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SeatValues:
    """Who was chosen for one seat."""

    contact_id: UUID | None
    deputy_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WaiverValues:
    """Why something is left out and until when, inclusive. part: empty for the whole item."""

    reason: str
    until: date
    part: str = ""


def save_answer(item_id: str, values: AnswerValues, *, by: str, today: date, seen: str | None = None) -> None:
    """Save the answer to an item with fields, complete or not.

    by: the name of who answers; today: the day it counts from; seen: what the page showed (plans/turns.py).
    Raises EditConflict when somebody else answered in between.
    """
    take_turn()
    row = db.session().scalar(sa.select(Answer).where(Answer.item_id == item_id))
    expect_seen([row] if row else [], seen)
    if row is None:
        row = Answer(item_id=item_id)
        db.session().add(row)
    row.values, row.contact_id, row.party_id = dict(values.values), values.contact_id, values.party_id
    row.answered_on, row.answered_by = today, by
    db.session().flush()
    settle([row.id], today=today)
    looking.settle(item_id, by=by, today=today)


def assign(item_id: str, seats: Mapping[str, SeatValues], *, seen: str | None = None) -> None:
    """Fill the seats of an item. Somebody new in a seat has not acknowledged its task yet.

    Raises EditConflict when somebody else changed a seat in between.
    """
    take_turn()
    rows = {row.seat: row for row in db.session().scalars(sa.select(Assignment).where(Assignment.item_id == item_id))}
    expect_seen(rows.values(), seen)
    for seat, values in seats.items():
        row = rows.get(seat)
        if row is None:
            if values == SeatValues(None):
                continue
            row = Assignment(item_id=item_id, seat=seat)
            db.session().add(row)
        if row.contact_id != values.contact_id:
            row.acknowledged_on = None
        row.contact_id, row.deputy_id = values.contact_id, values.deputy_id
    db.session().flush()


def latest_until(today: date) -> date:
    """Return the last day until which something may be left out."""
    return add_months(today, WAIVER_MONTHS)


def waive(item_id: str, values: WaiverValues, *, by: str, today: date, at: datetime, seen: str | None = None) -> None:
    """Leave an item, or a part of it, out until a day, inclusive; an earlier waiver of the same ends now.

    seen: of the waivers that the page showed (plans/turns.py).
    Raises PlanError when the reason says nothing or the day has passed or lies more than twelve months ahead,
    EditConflict when somebody else left something of the item out, or took it back in, in between.
    Source: the handbook's last paragraph; rules 3.9, tailoring.
    """
    if len(values.reason) < 3:
        raise PlanError(_l("Give the reason in a few words."), "reason")
    if values.until < today:
        raise PlanError(_l("This day has passed."), "until")
    if values.until > latest_until(today):
        raise PlanError(_l("At most twelve months from now."), "until")
    take_turn()
    expect_seen(waivers([item_id]), seen)
    current = sa.select(Waiver).where(Waiver.item_id == item_id, Waiver.part == values.part, Waiver.ended_at.is_(None))
    if (row := db.session().scalar(current)) is not None:
        row.ended_at = at
        db.session().flush()
    db.session().add(
        Waiver(item_id=item_id, part=values.part, reason=values.reason, author=by, starts_on=today, until=values.until)
    )
    db.session().flush()


def unwaive(item_id: str, waiver_id: UUID, *, at: datetime) -> None:
    """Let an item, or a part of it, count again. Ending it twice changes nothing. Raises NotThere."""
    take_turn()
    row = db.session().scalar(sa.select(Waiver).where(Waiver.id == waiver_id, Waiver.item_id == item_id))
    if row is None:
        raise NotThere
    row.ended_at = row.ended_at or at
    db.session().flush()
