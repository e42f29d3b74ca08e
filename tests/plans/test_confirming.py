"""People and firms say by a link whether what is held about them is right; a correction waits for the organisation."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.erasing.services import erase_contact
from core import clock, db
from core.i18n import Language
from plans.models import Asset, AssetKind, Contact, Correction, ExternalParty, PartyKind
from plans.registers.columns import register
from plans.registers.services import archive_rows
from tenants.models import PlanLink
from tests.cast import Cast
from tests.mailbox import last_letter, letters_to, link_in
from tests.plans.items_scene import ScopeOf, SignIn, add_contact
from tests.visitor import Visitor

HENK, FIRM = "henk@people.example", "desk@netwerk.example"
CONTACTS, PARTIES = "/o/bakery/plan/upkeep/confirmations/contact", "/o/bakery/plan/upkeep/confirmations/party"
LICENCES = "/o/bakery/plan/upkeep/confirmations/licences"
NEW_PHONE = "+31687654321"


@pytest.fixture
def henk(cast: Cast, scope_of: ScopeOf) -> UUID:
    with scope_of(cast.bakery):
        return add_contact("Henk", email=HENK, job_title="Baker", language=Language.DUTCH)


@pytest.fixture
def firm(cast: Cast, scope_of: ScopeOf) -> UUID:
    """A supplier with a licence; another licence is somebody else's."""
    with scope_of(cast.bakery):
        row = ExternalParty(name="Netwerk Noord", kind=PartyKind.SUPPLIER, phone="+31881234567", email=FIRM)
        ours = Asset(kind=AssetKind.LICENCE, name="Office", supplier=" netwerk noord", quantity=8, perpetual=True)
        other = Asset(kind=AssetKind.LICENCE, name="Drawing", supplier="Somebody else")
        db.session().add_all([row, ours, other])
        db.session().flush()
        return row.id


def links(cast: Cast, scope_of: ScopeOf) -> int:
    with scope_of(cast.bakery):
        return db.session().scalar(sa.select(sa.func.count(PlanLink.id))) or 0


def test_one_tap_confirms_and_opening_does_not(
    app: Flask, cast: Cast, henk: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    visitor(cast.editor).post(CONTACTS, {"people": [str(henk), str(henk)]})
    path, guest = link_in(last_letter(app, HENK)), Visitor(app)
    assert "Baker" in guest.get(path).get_data(as_text=True)
    assert guest.post(path).status_code == 422
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(Contact.confirmed_on)).one() is None
    assert guest.post(path, {"verdict": "right"}).status_code == 303
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(Contact.confirmed_on)).one() == clock.today()
        assert db.session().scalars(sa.select(Correction)).all() == []


def test_a_correction_changes_nothing_before_it_is_accepted_once(
    app: Flask, cast: Cast, henk: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    editor = visitor(cast.editor)
    editor.post(CONTACTS, {"people": str(henk)})
    path, guest = link_in(last_letter(app, HENK)), Visitor(app)
    assert guest.post(path, {"verdict": "wrong"}).status_code == 422
    assert guest.post(path, {"verdict": "right", "phone": "06 87654321"}).status_code == 422
    assert guest.post(path, {"verdict": "wrong", "phone": "12"}).status_code == 422
    assert guest.post(path, {"verdict": "wrong", "phone": "06 87654321", "name": "Piet"}).status_code == 303
    with scope_of(cast.bakery):
        found = db.session().scalars(sa.select(Correction)).one()
        assert (found.values, found.proposed_by) == ({"phone": NEW_PHONE}, "Henk")
        row = db.session().scalars(sa.select(Contact)).one()
        assert (row.phone, row.confirmed_on) == ("+31612345678", None)
        correction_id = found.id
    assert ": 06 12345678 → 06 87654321<" in editor.get(CONTACTS).get_data(as_text=True)
    decision = f"/o/bakery/plan/upkeep/corrections/{correction_id}"
    assert visitor(cast.reader).post(f"{decision}/accept").status_code == 403
    (shown,) = re.findall(r'name="version" value="(\d+)"', editor.get(CONTACTS).text)
    with scope_of(cast.bakery):
        db.session().scalars(sa.select(Contact)).one().phone = "+31201234567"
    overtaken = editor.post(f"{decision}/accept", {"version": shown}, follow_redirects=True).text
    assert "Somebody changed this record meanwhile." in overtaken
    assert ": 020 123 4567 → 06 87654321<" in overtaken
    (shown,) = re.findall(r'name="version" value="(\d+)"', overtaken)
    assert editor.post(f"{decision}/accept", {"version": shown}).status_code == 302
    editor.post(f"{decision}/decline")
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(Contact)).one()
        assert (row.name, row.phone, row.confirmed_on) == ("Henk", NEW_PHONE, clock.today())
        assert db.session().scalars(sa.select(Correction.accepted)).one() is True


