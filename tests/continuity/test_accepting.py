"""A client without an account reads the deed and answers it: with a code from its own mailbox, once, and provably."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.deed.services import publish, revoke_deed
from continuity.models import (
    Acceptance,
    Client,
    Declaration,
    DeclarationKind,
    DeedInvitation,
    DeedVersion,
    Registration,
    SchemeContact,
    SchemeParty,
    SchemeState,
)
from core import clock, db
from tenants.models import MailedLink, TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import PDF, TODAY, World
from tests.mailbox import letters_to
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
VOS = "directie@slagerijvos.example"
GOOD = {
    "name": "B. Vos", "declared_as": "Director", "authority": "register", "note": "", "addressee": "foundation",
    "scope": "y", "conditions": "y",
}  # fmt: skip
NO = {"name": "B. Vos", "declared_as": "Director", "reason": "We stop next month."}


@dataclass(frozen=True, slots=True)
class Asked:
    """A client that was invited, the supplier's browser, and one in which nobody is signed in."""

    client_id: UUID
    editor: Visitor
    guest: Visitor
    app: Flask
    # Time stands still, so letters have no order: what came last is what was not there before.
    told: set[str]

    def fresh(self) -> str:
        """Return the one letter that came since the last time this was asked."""
        found = {str(letter["Subject"]) + "\n" + str(letter.get_content()) for letter in letters_to(self.app, VOS)}
        (new,) = found - self.told
        self.told.update(found)
        return new

    def link(self) -> str:
        """Return the path of the link in the newest letter."""
        found = re.search(r"https?://[^/\s]+(/deed/[^/\s]+)", self.fresh())
        assert found
        return found.group(1)

    def code(self, path: str) -> str:
        """Ask for a code and return it from the mail."""
        assert self.guest.post(f"{path}/code").status_code == 303
        found = re.search(r"^(\d{4}) (\d{4})\s*$", self.fresh(), re.MULTILINE)
        assert found
        return "".join(found.groups())


@pytest.fixture
def asked(app: Flask, world: World, visitor: Visitors, cast: Cast, scope_of: Scoped) -> Asked:
    """Slagerij Vos was added and invited to the deed that is offered."""
    editor = visitor(world.editor)
    sent = {"name": "Slagerij Vos", "email": VOS, "monthly_fee": "12,50", "language": "en", "version": "1"}
    assert editor.post(f"{world.path}/clients/new", sent).status_code == 302
    with scope_of(cast.supplier):
        client_id = db.session().scalars(sa.select(Client.id).where(Client.name == "Slagerij Vos")).one()
    assert editor.post(f"{world.path}/clients/invite", {"whom": "chosen", "client": str(client_id)}).status_code == 302
    return Asked(client_id, editor, Visitor(app), app, set())


def state_on_page(asked: Asked, world: World) -> str:
    page = asked.editor.get(f"{world.path}/clients/{asked.client_id}/standing").get_data(as_text=True)
    found = re.search(r"How far it is</h2></div>.*?<span>([^<]+)</span>", page, re.DOTALL)
    assert found
    return found.group(1)


def test_a_client_accepts_with_a_code_and_gets_a_receipt(
    asked: Asked, world: World, cast: Cast, scope_of: Scoped
) -> None:
    path = asked.link()
    page = asked.guest.get(path + "/").get_data(as_text=True)
    for told in ("The foundation delivers.", "Pays its bills.", "Only the hosting service", "Telephony", "Zekerheid"):
        assert told in page
    assert "Code from the mail" not in page
    assert state_on_page(asked, world) == "Invited"
    code = asked.code(path)
    assert state_on_page(asked, world) == "Looked at"
    assert "Code from the mail" in asked.guest.get(path + "/").get_data(as_text=True)
    assert asked.guest.post(path + "/", {**GOOD, "code": code}).status_code == 303
    assert state_on_page(asked, world) == "Accepted, conditions open"
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Acceptance).where(Acceptance.client_id == asked.client_id)).one()
        said = db.session().scalars(sa.select(Declaration)).one()
        deed = db.session().scalars(sa.select(DeedVersion).where(DeedVersion.id == world.deed_id)).one()
        assert (row.accepted_on, row.accepted_by, row.accepted_as) == (TODAY, "B. Vos", "Director")
        assert (said.kind, said.email, said.deed_sha256) == (DeclarationKind.ACCEPT, VOS, deed.sha256)
        receipt = f"{path}/receipts/{said.id}"
    answer = asked.guest.get(receipt)
    assert answer.get_data().startswith(b"%PDF-")
    assert answer.headers["Cache-Control"] == "no-store"
    letter = asked.fresh()
    assert "Receipt: you accepted the deed" in letter
    assert path in letter, "the mail with the receipt leads to the same page"
    # Twice, and in a second tab: told, not done again.
    assert asked.guest.post(path + "/", {**GOOD, "code": code}).status_code == 422
    with scope_of(cast.supplier):
        assert len(db.session().scalars(sa.select(Declaration)).all()) == 1


