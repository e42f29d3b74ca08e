"""A mailed link is answered while whoever sent it takes it back: one of the two counts, and neither waits for ever."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from plans.models import Assignment
from tenants import links
from tenants.models import LinkPurpose, MailedLink, PlanLink
from tenants.personal_links import opening
from tests.cast import Cast
from tests.grants.test_inviting import ASK, invitations, invite, token_of
from tests.mailbox import last_letter, link_in
from tests.personal_links.test_links import ask, henk, link_id
from tests.plans.items_scene import ScopeOf
from tests.races.meanwhile import meanwhile
from tests.visitor import Visitor

__all__ = ["henk"]


@pytest.fixture
def judged() -> bool:
    """Whoever judges meanwhile has tests of its own."""
    return False


@pytest.fixture
def pair(app: Flask, cast: Cast, henk: object) -> tuple[Visitor, str, Visitor, str]:
    """Who has a link and its address, and who sent it and the address at which that is taken back."""
    link = ask(app, cast, henk)  # type: ignore[arg-type]
    guest, sender = Visitor(app), Visitor(app, cast.editor)
    assert guest.token
    assert sender.token
    return guest, link, sender, f"/o/bakery/links/{link_id(app, cast.bakery)}"


def settled(cast: Cast, scope_of: ScopeOf) -> tuple[bool, bool, bool]:
    """Return whether the link was answered, whether it was revoked, and whether the answer was written down."""
    with scope_of(cast.bakery):
        one = db.session().scalars(sa.select(PlanLink)).one()
        known = db.session().scalar(sa.select(Assignment.acknowledged_on).where(Assignment.seat == "management"))
        return one.answered_at is not None, one.revoked_at is not None, known is not None


@pytest.mark.parametrize("what", ["revoke", "resend"])
def test_who_answers_first_has_answered(
    cast: Cast, scope_of: ScopeOf, pair: tuple[Visitor, str, Visitor, str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    guest, link, sender, path = pair

    def take_back() -> int:
        return sender.post(f"{path}/{what}").status_code

    with meanwhile(monkeypatch, opening, "spend", take_back, after=True) as took:
        assert guest.post(link).status_code == 303
    assert took() == 302
    assert settled(cast, scope_of) == (True, False, True)
    with scope_of(cast.bakery):
        live = MailedLink.purpose == LinkPurpose.PLAN, MailedLink.ended_at.is_(None)
        assert db.session().scalars(sa.select(MailedLink.id).where(*live)).all() == []


def test_who_takes_it_back_first_gets_no_answer(
    cast: Cast, scope_of: ScopeOf, pair: tuple[Visitor, str, Visitor, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, link, sender, path = pair
    with meanwhile(monkeypatch, links, "end", lambda: guest.post(link).status_code) as answered:
        assert sender.post(f"{path}/revoke").status_code == 302
    assert answered() in {303, 410}
    assert settled(cast, scope_of) == (False, True, False)


@pytest.mark.parametrize("what", ["withdraw", "resend"])
def test_a_client_that_answers_and_the_reseller_that_takes_it_back_do_not_wait_for_each_other(
    app: Flask, cast: Cast, scope_of: ScopeOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    reseller, client = Visitor(app, cast.supplier_owner), Visitor(app, cast.owner)
    invite(reseller, tmp_path, f"Bakkerij;;{cast.owner.email}\n")
    token, row = token_of(app), invitations(scope_of, cast.supplier)[0]
    assert client.token

    def take_back() -> int:
        return reseller.post(f"/o/supplier/clients/invitations/{row.id}/{what}").status_code

    with meanwhile(monkeypatch, links, "spend", take_back, after=True) as took:
        assert client.post(f"/o/bakery/client-invitation/{token}", ASK).status_code == 302
    assert took() == 302
    (after,) = invitations(scope_of, cast.supplier)
    assert (after.accepted_at is not None, after.withdrawn_at) == (True, None)


def test_another_address_and_a_new_password_at_once_do_not_wait_for_each_other(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, guest, new = Visitor(app, cast.editor), Visitor(app), "nieuw.adres@people.example"
    assert person.post("/account/email", {"email": new}).status_code == 302
    assert guest.post("/reset", {"email": cast.editor.email}).status_code == 302
    address, password = link_in(last_letter(app, new)), link_in(last_letter(app, cast.editor.email))
    assert person.token
    sent = {"password": "een zin die niemand raadt", "again": "een zin die niemand raadt"}
    with meanwhile(monkeypatch, links, "spend", lambda: guest.post(password, sent).status_code, after=True) as chosen:
        assert person.post(address).status_code == 302
    assert chosen() in {302, 410}
    assert guest.post(password, sent).status_code == 410, "it was used, or ended with the address"
