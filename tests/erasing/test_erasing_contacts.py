"""Erasing a person from the registers: every place that held the name holds a mark, and the trail still holds."""

import zlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.asof.models import Evaluation, KeptRows
from audits.asof.standing import as_it_stood
from audits.erasing.services import erase_contact, is_erased, mark_of
from audits.judging.engine import Judgements, judge
from audits.judging.judgement import Rule, TenantFacts
from audits.models import AuditState, Expiry, Finding
from audits.sweeping import again, looked, sweep
from audits.sweeping.waiting import due
from continuity.models import Counterparty, Registration, SchemeContact, SchemeParty, SchemeState, SchemeType
from core import clock, db
from core.db import Base
from plans.importing.cells import Grid, packed
from plans.importing.models import ImportBatch, ImportSheet, SheetState
from plans.models import Assignment, Contact, ExternalParty, PartyKind
from plans.registers.undo.models import RegisterChange
from tenants.models import LoginSession, TrailEntry
from tenants.trail.verifying import verify
from tests.cast import Cast, Organisation
from tests.visitor import Visitor

NAME, PHONE = "Willemijn Zandstra", "0612345678"
Inside = Callable[[Organisation], AbstractContextManager[None]]


def yesterday() -> date:
    return clock.today() - timedelta(days=1)


@pytest.fixture
def person(app: Flask, scope_of: Inside, cast: Cast) -> UUID:
    """A contact with a past: changed once, in a seat, and in findings that are closed."""
    with scope_of(cast.bakery):
        row = Contact(name=NAME, phone=PHONE, email="w@z.example", note="allergisch", job_title="Bakker")
        db.session().add(row)
        db.session().flush()
        row.note = "komt van Texel"
        db.session().add(Assignment(item_id="runbook.team", seat="it-admin", contact_id=row.id))
        db.session().add(
            ExternalParty(kind=PartyKind.INSURER, name="Polder", contact_name=NAME, phone=PHONE, email="info@p.example")
        )
        scheme = Registration(service_name="Hosting", scheme_type=SchemeType.HOSTING)
        db.session().add(scheme)
        db.session().flush()
        db.session().add(
            SchemeContact(registration_id=scheme.id, party=SchemeParty.COMPANY, name=NAME, email="W@Z.example")
        )
        db.session().add(
            Counterparty(registration_id=scheme.id, name="Polder", contact_name=NAME, phone=PHONE, email="w@z.example")
        )
        db.session().flush()
        row_id = row.id
        _upload("Jan", "020-1234567")
        _upload("Wim", "06-1234 56 78")
    with app.app_context():
        sweep.run([cast.bakery.id], yesterday(), at=clock.now() - timedelta(days=1))
    editor = Visitor(app, cast.editor)
    form = {"name": NAME, "phone": PHONE, "email": "w@z.example", "note": "uit Texel", "version": "2"}
    assert editor.post(f"/o/{cast.bakery.slug}/registers/contacts/{row_id}", form).status_code == 302
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(RegisterChange)).all(), "a change that can be taken back"
    with app.app_context():
        sweep.run([cast.bakery.id])
    with scope_of(cast.bakery):
        now = clock.now()
        for finding in db.session().scalars(sa.select(Finding).where(Finding.closed_at.is_(None)).limit(1)):
            finding.subject_label, finding.subject_id = NAME, row_id
            finding.params, finding.closed_at = {"person": NAME, "people": [NAME, "Jan"]}, now
    return row_id


def _upload(name: str, phone: str) -> None:
    """Leave a sheet behind that nobody brought in."""
    batch = ImportBatch(file_name=f"{name}.csv", sha256="0" * 64, uploaded_at=clock.now(), uploaded_by="Eva")
    db.session().add(batch)
    db.session().flush()
    cells = packed(Grid((("naam", "telefoon"), (name, phone)), {}))
    sheet = ImportSheet(
        batch_id=batch.id, position=1, name="mensen", hidden=False, row_count=1, layout="contacts", cells=cells
    )
    db.session().add(sheet)
    db.session().flush()


def path(cast: Cast, row_id: UUID) -> str:
    return f"/o/{cast.bakery.slug}/erase/{row_id}"


def readable(value: object) -> str:
    """Return what is kept as text, unpacked where it is packed."""
    if isinstance(value, bytes):
        with suppress(zlib.error):
            return zlib.decompress(value).decode()
    return str(value)


