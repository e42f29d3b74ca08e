"""Whoever does everything alone fills every place with themselves, in one go."""

import sqlalchemy as sa

from core import db
from plans.items.queries import UPKEEP_OWNER, Seated, seated
from plans.items.services import SeatValues, assign
from plans.models import Contact, Department
from plans.registers.columns import BY_SLUG
from plans.registers.services import add_row, change_rows
from plans.registers.undo.services import Record
from plans.seats import ITEM_SEATS
from plans.turns import seen as seen_now
from plans.turns import take_turn

HEADS = "processes.department-heads"


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


def unled() -> int:
    """Return how many departments have nobody at their head."""
    return len(_unled())


def lead_every(name: str, email: str, record: Record) -> Contact:
    """Put the person of that name and address at the head of every department that has nobody; return the contact.

    As in sit_in_every for whoever is no contact yet, or is the deputy. record: keeps it, so that it can be taken back.
    """
    take_turn()
    contact = _contact(name, email)
    rows = [row for row in _unled() if row.deputy_id != contact.id]
    ids = [row.id for row in rows]
    change_rows(BY_SLUG["departments"], ids, "head_id", contact.id, seen=seen_now(rows), record=record)
    return contact


def _unled() -> list[Department]:
    empty = sa.select(Department).where(Department.archived_at.is_(None), Department.head_id.is_(None))
    return list(db.session().scalars(empty.order_by(Department.id)))


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
