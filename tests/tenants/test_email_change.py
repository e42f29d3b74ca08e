"""Another e-mail address: confirmed at the new one by the person who asked, told to the old one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from tenants.models import AccountEvent, User
from tests.cast import Cast
from tests.mailbox import last_letter, letters_to, link_in
from tests.visitor import Visitor

NEW = "nieuw.adres@people.example"


def ask(app: Flask, visitor: Visitor, email: str = NEW) -> str:
    """Ask for the change and return the path of the link in the mail to the new address."""
    assert visitor.post("/account/email", {"email": email}).status_code == 302
    return link_in(last_letter(app, email))


def address_of(app: Flask, cast: Cast) -> str:
    with app.app_context():
        db.begin(writes=False)
        found = db.session().get_one(User, cast.owner.id).email
        db.rollback()
    return found


def test_address_changes_when_it_is_confirmed_and_not_before(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    link = ask(app, visitor)
    assert visitor.get(link).status_code == 200
    assert address_of(app, cast) == cast.owner.email
    assert visitor.post(link).status_code == 302
    assert address_of(app, cast) == NEW
    assert Visitor(app).sign_in(NEW).status_code == 302
    assert Visitor(app).sign_in(cast.owner.email).status_code == 422
    assert visitor.post(link).status_code == 410
    assert NEW not in last_letter(app, cast.owner.email).get_content(), "the old mailbox may be somebody else's now"


def test_only_the_person_who_asked_can_confirm(app: Flask, cast: Cast) -> None:
    link = ask(app, Visitor(app, cast.owner))
    assert Visitor(app).get(link).headers["Location"].startswith("/sign-in")
    assert Visitor(app, cast.stranger).get(link).status_code == 410
    assert Visitor(app, cast.stranger).post(link).status_code == 410
    assert address_of(app, cast) == cast.owner.email


def test_address_of_somebody_else_is_told_to_nobody_but_them(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    free = visitor.post("/account/email", {"email": NEW})
    taken = visitor.post("/account/email", {"email": cast.stranger.email})
    assert (free.status_code, free.headers["Location"]) == (taken.status_code, taken.headers["Location"])
    text = last_letter(app, cast.stranger.email).get_content()
    assert "/account/email/" not in text
    assert f"{app.config['SETTINGS'].base_url}/sign-in" in text.splitlines()
    assert address_of(app, cast) == cast.owner.email


def test_address_that_was_taken_meanwhile_is_refused(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    link = ask(app, visitor)
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(User, cast.stranger.id).email = NEW
        db.commit()
    assert visitor.post(link).status_code == 422
    assert address_of(app, cast) == cast.owner.email


def test_newer_link_ends_the_older_and_a_day_ends_both(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    older = ask(app, visitor)
    newer = ask(app, visitor, "nog.nieuwer@people.example")
    assert visitor.get(older).status_code == 410
    assert visitor.get(newer).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert Visitor(app, cast.owner).post(newer).status_code == 410


def test_link_for_a_new_password_sent_to_the_old_address_dies(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    Visitor(app).post("/reset", {"email": cast.owner.email})
    reset = link_in(last_letter(app, cast.owner.email))
    visitor.post(ask(app, visitor))
    assert Visitor(app).get(reset).status_code == 410


def test_somebody_who_proved_nothing_for_a_while_proves_it_first(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert visitor.get("/account/email").headers["Location"].startswith("/prove?next=")
    with time_machine.travel(clock.now() + timedelta(minutes=29), tick=False):
        visitor.get("/account/email")
    with time_machine.travel(clock.now() + timedelta(minutes=45), tick=False):
        assert visitor.post("/account/email", {"email": NEW}).headers["Location"].startswith("/prove?next=")
    assert letters_to(app, NEW) == []


@pytest.mark.parametrize("wrong", ["", "geen adres", "a@b.example, c@d.example", "owner@people.example"])
def test_what_is_no_other_address_is_refused(app: Flask, cast: Cast, wrong: str) -> None:
    assert Visitor(app, cast.owner).post("/account/email", {"email": wrong}).status_code == 422


def test_trail_of_the_account_tells_both_addresses(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    visitor.post(ask(app, visitor))
    with app.app_context():
        db.begin(writes=False)
        told = db.session().scalars(sa.select(AccountEvent).where(AccountEvent.action == "email.changed")).one()
        assert told.changes["email"] == [cast.owner.email, NEW]
        db.rollback()