def test_a_firm_is_asked_once_and_speaks_for_its_licences(
    app: Flask, cast: Cast, firm: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    visitor(cast.editor).post(PARTIES, {"people": str(firm)})
    path = link_in(last_letter(app, FIRM))
    told = Visitor(app).get(path).get_data(as_text=True)
    assert "Office" in told
    assert "Drawing" not in told
    assert Visitor(app).post(path, {"verdict": "right"}).status_code == 303
    with scope_of(cast.bakery):
        found = {row.name: row.confirmed_on for row in db.session().scalars(sa.select(Asset))}
        assert found == {"Office": clock.today(), "Drawing": None}
        assert db.session().scalars(sa.select(ExternalParty.confirmed_on)).one() == clock.today()


def test_nobody_is_asked_the_same_within_two_weeks(
    app: Flask, cast: Cast, henk: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    asked = {"people": str(henk)}
    for days, total in ((0, 1), (13, 1), (14, 2)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=True):
            visitor(cast.editor).post(CONTACTS, asked)
        assert links(cast, scope_of) == total
    editor = visitor(cast.editor)
    assert editor.post(CONTACTS, {"people": "nonsense"}).status_code == 404
    assert editor.post(CONTACTS, {"people": str(UUID(int=5))}).status_code == 404
    assert editor.post(CONTACTS).status_code == 302
    assert links(cast, scope_of) == 2


def test_what_changed_since_is_not_confirmed_by_an_old_link(
    app: Flask, cast: Cast, henk: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    visitor(cast.editor).post(CONTACTS, {"people": str(henk)})
    with scope_of(cast.bakery):
        db.session().get_one(Contact, (cast.bakery.id, henk)).phone = NEW_PHONE
    assert Visitor(app).post(link_in(last_letter(app, HENK)), {"verdict": "right"}).status_code == 410


def test_erasing_a_person_empties_what_they_corrected(
    app: Flask, cast: Cast, henk: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    visitor(cast.editor).post(CONTACTS, {"people": str(henk)})
    form = {"verdict": "wrong", "phone": "06 87654321", "note": "I moved"}
    assert Visitor(app).post(link_in(last_letter(app, HENK)), form).status_code == 303
    with scope_of(cast.bakery):
        erase_contact(db.session().get_one(Contact, (cast.bakery.id, henk)), at=clock.now(), today=clock.today())
        found = db.session().scalars(sa.select(Correction)).one()
        assert (found.values, found.note) == ({}, "")
        assert "Henk" not in found.proposed_by
        assert db.session().scalars(sa.select(Contact.language)).one() is None


def test_a_licence_of_no_known_supplier_is_asked_of_whoever_is_chosen(
    app: Flask, cast: Cast, henk: UUID, firm: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        ids = {row.name: row.id for row in db.session().scalars(sa.select(Asset))}
    editor = visitor(cast.editor)
    shown = editor.get(LICENCES).get_data(as_text=True)
    assert "Drawing" in shown
    assert "Office" not in shown
    assert "the supplier is not among them" in editor.get(PARTIES).get_data(as_text=True)
    asked = {"licences": str(ids["Drawing"]), "keeper": f"contact:{henk}"}
    for wrong in ({"keeper": asked["keeper"]}, asked | {"keeper": ""}, asked | {"keeper": f"contact:{firm}"}):
        assert editor.post(LICENCES, wrong).status_code == 422
    assert visitor(cast.reader).post(LICENCES, asked).status_code == 403
    assert editor.post(LICENCES, asked).status_code == 302
    assert editor.post(LICENCES, asked).status_code == 302
    assert "Asked less than two weeks ago: Henk." in editor.get(LICENCES).get_data(as_text=True)
    path = link_in(last_letter(app, HENK))
    assert len(letters_to(app, HENK)) == 1
    assert "Drawing" in Visitor(app).get(path).get_data(as_text=True)
    assert editor.post(LICENCES, asked | {"keeper": f"party:{firm}"}).status_code == 302
    assert Visitor(app).post(path, {"verdict": "right"}).status_code == 410, "the firm is asked now"
    assert Visitor(app).post(link_in(last_letter(app, FIRM)), {"verdict": "right"}).status_code == 303
    with scope_of(cast.bakery):
        found = {row.name: row.confirmed_on for row in db.session().scalars(sa.select(Asset))}
        assert found == {"Office": clock.today(), "Drawing": clock.today()}
        assert db.session().scalars(sa.select(Contact.confirmed_on)).one() is None
        archive_rows(register("parties"), [firm], at=clock.now())
    assert "nobody yet" in visitor(cast.reader).get(LICENCES).get_data(as_text=True)
