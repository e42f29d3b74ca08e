"""Somebody is signed out, or loses their account, while a page about themselves is kept: nothing is kept after that."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from core import clock, db
from plans.models import Contact
from tenants import door, sessions, staying
from tenants.models import AccountEvent, LinkPurpose, LoginSession, MailedLink, ReminderChoice, User
from tenants.sign_in import services as accounts
from tests.cast import Cast, Person
from tests.plans.items_scene import ScopeOf
from tests.races.meanwhile import meanwhile
from tests.visitor import Visitor

BEFORE = pytest.mark.parametrize("before", [True, False], ids=["before it is written", "before it is kept"])


@pytest.fixture
def judged() -> bool:
    """Whoever judges meanwhile has tests of its own."""
    return False


def sign_out(person: Person) -> None:
    sessions.end_others(person.id, at=clock.now())


def sign_out_here(person: Person) -> None:
    (one,) = db.session().scalars(sa.select(LoginSession.id).where(LoginSession.user_id == person.id))
    sessions.end_session(person.id, one, at=clock.now())


def disable(person: Person) -> None:
    accounts.disable(db.session().get_one(User, person.id), at=clock.now())


TAKEN: dict[str, Callable[[Person], None]] = {
    "all sessions": sign_out,
    "this session": sign_out_here,
    "account": disable,
}
# What is sent, and how many rows are there once it was kept. The second asks for a fresh proof.
PAGES: dict[str, tuple[str, dict[str, str], sa.Select[int]]] = {
    "how often": ("/account/reminders/", {"frequency": "weekly"}, sa.select(sa.func.count(ReminderChoice.user_id))),
    "another address": (
        "/account/email",
        {"email": "new@people.example"},
        sa.select(sa.func.count(MailedLink.id)).where(MailedLink.purpose == LinkPurpose.EMAIL_CHANGE),
    ),
}


def taking(app: Flask, take: Callable[[Person], None], person: Person) -> Callable[[], None]:
    def act() -> None:
        with app.app_context(), current_app.test_request_context():
            db.begin(writes=True)
            take(person)
            db.commit()

    return act


def count(app: Flask, query: sa.Select[int]) -> int:
    with app.app_context():
        return db.session().scalars(query).one()


@BEFORE
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("what", TAKEN)
def test_nothing_about_oneself_is_kept_once_signed_out(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, what: str, page: str, before: bool
) -> None:
    visitor, (path, sent, rows) = Visitor(app, cast.editor), PAGES[page]
    assert visitor.token
    place, name = (door, "_visitor") if before else (staying, "stay_signed_in")
    with meanwhile(monkeypatch, place, name, taking(app, TAKEN[what], cast.editor), after=True) as taken:
        answer = visitor.post(path, sent)
    kept = count(app, rows)
    assert answer.status_code == 302
    assert ("/sign-in" in answer.location, kept) == ((True, 0) if taken.first else (False, 1))
    assert before or not taken.first, "whoever was looked at again has the turn until it is kept"
    again = visitor.post(path, sent)
    assert (again.status_code, "/sign-in" in again.location) == (302, True)
    assert count(app, rows) == kept
    refused = sa.select(AccountEvent.changes).where(AccountEvent.action == "access.denied")
    with app.app_context():
        told = [changes["wanted"] for changes in db.session().scalars(refused)]
    assert told == (["account"] if taken.first else [])


@BEFORE
def test_nothing_of_an_organisation_is_kept_once_signed_out(
    app: Flask, cast: Cast, scope_of: ScopeOf, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    visitor, path = Visitor(app, cast.editor), "/o/bakery/registers/contacts/new"
    assert visitor.token
    place, name = (door, "find_standing") if before else (staying, "stay")
    with meanwhile(monkeypatch, place, name, taking(app, sign_out, cast.editor), after=True) as taken:
        status = visitor.post(path, {"name": "Fatima", "version": "0"}).status_code
    with scope_of(cast.bakery):
        kept = db.session().scalars(sa.select(Contact.name)).all()
    assert (status, kept) == ((404, []) if taken.first else (302, ["Fatima"]))
    assert before or not taken.first, "whoever was looked at again has the turn until it is kept"


def test_whoever_signs_out_by_choice_is_not_refused(app: Flask, cast: Cast) -> None:
    for path in ("/sign-out", "/security/sessions/{}/end"):
        visitor = Visitor(app, cast.editor)
        assert visitor.token
        with app.app_context():
            query = sa.select(LoginSession.id).where(LoginSession.user_id == cast.editor.id)
            one = db.session().scalars(query.where(LoginSession.ended_at.is_(None))).one()
        assert visitor.post(path.format(one)).status_code in {302, 303}
        with app.app_context():
            assert db.session().get_one(LoginSession, one).ended_at is not None, path
            denied = sa.select(sa.func.count(AccountEvent.id)).where(AccountEvent.action == "access.denied")
            assert db.session().scalars(denied).one() == 0
