"""Where else a contact may stand by name: as the person to call at a company, in a scheme, in an uploaded sheet."""

import re
import zlib
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from continuity.models import Counterparty, SchemeContact
from core import db
from plans.importing.models import ImportSheet, SheetState
from plans.models import Contact, ExternalParty

# The end of a telephone number, however its beginning is written: 06-12345678 and +31612345678.
ENDING = 9


def forget_at_companies(contact: Contact, mark: str) -> list[tuple[str, UUID]]:
    """Put `mark` where a company or a scheme names the contact, and empty what reaches the person there.

    Returns table and key of each row that was changed: the trail has told its words.
    """
    touched = []
    for party in db.session().scalars(sa.select(ExternalParty).where(ExternalParty.contact_name == contact.name)):
        party.contact_name = mark
        _empty_if_same(party, contact)
        touched.append((str(ExternalParty.__tablename__), party.id))
    for named in db.session().scalars(sa.select(SchemeContact).where(SchemeContact.name == contact.name)):
        named.name, named.confirmed_on = mark, None
        _empty_if_same(named, contact)
        touched.append((str(SchemeContact.__tablename__), named.id))
    for partner in db.session().scalars(sa.select(Counterparty).where(Counterparty.contact_name == contact.name)):
        partner.contact_name = mark
        _empty_if_same(partner, contact)
        touched.append((str(Counterparty.__tablename__), partner.id))
    return touched


def _empty_if_same(row: ExternalParty | SchemeContact | Counterparty, contact: Contact) -> None:
    """Empty only the person's own number and address: those of the company stay."""
    if (ending := ending_of(contact.phone)) and ending_of(row.phone) == ending:
        row.phone = ""
    if contact.email and row.email.casefold() == contact.email.casefold():
        row.email = ""


def forget_in_uploads(contact: Contact) -> None:
    """Throw away the cells of every sheet that names the contact, and what was reported about it."""
    words = [word.casefold() for word in (contact.name, contact.email) if word]
    ending = ending_of(contact.phone)
    kept = sa.select(ImportSheet).options(undefer(ImportSheet.cells), undefer(ImportSheet.report))
    for sheet in db.session().scalars(kept):
        text = " ".join(zlib.decompress(part).decode() for part in (sheet.cells, sheet.report) if part).casefold()
        if any(word in text for word in words) or (ending and ending in _digits(text)):
            sheet.cells = sheet.report = b""
            if sheet.state is not SheetState.APPLIED:
                sheet.state = SheetState.DROPPED


def ending_of(number: str) -> str:
    """Return the last digits of a telephone number, or "" when it is too short to tell people apart."""
    found = _digits(number)
    return found[-ENDING:] if len(found) >= ENDING else ""


def _digits(text: str) -> str:
    """Return the digits of `text`; what people write between them is dropped, anything else ends a number."""
    return re.sub(r"[^0-9]+", " ", re.sub(r"(?<=[0-9])[ ().-]{1,2}(?=[0-9])", "", text)).strip()
