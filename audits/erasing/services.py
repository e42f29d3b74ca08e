"""Erase a contact: the row stays in its place under a mark, so that whatever names it still stands."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import undefer

from audits.erasing.elsewhere import forget_at_companies, forget_in_uploads
from audits.erasing.kept_days import Person, forget_in_kept_days
from audits.models import AuditState, Finding
from core import db
from plans.calamity.frozen import digest_of, forgotten, packed
from plans.calamity.frozen import unpacked as unfrozen
from plans.models import Calamity, Contact, Correction, PaymentApproval
from plans.registers.undo.models import RegisterChange
from plans.registers.undo.steps import unpacked
from plans.turns import take_turn
from plans.versions.services import redact
from tenants.errors import AccountError
from tenants.leaving.ties import Hold, ties
from tenants.models import PlanLink, SchemeLink
from tenants.personal_links.services import forget
from tenants.trail.erasing import erase_subject
from tenants.turns import one_at_a_time

SUBJECT = "contact"
FEWEST_LETTERS = 3


def mark_of(contact: Contact) -> str:
    """Return what stands in the place of an erased contact's name."""
    return f"(erased / gewist {contact.id.hex[-12:]})"


def is_erased(contact: Contact) -> bool:
    """Tell whether the contact was erased already."""
    return contact.name == mark_of(contact)


def holds(today: date) -> Sequence[Hold]:
    """Return the releases that forbid to erase anybody in the open scope's organisation on `today`."""
    return ties().holds(today)


def erase_contact(contact: Contact, *, at: datetime, today: date) -> int:
    """Erase a contact of the open scope's organisation; return how many entries of the trail lost what they told.

    Every text of the row is emptied, its name becomes a mark and it is put away. Old findings, versions of the plan,
    companies and schemes that name the person, uploaded sheets, kept days and the trail forget the name too.
    Raises AccountError while a release holds the organisation's data, or when it was erased before.
    Source: GDPR article 17, with 17(3)(e) for the hold.
    """
    # Whoever judges meanwhile writes before, and is forgotten too, or after, and finds that it was overtaken.
    one_at_a_time([contact.tenant_id])
    # Whoever freezes, sends for review or brings back what names the person has done so before, or finds the mark.
    take_turn()
    db.session().refresh(contact)
    if holds(today):
        raise AccountError(_l("Nobody can be erased as long as a release must be accounted for."))
    if is_erased(contact):
        raise AccountError(_l("This person has been erased already."))
    name, mark = contact.name, mark_of(contact)
    forget_in_kept_days(Person(contact.id, name, contact.email, (contact.phone, contact.phone_2), mark))
    touched = forget_at_companies(contact, mark)
    forget_in_uploads(contact)
    asked = forget(PlanLink, name, contact.email, mark, at=at)
    asked_about_schemes = forget(SchemeLink, name, contact.email, mark, at=at)
    contact.language = None
    for attribute in sa.inspect(Contact).column_attrs:
        if isinstance(getattr(contact, attribute.key), str):
            setattr(contact, attribute.key, "")
    contact.name, contact.confirmed_on, contact.archived_at = mark, None, contact.archived_at or at
    _forget_in_findings(contact, name, mark)
    _forget_what_can_be_taken_back(contact)
    redact(contact.id, mark, at=at)
    _forget_in_calamities(contact, name, mark)
    for approval in db.session().scalars(sa.select(PaymentApproval).where(PaymentApproval.contact_id == contact.id)):
        approval.approved_by = mark
    touched += _forget_corrections(contact, mark)
    db.session().flush()
    touched += [(str(PlanLink.__tablename__), link_id) for link_id in asked]
    touched += [(str(SchemeLink.__tablename__), link_id) for link_id in asked_about_schemes]
    elsewhere = sum(erase_subject(table, row_id, mark) for table, row_id in touched)
    return elsewhere + erase_subject(SUBJECT, contact.id, mark)


def _forget_in_findings(contact: Contact, name: str, mark: str) -> None:
    """Put the mark into findings; open ones are judged anew anyway, closed ones would keep the name for ever."""
    for finding in db.session().scalars(sa.select(Finding)):
        if finding.subject_id == contact.id and finding.subject_label != mark:
            finding.subject_label = mark
        told = {key: _without(value, name, mark) for key, value in finding.params.items()}
        if told != finding.params:
            finding.params = told
    for state in db.session().scalars(sa.select(AuditState)):
        state.told = ""  # the ledger no longer stands as the last judgement told it
        state.times += 1  # nor may a judgement that is under way bring back what it read


def _forget_corrections(contact: Contact, mark: str) -> list[tuple[str, UUID]]:
    """Empty what the person said must change about them; return the table and the id of each row."""
    rows = list(db.session().scalars(sa.select(Correction).where(Correction.contact_id == contact.id)))
    for row in rows:
        row.values, row.note, row.proposed_by = {}, "", mark
        row.decided_at = row.decided_at or contact.archived_at
    return [(str(Correction.__tablename__), row.id) for row in rows]


def _forget_what_can_be_taken_back(contact: Contact) -> None:
    """Throw away the changes that, taken back, would bring the person back."""
    kept = sa.select(RegisterChange).options(undefer(RegisterChange.content))
    for change in db.session().scalars(kept):
        if any(one.row_id == contact.id for one in unpacked(change.content)):
            db.session().delete(change)


def _forget_in_calamities(contact: Contact, name: str, mark: str) -> None:
    """Put the mark into what calamities and exercises ran by: whom was called stays told, who that was does not."""
    key = contact.id.hex
    for calamity in db.session().scalars(sa.select(Calamity)):
        frozen = unfrozen(calamity.frozen)
        if frozen.person(key) is not None:
            left = forgotten(frozen, key, name if len(name) >= FEWEST_LETTERS else "", mark)
            calamity.frozen, calamity.digest = packed(left), digest_of(left)


def _without(value: Any, name: str, mark: str) -> Any:
    if isinstance(value, list):
        return [_without(one, name, mark) for one in value]
    if isinstance(value, str) and (value == name or (len(name) >= FEWEST_LETTERS and name in value)):
        return value.replace(name, mark)
    return value
