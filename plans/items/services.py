"""Answer an item and fill its seats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import Answer, Assignment
from plans.starters.settling import settle
from plans.turns import expect_seen, take_turn
from plans.upkeep import looking


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
