"""Erase a contact: the row stays in its place under a mark, so that whatever names it still stands."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import undefer

from audits.erasing.elsewhere import (
    Relied,
    forget_at_companies,
    forget_in_changes,
    forget_in_uploads,
    relied_on,
    told_of,
)
from audits.erasing.kept_days import forget_in_kept_days
from audits.erasing.person import Person, person_of
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
from tenants.personal_links.services import forget, forget_mail
from tenants.trail.erasing import erase_subject
from tenants.turns import one_at_a_time

SUBJECT = "contact"


def mark_of(contact: Contact) -> str:
    """Return what stands in the place of an erased contact's name."""
    return f"(erased / gewist {contact.id.hex[-12:]})"


def is_erased(contact: Contact) -> bool:
    """Tell whether the contact was erased already."""
    return contact.name == mark_of(contact)


def holds(today: date) -> Sequence[Hold]:
    """Return the releases that forbid to erase anybody in the open scope's organisation on `today`."""
    return ties().holds(today)


def relied_on_in(contact: Contact) -> Sequence[Relied]:
    """Return the schemes that name the contact as whom to call: there somebody else has to be named first."""
    return relied_on(person_of(contact, mark_of(contact)))


def erase_contact(contact: Contact, *, at: datetime, today: date) -> int:
    """Erase a contact of the open scope's organisation; return how many entries of the trail lost what they told.

    Every text of the row is emptied, its name becomes a mark and it is put away. Old findings, versions of the plan,
    companies and schemes that name the person, uploaded sheets, kept days, the trail and mail forget the name too, and
    those of before.
    Raises AccountError while a release holds the organisation's data, while a scheme that binds the foundation names
    the person as whom to call, or when it was erased before.
    Source: GDPR article 17, with 17(3)(e) for the hold.
    """
    # Whoever judges meanwhile writes before, and is forgotten too, or after, and finds that it was overtaken.
    one_at_a_time([contact.tenant_id])
    # Whoever freezes, sends for review or brings back what names the person has done so before, or finds the mark.
    take_turn()
    db.session().refresh(contact)
    mark = mark_of(contact)
    person = person_of(contact, mark)
    _must_be_erasable(contact, person, today)
    forget_in_kept_days(person)
    forget_at_companies(person)
    forget_in_changes(person)
    forget_in_uploads(person)
    for kind in (PlanLink, SchemeLink):
        forget(kind, person.names, person.emails, mark, at=at)
    forget_mail(person.emails, f"{contact.id.hex}@erased.invalid", at=at)
    _empty(contact, mark, at)
    _forget_in_findings(person)
    _forget_what_can_be_taken_back(person)
    redact(contact.id, mark, person.without, at=at)
    _forget_in_calamities(person)
    for approval in db.session().scalars(sa.select(PaymentApproval).where(PaymentApproval.contact_id == contact.id)):
        approval.approved_by = mark
    touched = _forget_corrections(contact, mark)
    db.session().flush()
    touched += told_of(person)
    elsewhere = sum(erase_subject(table, row_id, mark) for table, row_id in touched)
    return elsewhere + erase_subject(SUBJECT, contact.id, mark)


def _must_be_erasable(contact: Contact, person: Person, today: date) -> None:
    """Raise AccountError as erase_contact() does."""
    if holds(today):
        raise AccountError(_l("Nobody can be erased as long as a release must be accounted for."))
    if is_erased(contact):
        raise AccountError(_l("This person has been erased already."))
    if relied_on(person):
        raise AccountError(_l("A scheme names this person as whom to call. Name somebody else there first."))


def _empty(contact: Contact, mark: str, at: datetime) -> None:
    contact.language = None
    for attribute in sa.inspect(Contact).column_attrs:
        if isinstance(getattr(contact, attribute.key), str):
            setattr(contact, attribute.key, "")
    contact.name, contact.confirmed_on, contact.archived_at = mark, None, contact.archived_at or at


def _forget_in_findings(person: Person) -> None:
    """Put the mark into findings; open ones are judged anew anyway, closed ones would keep the name for ever."""
    for finding in db.session().scalars(sa.select(Finding)):
        if finding.subject_id == person.id and finding.subject_label != person.mark:
            finding.subject_label = person.mark
        told = person.without(finding.params)
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


def _forget_what_can_be_taken_back(person: Person) -> None:
    """Throw away the changes that, taken back, would bring the person back, also as whom to call at a company."""
    kept = sa.select(RegisterChange).options(undefer(RegisterChange.content))
    for change in db.session().scalars(kept):
        steps = unpacked(change.content)
        if any(one.row_id == person.id or person.is_told_by([one.before, one.after]) for one in steps):
            db.session().delete(change)


def _forget_in_calamities(person: Person) -> None:
    """Put the mark into what calamities and exercises ran by: whom was called stays told, who that was does not."""
    key = person.id.hex
    for calamity in db.session().scalars(sa.select(Calamity)):
        frozen = unfrozen(calamity.frozen)
        if frozen.person(key) is not None:
            left = forgotten(frozen, key, person.mark, person.without)
            calamity.frozen, calamity.digest = packed(left), digest_of(left)
