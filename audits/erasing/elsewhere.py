"""Where else a contact may stand by name: as the person to call at a company, in a scheme, in an uploaded sheet."""

import zlib
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from audits.erasing.numbers import digits_of, ending_of
from audits.erasing.person import Person
from continuity.models import ClientChange, Counterparty, Registration, SchemeChange, SchemeContact, SchemeParty
from continuity.registrations.states import AT_WORK, BOUND
from core import db
from plans.importing.models import ImportSheet, SheetState
from plans.models import ExternalParty
from tenants.models import PlanLink, SchemeLink, TrailEntry

# Rows that may have named the person once and name somebody else now: the trail still tells of it.
NAMING = (ExternalParty, SchemeContact, Counterparty, PlanLink, SchemeLink)


def forget_at_companies(person: Person) -> None:
    """Put the mark where a company or a scheme names the person, and empty what reaches the person there."""
    for party in db.session().scalars(sa.select(ExternalParty).where(ExternalParty.contact_name.in_(person.names))):
        party.contact_name = person.mark
        _empty_if_same(party, person)
    for named in db.session().scalars(sa.select(SchemeContact).where(SchemeContact.name.in_(person.names))):
        named.name, named.confirmed_on = person.mark, None
        _empty_if_same(named, person)
    for partner in db.session().scalars(sa.select(Counterparty).where(Counterparty.contact_name.in_(person.names))):
        partner.contact_name = person.mark
        _empty_if_same(partner, person)


@dataclass(frozen=True, slots=True)
class Relied:
    """A scheme in which somebody relies on calling the person. party: for whom; None: at the counterparty."""

    registration_id: UUID
    service: str
    party: SchemeParty | None


def relied_on(person: Person) -> list[Relied]:
    """Return where a scheme that binds the foundation names the person as whom to call, by the name of its service.

    Clients and the foundation would call nobody there: somebody else has to be named first. In two queries.
    """
    bound = sa.and_(Registration.state.in_((*BOUND, *AT_WORK)), Registration.archived_at.is_(None))
    contacts = (
        sa.select(Registration.id, Registration.service_name, SchemeContact.party)
        .join(SchemeContact, _under(SchemeContact))
        .where(bound, SchemeContact.name.in_(person.names))
    )
    partners = (
        sa.select(Registration.id, Registration.service_name)
        .join(Counterparty, _under(Counterparty))
        .where(bound, Counterparty.archived_at.is_(None), Counterparty.contact_name.in_(person.names))
    )
    found = [Relied(*row) for row in db.session().execute(contacts)]
    found += [Relied(*row, None) for row in db.session().execute(partners)]
    return sorted(found, key=lambda one: (one.service.casefold(), one.party or ""))


def _under(model: type[SchemeContact] | type[Counterparty]) -> sa.ColumnElement[bool]:
    return sa.and_(Registration.tenant_id == model.tenant_id, Registration.id == model.registration_id)


def forget_in_changes(person: Person) -> None:
    """Put the mark where it is kept what was changed of clients and of schemes."""
    found = (*db.session().scalars(sa.select(ClientChange)), *db.session().scalars(sa.select(SchemeChange)))
    for change in found:
        change.before, change.after = person.without(change.before), person.without(change.after)


def _empty_if_same(row: ExternalParty | SchemeContact | Counterparty, person: Person) -> None:
    """Empty only the person's own number and address: those of the company stay."""
    if ending_of(row.phone) in person.endings:
        row.phone = ""
    if person.is_mailed_at(row.email):
        row.email = ""


def told_of(person: Person) -> list[tuple[str, UUID]]:
    """Return table and key of each row of which the trail tells what names or reaches the person."""
    tables = [str(model.__tablename__) for model in NAMING]
    query = sa.select(TrailEntry.subject, TrailEntry.subject_id, TrailEntry.label, TrailEntry.changes).where(
        TrailEntry.subject.in_(tables), TrailEntry.subject_id.is_not(None), TrailEntry.erased_by.is_(None)
    )
    entries = db.session().execute(query.order_by(TrailEntry.seq))
    found = {(one.subject, one.subject_id): None for one in entries if person.is_told_by([one.label, one.changes])}
    return list(found)


def forget_in_uploads(person: Person) -> None:
    """Throw away the cells of every sheet that names the person, and what was reported about it."""
    words = [word.casefold() for word in (*person.names, *person.emails)]
    kept = sa.select(ImportSheet).options(undefer(ImportSheet.cells), undefer(ImportSheet.report))
    for sheet in db.session().scalars(kept):
        text = " ".join(zlib.decompress(part).decode() for part in (sheet.cells, sheet.report) if part).casefold()
        digits = digits_of(text)
        if any(word in text for word in words) or any(ending in digits for ending in person.endings):
            sheet.cells = sheet.report = b""
            if sheet.state is not SheetState.APPLIED:
                sheet.state = SheetState.DROPPED