def test_a_kept_day_tells_what_was_there_and_no_more_who_it_was(
    app: Flask, scope_of: Inside, cast: Cast, person: UUID
) -> None:
    with scope_of(cast.bakery), as_it_stood(yesterday()) as kept:
        assert kept is not None
        assert db.session().get_one(Contact, (cast.bakery.id, person)).name == NAME
        assert {one.name for one in db.session().scalars(sa.select(SchemeContact))} == {NAME}
    assert Visitor(app, cast.owner).post(path(cast, person)).status_code == 302
    with scope_of(cast.bakery), as_it_stood(yesterday()) as kept:
        assert kept is not None
        row = db.session().get_one(Contact, (cast.bakery.id, person))
        assert (row.name, row.phone, row.email, row.note, row.job_title) == (mark_of(row), "", "", "", "")
        (named,) = db.session().scalars(sa.select(SchemeContact)).all()
        assert (named.name, named.email) == (mark_of(row), "")
        (company,) = db.session().scalars(sa.select(ExternalParty)).all()
        assert (company.name, company.phone, company.email) == ("Polder", "", "info@p.example")


def test_nothing_of_the_person_is_left_in_any_table(app: Flask, scope_of: Inside, cast: Cast, person: UUID) -> None:
    visitor = Visitor(app, cast.owner)
    assert NAME in visitor.get(path(cast, person)).get_data(as_text=True)
    assert visitor.post(path(cast, person)).status_code == 302
    with scope_of(cast.bakery):
        for mapper in Base.registry.mappers:
            for row in db.session().scalars(sa.select(mapper.class_)):
                text = " ".join(readable(getattr(row, one.key)) for one in mapper.column_attrs)
                for word in (NAME, PHONE, "w@z.example", "allergisch", "Texel"):
                    assert word not in text, mapper.class_.__name__
        sheets = db.session().scalars(sa.select(ImportSheet).order_by(ImportSheet.id)).all()
        assert [(sheet.state, bool(sheet.cells)) for sheet in sheets] == [
            (SheetState.UPLOADED, True),
            (SheetState.DROPPED, False),
        ]
        company = db.session().scalars(sa.select(ExternalParty)).one()
        assert (company.phone, company.email) == ("", "info@p.example")
        row = db.session().get_one(Contact, (cast.bakery.id, person))
        assert (row.name, row.archived_at is not None) == (mark_of(row), True)
        assert db.session().scalars(sa.select(Assignment.contact_id)).all() == [person]
        closed = db.session().scalars(sa.select(Finding).where(Finding.subject_id == person)).all()
        assert {"person": mark_of(row), "people": [mark_of(row), "Jan"]} in [one.params for one in closed]


@pytest.fixture
def erased_meanwhile(scope_of: Inside, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Callable[[UUID], None]:
    """Let a contact be erased after the facts were read and before what was found in them is written."""

    def arrange(row_id: UUID) -> None:
        def meanwhile(facts: TenantFacts, today: date, rules: Sequence[Rule]) -> Judgements:
            with scope_of(cast.bakery):
                contact = db.session().get_one(Contact, (cast.bakery.id, row_id))
                if not is_erased(contact):
                    erase_contact(contact, at=clock.now(), today=today)
            return judge(facts, today, rules)

        for module in (looked, again):
            monkeypatch.setattr(module, "judge", meanwhile)

    return arrange


def nothing_judged_names(word: str) -> None:
    for mapper in map(sa.inspect, (Finding, Expiry, Evaluation, KeptRows)):
        names, model = [one.key for one in mapper.column_attrs], mapper.class_
        for row in db.session().scalars(sa.select(model)):
            assert word not in " ".join(readable(getattr(row, name)) for name in names), model.__name__


def test_whoever_judges_while_somebody_is_erased_brings_nobody_back(
    app: Flask, scope_of: Inside, cast: Cast, person: UUID, erased_meanwhile: Callable[[UUID], None]
) -> None:
    """Read before, written after: days were kept by rows that went, under a name that nobody may read any more."""
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Jan"))
    erased_meanwhile(person)
    with app.app_context():
        sweep.run([cast.bakery.id])
    with scope_of(cast.bakery):
        nothing_judged_names(NAME)
        there = {(one.of_table, one.digest) for one in db.session().scalars(sa.select(KeptRows))}
        for day in db.session().scalars(sa.select(Evaluation)):
            assert set(day.parts.items()) <= there
    with app.app_context():
        assert cast.bakery.id in due(at=clock.now())


def test_not_even_whoever_judges_for_the_first_time_brings_somebody_back(
    app: Flask, scope_of: Inside, cast: Cast, erased_meanwhile: Callable[[UUID], None]
) -> None:
    """Nothing was kept yet that could tell the judgement under way that it was overtaken, but the mark."""
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(AuditState)).all() == []
        row = Contact(name=NAME, phone=PHONE)
        db.session().add(row)
        row_id = row.id
    erased_meanwhile(row_id)
    with app.app_context():
        done = sweep.run([cast.bakery.id])
    with scope_of(cast.bakery):
        nothing_judged_names(NAME)
    assert (done.judged, done.failed) == ([], [])
    with app.app_context():
        assert cast.bakery.id in due(at=clock.now())
        assert sweep.run([cast.bakery.id]).judged == [cast.bakery.id]
    with scope_of(cast.bakery):
        nothing_judged_names(NAME)
        assert db.session().scalars(sa.select(Evaluation)).all(), "kept as soon as nobody came in between"