def test_a_client_is_told_that_it_may_ask_under_conditions_and_what_it_pays(
    asked: Asked, world: World, cast: Cast, scope_of: Scoped
) -> None:
    path = asked.link() + "/"
    page = asked.guest.get(path).get_data(as_text=True)
    assert "you may ask the foundation to deliver this service to you for 3 more months" in page
    assert "You must meet the conditions below then." in page
    assert "During that time you pay the foundation for the service." in page
    assert "expects this to be €12.50 a month." in page.replace("\xa0", " ")
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(Client).where(Client.id == asked.client_id)).one().monthly_fee = None
    page = asked.guest.get(path).get_data(as_text=True)
    assert "you pay the foundation" in page
    assert "a month." not in page


def test_a_client_is_told_whom_it_can_call_at_the_supplier_and_the_foundation_and_nobody_else(
    asked: Asked, world: World, cast: Cast, scope_of: Scoped
) -> None:
    path = asked.link() + "/"
    assert "Whom you can call" not in asked.guest.get(path).get_data(as_text=True), "nobody is recorded"
    with scope_of(cast.supplier):
        known = {one.party: one for one in db.session().scalars(sa.select(SchemeContact))}
        for party, name, phone, email in (
            (SchemeParty.COMPANY, "Desk of Netvast", "+31201112233", ""),
            (SchemeParty.FOUNDATION, "Mr Guard", "", "guard@stichting.example"),
            (SchemeParty.PARTNER, "Spare Hands", "+31204445566", "spare@hands.example"),
        ):
            one = known.get(party) or SchemeContact(registration_id=world.registration_id, party=party)
            one.name, one.phone, one.email = name, phone, email
            db.session().add(one)
    page = asked.guest.get(path).get_data(as_text=True)
    for told in ("Desk of Netvast", 'href="tel:+31201112233"', "Mr Guard", 'href="mailto:guard@stichting.example"'):
        assert told in page
    assert "Spare" not in page
    assert "call the foundation" not in page
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.declared_bankrupt_on, row.state = date(2026, 11, 15), SchemeState.TRIGGERED
    assert "call the foundation" in asked.guest.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "", "Fill in your name."),
        ("declared_as", "", "Fill in your function."),
        ("authority", "", "Choose how you may bind"),
        ("authority", "mandate", "Tell what shows that you may bind"),
        ("scope", "", "Tick this when you have read"),
        ("conditions", "", "Tick this when you agree."),
        ("code", "", "Fill in the code."),
        ("code", "12345678", "This code is not right"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_kept(
    asked: Asked, cast: Cast, scope_of: Scoped, field: str, typed: str, told: str
) -> None:
    path = asked.link()
    sent = {**GOOD, "code": asked.code(path), field: typed}
    answer = asked.guest.post(path + "/", {name: value for name, value in sent.items() if value})
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    with scope_of(cast.supplier):
        assert db.session().scalars(sa.select(Declaration)).all() == []


def test_a_mandate_is_kept_with_the_declaration(asked: Asked, world: World) -> None:
    path = asked.link()
    sent = {**GOOD, "authority": "mandate", "code": asked.code(path), "document": (BytesIO(PDF), "volmacht.pdf")}
    assert asked.guest.post(path + "/", sent).status_code == 303
    page = asked.editor.get(f"{world.path}/clients/{asked.client_id}/standing").get_data(as_text=True)
    proof = re.search(r'href="([^"]+/proof)"', page)
    assert proof
    assert asked.editor.get(proof.group(1)).get_data() == PDF


def test_guessing_the_code_ends_after_a_few_tries_also_with_the_right_one(asked: Asked) -> None:
    path = asked.link()
    code = asked.code(path)
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for _try in range(5):
        assert asked.guest.post(path + "/", {**GOOD, "code": wrong}).status_code == 422
    answer = asked.guest.post(path + "/", {**GOOD, "code": code})
    assert answer.status_code == 429
    assert "Too many tries" in answer.get_data(as_text=True)


def test_a_newer_code_takes_the_place_of_the_one_before(asked: Asked) -> None:
    path = asked.link()
    first, second = asked.code(path), asked.code(path)
    assert asked.guest.post(path + "/", {**GOOD, "code": first}).status_code == 422
    assert asked.guest.post(path + "/", {**GOOD, "code": second}).status_code == 303


def test_looking_changes_nothing(asked: Asked, cast: Cast, scope_of: Scoped) -> None:
    path = asked.link()
    for _look in range(3):
        assert asked.guest.get(path + "/").status_code == 200
        assert asked.guest.get(path + "/no").status_code == 200
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(DeedInvitation)).one()
        assert (row.viewed_at, row.code_hash, row.version) == (None, "", 2)


