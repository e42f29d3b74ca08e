"""How the bakery keeps its plan true: a change that opened items of it, and a number that somebody corrected."""

import sqlalchemy as sa

from core import db
from plans.confirming.queries import loose_licences
from plans.models import BusinessChange, Correction, Happening, LicenceKeeper
from plans.upkeep.looking import open_item, settle
from sample.bakery.registers import Book
from sample.days import Days

AUTHOR = "Fatima El Amrani"
TOUCHED = ("backup.offsite-data", "processes.systems-used", "processes.priorities")
CORRECTED = ("Joost Pieters", "+31634567899")


def fill(book: Book, days: Days) -> None:
    """Add the items that the web shop touched, of which one is still to be looked at, and the correction."""
    change = db.session().scalars(sa.select(BusinessChange)).one()
    change.kind = Happening.NEW_SYSTEM
    open_item(change, TOUCHED)
    for item_id in TOUCHED[:2]:
        settle(item_id, by=AUTHOR, today=days.ago(18), still_right=True)
    name, phone = CORRECTED
    db.session().add(
        Correction(
            contact_id=book.contacts[name],
            party_id=None,
            values={"phone": phone},
            note="Mijn oude nummer werkt nog tot het eind van de maand.",
            proposed_by=name,
            proposed_on=days.ago(3),
            decided_at=None,
            accepted=None,
        )
    )
    _keeper(book)
    db.session().flush()


def _keeper(book: Book) -> None:
    """Let somebody be asked about one licence whose supplier is no external party."""
    found = loose_licences()
    if found:
        db.session().add(LicenceKeeper(asset_id=found[0].id, contact_id=book.contacts[AUTHOR], party_id=None))