def test_trail_tells_that_it_was_done_and_by_whom_and_holds(
    app: Flask, scope_of: Inside, cast: Cast, person: UUID
) -> None:
    assert Visitor(app, cast.owner).post(path(cast, person)).status_code == 302
    with scope_of(cast.bakery):
        about = sa.select(TrailEntry).where(TrailEntry.subject_id == person).order_by(TrailEntry.seq)
        entries = db.session().scalars(about).all()
        assert [entry.action for entry in entries] == ["created", "changed", "changed", "changed"]
        assert all(not entry.changes and entry.salt is None for entry in entries)
        erased = sa.select(TrailEntry).where(TrailEntry.action == "trail.erased").order_by(TrailEntry.seq)
        done = db.session().scalars(erased).all()
        assert {one.user_id for one in done} == {cast.owner.id}
        assert {entry.erased_by for entry in entries} == {done[-1].seq}
    with app.app_context():
        assert [one.broken for one in verify({}) if one.broken] == []


def test_only_an_owner_erases_and_only_their_own(app: Flask, cast: Cast, person: UUID) -> None:
    for who, status in ((cast.editor, 403), (cast.reader, 403), (cast.stranger, 404)):
        visitor = Visitor(app, who)
        assert visitor.get(path(cast, person)).status_code == status
        assert visitor.post(path(cast, person)).status_code == status
    assert Visitor(app, cast.stranger).post(f"/o/{cast.other.slug}/erase/{person}").status_code == 404


def test_release_keeps_everybody_until_it_is_accounted_for(
    app: Flask, scope_of: Inside, cast: Cast, person: UUID
) -> None:
    with scope_of(cast.bakery):
        row = Registration(
            service_name="Hosting De Halm",
            scheme_type=SchemeType.HOSTING,
            declared_bankrupt_on=clock.today(),
            state=SchemeState.TRIGGERED,
        )
        db.session().add(row)
    visitor = Visitor(app, cast.owner)
    assert "Hosting De Halm" in visitor.get(path(cast, person)).get_data(as_text=True)
    assert visitor.post(path(cast, person)).status_code == 422
    with scope_of(cast.bakery):
        assert db.session().get_one(Contact, (cast.bakery.id, person)).name == NAME


@pytest.mark.parametrize(("state", "left"), [(SchemeState.DRAFT, []), (SchemeState.ACTIVE, [NAME, NAME])])
def test_whom_clients_of_a_scheme_call_is_not_erased_before_somebody_else_is_named(
    app: Flask, scope_of: Inside, cast: Cast, person: UUID, state: SchemeState, left: list[str]
) -> None:
    with scope_of(cast.bakery):
        db.session().scalars(sa.select(Registration)).one().state = state
    visitor, asks = Visitor(app, cast.owner), "Somebody else has to be named first"
    page = visitor.get(path(cast, person)).get_data(as_text=True)
    assert (asks in page, "Erase for good" in page) == (bool(left), not left)
    assert visitor.post(path(cast, person)).status_code == (422 if left else 302)
    with scope_of(cast.bakery):
        contact = db.session().scalars(sa.select(SchemeContact)).one()
        partner = db.session().scalars(sa.select(Counterparty)).one()
        assert [one for one in (contact.name, partner.contact_name) if one == NAME] == left
        contact.name = partner.contact_name = "Jan de Wit"
    if left:
        assert asks not in visitor.get(path(cast, person)).get_data(as_text=True)
        assert visitor.post(path(cast, person)).status_code == 302


def test_the_page_says_that_reports_made_before_keep_the_name(app: Flask, cast: Cast, person: UUID) -> None:
    page = Visitor(app, cast.owner).get(path(cast, person)).get_data(as_text=True)
    assert "Reports that were made before keep the name" in page
    assert f'href="/o/{cast.bakery.slug}/reports/made/"' in page


def test_erasing_twice_changes_nothing_more(app: Flask, cast: Cast, person: UUID) -> None:
    visitor = Visitor(app, cast.owner)
    assert visitor.post(path(cast, person)).status_code == 302
    assert visitor.post(path(cast, person)).status_code == 422


def test_erasing_asks_for_proof_of_a_moment_ago(app: Flask, cast: Cast, person: UUID) -> None:
    visitor = Visitor(app, cast.owner)
    with app.app_context():
        db.begin(writes=True)
        db.session().execute(sa.update(LoginSession).values(proved_at=clock.now() - timedelta(hours=2)))
        db.commit()
    assert visitor.get(path(cast, person)).headers["Location"].startswith("/prove")