def test_a_no_has_a_reason_and_the_client_can_be_asked_again(asked: Asked, world: World) -> None:
    path = asked.link()
    code = asked.code(path)
    assert asked.guest.post(path + "/no", {**NO, "reason": "", "code": code}).status_code == 422
    assert asked.guest.post(path + "/no", {**NO, "code": code}).status_code == 303
    assert "You rejected this deed." in asked.guest.get(path + "/").get_data(as_text=True)
    assert state_on_page(asked, world) == "Rejected"


def test_a_client_withdraws_and_the_history_stays(asked: Asked, world: World, cast: Cast, scope_of: Scoped) -> None:
    path = asked.link()
    assert asked.guest.post(path + "/", {**GOOD, "code": asked.code(path)}).status_code == 303
    asked.fresh()
    assert asked.guest.post(path + "/no", {**NO, "code": asked.code(path)}).status_code == 303
    assert state_on_page(asked, world) == "Ended"
    page = asked.guest.get(path + "/").get_data(as_text=True)
    assert page.count("Receipt (PDF)") == 2
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Acceptance).where(Acceptance.client_id == asked.client_id)).one()
        assert (row.ended_on, row.ended_why) == (TODAY, "We stop next month.")


def test_asking_again_is_a_reminder_and_leaves_one_link(
    asked: Asked, world: World, cast: Cast, scope_of: Scoped
) -> None:
    first = asked.link()
    path = f"{world.path}/clients/invite"
    assert asked.editor.post(path, {"whom": "everybody"}).status_code == 302
    page = asked.editor.get(f"{world.path}/clients").get_data(as_text=True)
    assert "Was written to a short while ago." in page
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(DeedInvitation)).one()
        row.sent_at -= timedelta(days=2)
    assert asked.editor.post(path, {"whom": "everybody"}).status_code == 302
    assert len(letters_to(asked.app, VOS)) == 2
    assert asked.link() != first
    assert "You were sent a newer link." in asked.guest.get(first + "/").get_data(as_text=True)
    with scope_of(cast.supplier):
        assert db.session().scalars(sa.select(DeedInvitation)).one().reminders == 1


def _revoke(asked: Asked, world: World, _scope_of: Scoped, _cast: Cast) -> None:
    asked.editor.post(f"{world.path}/clients/{asked.client_id}/invitation/revoke")


def _archive(asked: Asked, world: World, _scope_of: Scoped, _cast: Cast) -> None:
    asked.editor.post(f"{world.path}/clients/{asked.client_id}/archive")


def _grow_old(asked: Asked, _world: World, _scope_of: Scoped, _cast: Cast) -> None:
    with asked.app.app_context():
        db.begin(writes=True)
        db.session().execute(sa.update(MailedLink).values(expires_at=clock.now() - timedelta(minutes=1)))
        db.commit()


def _newer(_asked: Asked, world: World, scope_of: Scoped, cast: Cast) -> None:
    with scope_of(cast.supplier):
        publish(db.session().scalars(sa.select(DeedVersion).where(DeedVersion.id == world.draft_id)).one(),
                seen=1, today=TODAY)  # fmt: skip


