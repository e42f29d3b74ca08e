"""Whoever does everything alone fills every place with themselves, in one go."""

import sqlalchemy as sa

from core import db
from plans.fields import ITEM_SEATS
from plans.items.queries import UPKEEP_OWNER, Seated, seated
from plans.items.services import SeatValues, assign
from plans.models import Contact
from plans.registers.columns import BY_SLUG
from plans.registers.services import add_row
from plans.turns import take_turn


def empty_seats(item_id: str) -> int:
    """Return how many places of an item have to be filled and are not; none where the team alone is offered."""
    return 0 if item_id == UPKEEP_OWNER else len(_empty(item_id, seated([item_id])))


def sit_in_every(item_id: str, name: str, email: str, *, seen: str | None) -> Contact:
    """Put the person of that name and address in every place that has to be filled and is empty; return the contact.

    Whoever is not among the contacts yet is added to them. Where the person is the deputy, the place stays empty: a
    deputy is somebody else. Raises EditConflict when somebody else changed a place in between.
    """
    take_turn()
    rows = seated([item_id])
    contact = _contact(name, email)
    seats = {row.seat: SeatValues(row.contact_id, row.deputy_id) for row in rows.values()}
    for seat in _empty(item_id, rows):
        deputy_id = seats[seat].deputy_id if seat in seats else None
        if deputy_id != contact.id:
            seats[seat] = SeatValues(contact.id, deputy_id)
    assign(item_id, seats, seen=seen)
    return contact


def _empty(item_id: str, rows: dict[tuple[str, str], Seated]) -> list[str]:
    wanted = (seat.name for seat in ITEM_SEATS[item_id] if seat.required)
    return [name for name in wanted if (row := rows.get((item_id, name))) is None or row.contact_id is None]


def _contact(name: str, email: str) -> Contact:
    """Return the contact of that address, or else of that name, or else a new one."""
    found = list(db.session().scalars(sa.select(Contact).where(Contact.archived_at.is_(None)).order_by(Contact.id)))
    same = [one for one in found if one.email.casefold() == email.casefold()]
    same += [one for one in found if one.name.casefold() == name.casefold()]
    if same:
        return same[0]
    row = add_row(BY_SLUG["contacts"], {"name": name, "email": email, "is_staff": True})
    assert isinstance(row, Contact)
    return row
