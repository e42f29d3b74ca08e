"""Signing in and out, what a session is worth, and one commit per request."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from plans.models import Contact
from tenants.door import needs
from tenants.models import AccountEvent, LoginSession, Membership, Tenant, TrailEntry, User
from tenants.permissions import Permission
from tenants.scope import LockError, reading, scoped, whole
from tenants.sessions import token_hash
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """The service of each test alone: some add a route that fails."""
    return own_app


def test_wrong_password_and_unknown_account_read_the_same(app: Flask, cast: Cast) -> None:
    def answer(email: str) -> tuple[int, str]:
        page = Visitor(app).sign_in(email, "not the password")
        return page.status_code, re.sub(r'(value|data-options)="[^"]*"', "", page.get_data(as_text=True))

    known, unknown = answer(cast.owner.email), answer("nobody@people.example")
    assert known == unknown
    assert known[0] == 422


@pytest.mark.once
@pytest.mark.parametrize(
    ("takes", "kind"),
    [("", "text/html"), ("*/*", "text/html"), ("text/html,*/*;q=0.8", "text/html"), ("text/calendar", "text/plain")],
)
def test_mistake_is_told_in_plain_words_to_who_takes_no_pages(app: Flask, takes: str, kind: str) -> None:
    answer = Visitor(app).get("/nowhere", headers={"Accept": takes, "Accept-Language": "en"})
    told = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (404, kind)
    assert "This page does not exist, or it is not yours." in told
    assert answer.headers["X-Request-Id"] in told
    assert (kind == "text/html") == ("</" in told)


def test_sign_in_leads_home_and_makes_a_new_session(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app)
    before = visitor.token
    answer = visitor.sign_in(cast.owner.email)
    assert answer.status_code == 302
    visitor._token = ""
    visitor.person = cast.owner
    assert visitor.token != before


def test_sign_in_returns_to_the_page_asked_for_but_never_to_another_site(app: Flask, cast: Cast) -> None:
    for target, expected in (
        ("/o/bakery/settings", "/o/bakery/settings"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("/\t/elsewhere.example", "/"),
    ):
        visitor = Visitor(app)
        answer = visitor.post(
            "/sign-in", {"email": cast.owner.email, "password": PASSWORD}, query_string={"next": target}
        )
        assert answer.headers["Location"] == expected, target


def test_copied_cookie_is_worthless_after_sign_out(app: Flask, cast: Cast) -> None:
    visitor, thief = Visitor(app, cast.owner), Visitor(app)
    cookie = visitor.client.get_cookie("waarborg")
    assert cookie is not None
    visitor.post("/sign-out")
    thief.client.set_cookie("waarborg", cookie.value)
    assert thief.get("/organisations").status_code == 302


def test_session_ends_after_idle_time_and_after_its_longest_time(app: Flask, cast: Cast) -> None:
    start = clock.now()
    visitor = Visitor(app, cast.owner)
    with time_machine.travel(start + timedelta(minutes=29), tick=False):
        assert visitor.get("/organisations").status_code == 200
    with time_machine.travel(start + timedelta(minutes=58), tick=False):
        assert visitor.get("/organisations").status_code == 200, "being seen keeps a session alive"
    with time_machine.travel(start + timedelta(minutes=89), tick=False):
        assert visitor.get("/organisations").status_code == 302
    visitor = Visitor(app, cast.owner)
    for minutes in range(20, 720, 20):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
            assert visitor.get("/organisations").status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=721), tick=False):
        assert visitor.get("/organisations").status_code == 302


def test_disabled_person_is_out_at_the_next_request(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    with app.app_context():
        db.begin(writes=True)
        user = db.session().get_one(User, cast.owner.id)
        user.disabled_at = clock.now()
        db.commit()
    assert visitor.get("/organisations").status_code == 302
    assert Visitor(app).sign_in(cast.owner.email).status_code == 422


def test_membership_that_ended_is_gone_at_the_next_request(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.editor)
    assert visitor.get("/o/bakery/settings").status_code == 200
    with app.app_context(), scoped(whole(cast.bakery.id)):
        row = db.session().scalars(sa.select(Membership).where(Membership.user_id == cast.editor.id)).one()
        row.ends_at = clock.now()
    assert visitor.get("/o/bakery/settings").status_code == 404


def test_database_keeps_only_the_hash_of_a_session(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    with visitor.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with app.app_context():
        db.begin(writes=False)
        kept = db.session().scalars(sa.select(LoginSession.token_hash)).all()
    assert token_hash(token) in kept
    assert token not in kept


def test_settings_change_is_kept_and_told_in_the_trail(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    form = {
        "name": "Bakkerij Maneschijn",
        "kvk": "01234567",
        "rsin": "",
        "vat": "",
        "language": "nl",
        "zone": "Europe/Amsterdam",
    }
    assert visitor.post("/o/bakery/settings/edit", form).status_code == 302
    with app.app_context(), scoped(reading(frozenset({cast.bakery.id})), writes=False):
        tenant = db.session().get_one(Tenant, cast.bakery.id)
        assert (tenant.name, tenant.kvk) == ("Bakkerij Maneschijn", "01234567")
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "organisation.changed")).one()
        assert entry.changes["kvk"] == [None, "01234567"]
        assert (entry.actor, entry.role) == (cast.owner.name, "owner")


def test_bad_settings_come_back_with_what_was_typed(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    form = {"name": "", "kvk": "123", "rsin": "111", "vat": "NL1", "language": "nl", "zone": "Mars/Base"}
    answer = visitor.post("/o/bakery/settings/edit", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="123"' in page
    assert page.count('class="invalid-feedback') + page.count("aria-invalid") >= 4


def test_language_choice_stays_on_the_page_and_with_the_person(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    answer = visitor.post("/language", {"language": "nl", "back": "/o/bakery/settings"})
    assert answer.headers["Location"] == "/o/bakery/settings"
    assert '<html lang="nl"' in visitor.get("/organisations").get_data(as_text=True)
    assert visitor.post("/language", {"language": "tlh"}).status_code == 404


def test_get_cannot_write_even_behind_a_permission_that_may(app: Flask, cast: Cast) -> None:
    def careless() -> str:
        db.session().add(Contact(name="Stil gewijzigd"))
        with pytest.raises(LockError, match="only reads"):
            db.session().flush()
        db.session().expunge_all()
        return "tried"

    app.add_url_rule("/o/<slug>/careless", "careless", needs(Permission.PLAN_EDIT)(careless))
    assert Visitor(app, cast.owner).get("/o/bakery/careless").data == b"tried"


def test_refused_change_is_dropped_whole(app: Flask, cast: Cast, scope_of: Callable[..., Any]) -> None:
    def halfway() -> tuple[str, int]:
        db.session().add(Contact(name="Half bewaard"))
        db.session().flush()
        return "no", 422

    app.add_url_rule("/o/<slug>/halfway", "halfway", needs(Permission.PLAN_EDIT)(halfway), methods=["POST"])
    assert Visitor(app, cast.owner).post("/o/bakery/halfway").status_code == 422
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(Contact)).all() == []


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [("reader", "/o/bakery/settings/edit", 403), ("stranger", "/o/bakery/plan/", 404), ("owner", "/o/nowhere/", 404)],
)
def test_whoever_is_refused_is_written_down(app: Flask, cast: Cast, who: str, path: str, status: int) -> None:
    visitor = Visitor(app, getattr(cast, who))
    assert visitor.get(path).status_code == status
    with app.app_context():
        query = sa.select(AccountEvent).where(AccountEvent.action == "access.denied")
        told = db.session().scalars(query).one()
        assert told.user_id == getattr(cast, who).id
        assert (told.changes["where"], told.changes["status"]) == (path.split("/")[2], status)