def _taken_back(_asked: Asked, world: World, scope_of: Scoped, cast: Cast) -> None:
    with scope_of(cast.supplier):
        held = sa.select(Acceptance).where(Acceptance.deed_version_id == world.deed_id)
        for row in db.session().scalars(held):
            row.ended_on = TODAY
        db.session().flush()
        revoke_deed(db.session().scalars(sa.select(DeedVersion).where(DeedVersion.id == world.deed_id)).one(),
                    "A mistake.", seen=2, today=TODAY)  # fmt: skip


@pytest.mark.parametrize(
    ("happens", "status", "told"),
    [
        pytest.param(_revoke, 410, "Whoever sent you this link took it back.", id="revoked"),
        pytest.param(_archive, 410, "no longer has you on the list", id="client put away"),
        pytest.param(_grow_old, 410, "This link is too old by now.", id="too old"),
        pytest.param(_newer, 200, "no longer offered", id="a newer version"),
        pytest.param(_taken_back, 200, "no longer offered", id="the deed revoked"),
    ],
)
def test_what_happened_meanwhile_is_a_plain_sentence(
    asked: Asked, world: World, cast: Cast, scope_of: Scoped, happens: Callable[..., None], status: int, told: str
) -> None:
    path = asked.link()
    code = asked.code(path)
    happens(asked, world, scope_of, cast)
    answer = asked.guest.get(path + "/")
    assert answer.status_code == status
    assert told in answer.get_data(as_text=True)
    answer = asked.guest.post(path + "/", {**GOOD, "code": code})
    assert answer.status_code in (410, 422)
    assert told in answer.get_data(as_text=True)
    with scope_of(cast.supplier):
        assert db.session().scalars(sa.select(Declaration)).all() == []


@pytest.mark.parametrize("answer", ["admit", "refuse"])
def test_whoever_accepts_after_the_trigger_is_sent_to_the_foundation(
    asked: Asked, world: World, visitor: Visitors, cast: Cast, scope_of: Scoped, answer: str
) -> None:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.declared_bankrupt_on, row.state = date(2026, 11, 15), SchemeState.TRIGGERED
    path = asked.link()
    assert "the foundation decides whether it admits you" in asked.guest.get(path + "/").get_data(as_text=True)
    assert asked.guest.post(path + "/", {**GOOD, "code": asked.code(path)}).status_code == 303
    assert "the foundation decides" in asked.fresh()
    assert state_on_page(asked, world) == "Late, waits for the foundation"
    officer = visitor(cast.foundation_owner)
    late = f"{world.registrant_path}/late"
    found = re.search(rf"{late}/[0-9a-f-]+", officer.get(late).get_data(as_text=True))
    assert found
    assert officer.post(found.group(), {"answer": answer, "reason": ""}).status_code == 422
    assert officer.post(found.group(), {"answer": answer, "reason": "It has paid."}).status_code == 302
    assert officer.post(found.group(), {"answer": answer, "reason": "It has paid."}).status_code == 404
    assert "It has paid." in asked.fresh()
    with scope_of(cast.supplier):
        accepted = db.session().scalars(sa.select(Acceptance).where(Acceptance.client_id == asked.client_id)).all()
        assert [one.admitted_by for one in accepted] == ([cast.foundation_owner.name] if answer == "admit" else [])
        told = db.session().scalars(sa.select(TrailEntry.action)).all()
        assert ("deed.admitted" if answer == "admit" else "deed.not_admitted") in told


def test_conditions_are_checked_off_one_by_one(asked: Asked, world: World) -> None:
    path = asked.link()
    assert asked.guest.post(path + "/", {**GOOD, "code": asked.code(path)}).status_code == 303
    check = f"{world.path}/clients/{asked.client_id}/deeds/{world.deed_id}/conditions"
    assert asked.editor.post(f"{check}/1", {"met_on": TODAY.isoformat()}).status_code == 422
    assert asked.editor.post(f"{check}/0", {"met_on": "2026-11-23"}).status_code == 422
    assert asked.editor.post(f"{check}/0", {"met_on": TODAY.isoformat()}).status_code == 302
    assert state_on_page(asked, world) == "Accepted, conditions met"
    assert asked.editor.post(f"{check}/0", {"met_on": ""}).status_code == 302
    assert state_on_page(asked, world) == "Accepted, conditions open"
