"""A lost password: the answer tells nobody who has an account, the link works once, and everything else ends."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from tenants.links import LIFE
from tenants.models import AccountEvent, LinkPurpose, MailedLink, TotpFactor, User
from tenants.sign_in.limits import PER_ADDRESS
from tests.cast import PASSWORD, Cast
from tests.mailbox import last_letter, letters_to, link_in
from tests.visitor import Visitor

Counting = Callable[[], AbstractContextManager[list[str]]]
FRESH = "fiets langs de waterkant"
NOBODY = "nobody@people.example"


def ask(app: Flask, email: str) -> str:
    """Ask for a link and return its path."""
    assert Visitor(app).post("/reset", {"email": email}).status_code == 302
    return link_in(last_letter(app, email))


def test_new_password_works_and_the_old_one_does_not(app: Flask, cast: Cast) -> None:
    link = ask(app, cast.owner.email)
    page = Visitor(app).get(link)
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert Visitor(app).post(link, {"password": FRESH}).headers["Location"] == "/sign-in"
    assert Visitor(app).sign_in(cast.owner.email, PASSWORD).status_code == 422
    assert Visitor(app).sign_in(cast.owner.email, FRESH).status_code == 302
    first, told = letters_to(app, cast.owner.email)
    assert told["Subject"] != first["Subject"]
    assert "/reset/" not in told.get_content()


def test_every_session_ends(app: Flask, cast: Cast) -> None:
    elsewhere = Visitor(app, cast.owner)
    Visitor(app).post(ask(app, cast.owner.email), {"password": FRESH})
    assert elsewhere.get("/organisations").headers["Location"].startswith("/sign-in")


def test_known_and_unknown_address_read_the_same_and_cost_the_same(
    app: Flask, cast: Cast, count_queries: Counting
) -> None:
    def answer(email: str) -> tuple[int, str, str, list[str]]:
        visitor = Visitor(app)
        visitor.get("/reset")
        token = visitor.token
        with count_queries() as sent:
            told = visitor.client.post("/reset", data={"csrf_token": token, "email": email})
        after = visitor.get("/reset/sent").get_data(as_text=True)
        verbs = [statement.split()[0] for statement in sent]
        return told.status_code, told.headers["Location"], re.sub(r'value="[^"]*"', "", after), verbs

    answer(NOBODY)
    assert answer(cast.owner.email) == answer("somebody@people.example")


def test_letter_to_nobody_holds_no_link(app: Flask) -> None:
    Visitor(app).post("/reset", {"email": NOBODY})
    assert "/reset/" not in last_letter(app, NOBODY).get_content()


def test_link_works_once_for_an_hour_and_only_the_newest(app: Flask, cast: Cast) -> None:
    older, newer = ask(app, cast.owner.email), ask(app, cast.owner.email)
    assert Visitor(app).get(older).status_code == 410
    assert Visitor(app).post(older, {"password": FRESH}).status_code == 410
    with time_machine.travel(clock.now() + LIFE[LinkPurpose.RESET], tick=False):
        assert Visitor(app).post(newer, {"password": FRESH}).status_code == 410
    assert Visitor(app).get(newer).status_code == 200
    assert Visitor(app).post(newer, {"password": FRESH}).status_code == 302
    assert Visitor(app).post(newer, {"password": FRESH}).status_code == 410


@pytest.mark.parametrize("weak", ["short", "wachtwoord12345", "owner@people.example"])
def test_weak_password_leaves_the_link_alive(app: Flask, cast: Cast, weak: str) -> None:
    link = ask(app, cast.owner.email)
    assert Visitor(app).post(link, {"password": weak}).status_code == 422
    assert Visitor(app).post(link, {"password": FRESH}).status_code == 302


def test_second_factor_stays(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        factor = TotpFactor(user_id=cast.owner.id, secret=pyotp.random_base32(), last_step=0, added_at=clock.now())
        db.session().add(factor)
        db.commit()
    Visitor(app).post(ask(app, cast.owner.email), {"password": FRESH})
    visitor = Visitor(app)
    answer = visitor.sign_in(cast.owner.email, FRESH)
    assert "/sign-in/second-step" in answer.headers["Location"]
    assert visitor.get("/organisations").status_code == 302


def test_disabled_person_gets_no_link_and_one_sent_before_is_dead(app: Flask, cast: Cast) -> None:
    link = ask(app, cast.reader.email)
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(User, cast.reader.id).disabled_at = clock.now()
        db.commit()
    assert Visitor(app).post(link, {"password": FRESH}).status_code == 410
    Visitor(app).post("/reset", {"email": cast.reader.email})
    assert "/reset/" not in last_letter(app, cast.reader.email).get_content()


def test_mailbox_gets_three_letters_an_hour_at_most(app: Flask, cast: Cast) -> None:
    for _ in range(6):
        assert Visitor(app).post("/reset", {"email": cast.owner.email}).status_code == 302
    assert len(letters_to(app, cast.owner.email)) == 3
    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1), tick=False):
        Visitor(app).post("/reset", {"email": cast.owner.email})
        assert len(letters_to(app, cast.owner.email)) == 4


def test_one_visitor_does_not_ask_for_everybody(app: Flask) -> None:
    visitor = Visitor(app)
    answers = [visitor.post("/reset", {"email": f"p{n}@people.example"}).status_code for n in range(PER_ADDRESS + 1)]
    assert answers == [302] * PER_ADDRESS + [429]


def test_trail_of_the_account_tells_it_without_the_secret(app: Flask, cast: Cast) -> None:
    link = ask(app, cast.owner.email)
    Visitor(app).post(link, {"password": FRESH})
    with app.app_context():
        db.begin(writes=False)
        told = db.session().scalars(sa.select(AccountEvent).where(AccountEvent.action == "password.changed")).one()
        hashes = db.session().scalars(sa.select(MailedLink.token_hash)).all()
        assert told.user_id == cast.owner.id
        assert FRESH not in str(told.changes)
        assert link.rpartition("/")[2] not in hashes
        db.rollback()
