"""Erasing takes along what a person was called and reached by before, wherever somebody wrote that down."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.asof.standing import as_it_stood
from audits.erasing.services import mark_of
from audits.sweeping import sweep
from continuity.models import (
    ChangeStage,
    Counterparty,
    Registration,
    SchemeChange,
    SchemeContact,
    SchemeParty,
    SchemeType,
)
from continuity.registrations.services import ContactValues, CounterpartyValues, save_contact, save_counterparty
from core import clock, db, mail
from core.db import Base
from core.i18n import Language
from core.ids import new_id
from core.mail.outbox import MailState, OutboxMail
from plans.models import Contact, ExternalParty, PartyKind
from plans.registers.undo.models import RegisterChange
from plans.versions import services as versions
from plans.versions.services import Signed
from tenants.models import PlanLink, Topic
from tenants.personal_links.services import Question, Recipient, Sender, send
from tenants.trail.verifying import verify
from tests.cast import Cast, Organisation
from tests.erasing.test_erasing_contacts import path, readable
from tests.visitor import Visitor

BEFORE, NAME = "Willemijn Zandstra", "Mijn de Waard"
OLD, NEW = "w@zandstra.example", "mijn@waard.example"
OLD_PHONE, PHONE = "0687654321", "0612345678"
WORDS = (BEFORE, NAME, OLD, NEW, OLD_PHONE, PHONE)
Inside = Callable[[Organisation], AbstractContextManager[None]]


@pytest.fixture
def person(app: Flask, scope_of: Inside, cast: Cast) -> UUID:
    """A contact who is called and reached otherwise today than when others wrote it down."""
    with scope_of(cast.bakery):
        row = Contact(name=BEFORE, phone=OLD_PHONE, email=OLD)
        db.session().add(row)
        db.session().flush()
        row_id = row.id
        for company, name in (("Polder", BEFORE), ("Akker", "Jan")):
            db.session().add(ExternalParty(kind=PartyKind.INSURER, name=company, contact_name=name, phone=""))
        scheme = Registration(service_name="Hosting", scheme_type=SchemeType.HOSTING)
        db.session().add(scheme)
        db.session().flush()
        db.session().add(
            SchemeContact(registration_id=scheme.id, party=SchemeParty.COMPANY, name=BEFORE, email=OLD, phone=OLD_PHONE)
        )
        db.session().add(Counterparty(registration_id=scheme.id, name="Polder", contact_name=BEFORE, email=OLD))
        question = Question(Topic.CONTACT, row_id, BEFORE, "0" * 64)
        sender = Sender(cast.bakery.id, cast.bakery.name, "Eva")
        send(PlanLink, question, Recipient(BEFORE, OLD, Language.DUTCH), sender, at=clock.now())
        versions.publish("", Signed("Eva", clock.now(), clock.today()))
        of_others = Recipient("Jan", "jan@bakery.example", Language.DUTCH)
        send(PlanLink, Question(Topic.CONTACT, new_id(), "Jan", "0" * 64), of_others, sender, at=clock.now())
    with app.app_context():
        sweep.run([cast.bakery.id], clock.today() - timedelta(days=1), at=clock.now() - timedelta(days=1))
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(Contact).where(Contact.id == row_id)).one()
        row.name, row.phone, row.email = NAME, PHONE, NEW
    return row_id


def everything(app: Flask, cast: Cast, scope_of: Inside) -> dict[str, str]:
    """Return what each table holds, as one text."""
    with scope_of(cast.bakery):
        found: dict[str, str] = {}
        for mapper in Base.registry.mappers:
            rows = db.session().scalars(sa.select(mapper.class_)).all()
            names = [one.key for one in mapper.column_attrs]
            found[mapper.class_.__name__] = " ".join(readable(getattr(row, name)) for row in rows for name in names)
        return found


def erase(app: Flask, cast: Cast, person: UUID) -> None:
    assert Visitor(app, cast.owner).post(path(cast, person)).status_code == 302


def test_former_name_number_and_address_go_too(app: Flask, scope_of: Inside, cast: Cast, person: UUID) -> None:
    before = everything(app, cast, scope_of)
    told = {"Contact", "ExternalParty", "SchemeContact", "Counterparty", "PlanLink", "PlanContent", "KeptRows"}
    assert all(BEFORE in before[one] or NAME in before[one] for one in told)
    erase(app, cast, person)
    after = everything(app, cast, scope_of)
    assert {(table, word) for table, text in after.items() for word in WORDS if word in text} == set()
    with app.app_context():
        assert [one.broken for one in verify({}) if one.broken] == []


def test_a_change_of_a_company_that_named_the_person_cannot_bring_the_name_back(
    app: Flask, scope_of: Inside, cast: Cast, person: UUID
) -> None:
    with scope_of(cast.bakery):
        company = db.session().scalars(sa.select(ExternalParty).where(ExternalParty.contact_name == "Jan")).one().id
    editor, page = Visitor(app, cast.editor), f"/o/{cast.bakery.slug}/registers/parties/{company}"
    form = {"kind": "insurer", "name": "Akker", "phone": "", "email": ""}
    for version, name in ((1, NAME), (2, "Jan")):
        assert editor.post(page, {**form, "contact_name": name, "version": str(version)}).status_code == 302
    with scope_of(cast.bakery):
        kept = db.session().scalars(sa.select(RegisterChange)).all()
        assert len(kept) == 2
    erase(app, cast, person)
    after = everything(app, cast, scope_of)
    assert {(table, word) for table, text in after.items() for word in WORDS if word in text} == set()


def test_kept_changes_of_a_scheme_forget_the_person(app: Flask, scope_of: Inside, cast: Cast, person: UUID) -> None:
    """The row names somebody else by now; what the supplier changed of it still told who it was."""
    with scope_of(cast.bakery):
        scheme = db.session().scalars(sa.select(Registration)).one()
        for seen, (name, phone, address) in enumerate(((NAME, PHONE, NEW), ("Jan", "", "")), 1):
            partner = db.session().scalars(sa.select(Counterparty)).one()
            told = CounterpartyValues("Polder", "", name, phone, address, None, None, None, f"{name}, director", None)
            save_counterparty(scheme, partner, told, seen=seen)
            contact = db.session().scalars(sa.select(SchemeContact)).one()
            values = ContactValues(name, phone, address, None)
            save_contact(scheme, SchemeParty.COMPANY, contact, values, seen=seen)
        held = db.session().scalars(sa.select(SchemeChange)).all()
        assert len(held) == 4
        held[0].stage = ChangeStage.HELD
    before = everything(app, cast, scope_of)["SchemeChange"]
    assert all(word in before for word in WORDS)
    erase(app, cast, person)
    after = everything(app, cast, scope_of)["SchemeChange"]
    assert [word for word in WORDS if word in after] == []
    assert after.count(", director") == before.count(", director"), "what else was said stays"


def test_mail_to_the_person_is_not_sent_any_more_and_keeps_no_address(
    app: Flask, scope_of: Inside, cast: Cast, person: UUID
) -> None:
    with scope_of(cast.bakery):
        # What somebody else writes to the same address is none of this organisation's business.
        mail.queue(to=OLD, subject="Nieuw wachtwoord", text="x", language=Language.DUTCH, kind="reset")
    erase(app, cast, person)
    with app.app_context():
        db.begin(writes=False)
        mine = db.session().scalars(sa.select(OutboxMail).where(OutboxMail.organisation_id == cast.bakery.id)).all()
        told = {(one.recipient.rpartition("@")[2], one.state, one.text is None) for one in mine}
        assert told == {("erased.invalid", MailState.GIVEN_UP, True), ("bakery.example", MailState.WAITING, False)}
        assert db.session().scalars(sa.select(OutboxMail).where(OutboxMail.kind == "reset")).one().recipient == OLD
        db.rollback()


def test_colleagues_keep_what_they_are_called_and_reached_by(app: Flask, scope_of: Inside, cast: Cast) -> None:
    """Jan is in Janneke, both share a telephone, and the row of Jan was that of his predecessor Piet once."""
    with scope_of(cast.bakery):
        row = Contact(name="Piet", phone=OLD_PHONE, email=OLD)
        others = (
            Contact(name="Janneke", phone=PHONE, email="balie@bakery.example", note=f"Jans zus, met Jan op {PHONE}"),
            Contact(name="Piet", phone=OLD_PHONE, email=OLD),
        )
        db.session().add_all((row, *others))
        db.session().flush()
        ids, (janneke, piet) = row.id, [one.id for one in others]
        row.name, row.phone, row.email = "Jan", PHONE, "jan@bakery.example"
        party = ExternalParty(kind=PartyKind.INSURER, name="Januari", contact_name="Piet", phone=PHONE, email=OLD)
        db.session().add(party)
    with app.app_context():
        sweep.run([cast.bakery.id], clock.today() - timedelta(days=1), at=clock.now() - timedelta(days=1))
    erase(app, cast, ids)
    with scope_of(cast.bakery), as_it_stood(clock.today() - timedelta(days=1)) as kept:
        assert kept is not None
        contacts = {one.id: one for one in db.session().scalars(sa.select(Contact))}
        mark = mark_of(contacts[ids])
        assert [contacts[ids].name, contacts[ids].phone] == [mark, ""]
        assert [contacts[janneke].name, contacts[janneke].phone] == ["Janneke", PHONE]
        assert contacts[janneke].note == f"{mark}s zus, met {mark} op {mark}"
        assert [contacts[piet].name, contacts[piet].phone, contacts[piet].email] == ["Piet", OLD_PHONE, OLD]
        (company,) = db.session().scalars(sa.select(ExternalParty)).all()
        assert [company.name, company.contact_name, company.email] == ["Januari", "Piet", OLD]
