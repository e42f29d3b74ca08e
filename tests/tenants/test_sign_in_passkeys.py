"""Passkeys: what a device must have signed, for whom, when and where; the browser itself is driven elsewhere."""

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app import create_app
from core import clock, db
from tenants.models import Passkey
from tenants.sign_in import passkeys
from tests.cast import Cast, Person
from tests.conftest import settings_for
from tests.tenants.sign_in_steps import give_app, sessions_of, signed_in_with_app, token_of
from tests.tenants.software_key import SoftwareKey
from tests.visitor import Visitor


def options_of(visitor: Visitor, path: str) -> dict[str, Any]:
    page = visitor.get(path).get_data(as_text=True)
    found = re.search(r'data-options="([^"]*)"', page)
    assert found, f"{path} asks for no passkey"
    options = json.loads(html.unescape(found.group(1)))
    assert isinstance(options, dict)
    return options


def add_key(visitor: Visitor, key: SoftwareKey, name: str = "laptop") -> int:
    made = key.make(options_of(visitor, "/security/passkeys/new"))
    return visitor.post("/security/passkeys/new", {"name": name, "credential": made}).status_code


def sign_in(app: Flask, key: SoftwareKey) -> Visitor:
    visitor = Visitor(app)
    shown = key.show(options_of(visitor, "/sign-in"))
    visitor.post("/sign-in", {"credential": shown})
    visitor._token = ""
    return visitor


@pytest.fixture
def key(app: Flask, cast: Cast) -> SoftwareKey:
    """A passkey of the bakery's owner."""
    key = SoftwareKey(count=1)
    assert add_key(Visitor(app, cast.owner), key) == 200, "the first factor comes with recovery codes"
    return key


def count_of(app: Flask, person: Person) -> list[int]:
    with app.app_context():
        db.begin(writes=False)
        return list(db.session().scalars(sa.select(Passkey.sign_count).where(Passkey.user_id == person.id)))


def test_passkey_alone_signs_in_strongly(app: Flask, cast: Cast, key: SoftwareKey) -> None:
    visitor = sign_in(app, key)
    assert visitor.get("/o/bakery/settings").status_code == 200
    assert sessions_of(app, cast.owner)[-1].strong
    assert count_of(app, cast.owner) == [2]


def test_passkey_without_pin_or_finger_is_a_second_step_only(app: Flask, cast: Cast, key: SoftwareKey) -> None:
    key.verified = False
    assert token_of(sign_in(app, key)) == ""
    visitor = Visitor(app)
    assert visitor.sign_in(cast.owner.email).location == "/sign-in/second-step"
    shown = key.show(options_of(visitor, "/sign-in/second-step"))
    assert visitor.post("/sign-in/second-step", {"credential": shown}).status_code == 302
    assert sessions_of(app, cast.owner)[-1].strong


def test_passkey_of_somebody_else_is_no_second_step(app: Flask, cast: Cast, key: SoftwareKey) -> None:
    give_app(app, cast.editor)
    theirs = SoftwareKey()
    assert add_key(signed_in_with_app(app, cast.editor), theirs) == 303
    visitor = Visitor(app)
    visitor.sign_in(cast.editor.email)
    shown = key.show(options_of(visitor, "/sign-in/second-step"))
    assert visitor.post("/sign-in/second-step", {"credential": shown}).status_code == 422
    shown = theirs.show(options_of(visitor, "/sign-in/second-step"))
    assert visitor.post("/sign-in/second-step", {"credential": shown}).status_code == 302


def copied(key: SoftwareKey) -> SoftwareKey:
    key.count -= 1
    return key


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(lambda key: setattr(key, "origin", "https://waarborg.evil.example"), id="another site"),
        pytest.param(lambda key: setattr(key, "count", 0), id="a counter that went back"),
        pytest.param(lambda key: setattr(key, "user_handle", b"somebody else"), id="the handle of another person"),
        pytest.param(lambda key: setattr(key, "credential_id", b"unknown"), id="a key nobody added"),
        pytest.param(lambda key: setattr(key, "key", SoftwareKey().key), id="signed by another key"),
    ],
)
def test_what_does_not_fit_opens_nothing(
    app: Flask, cast: Cast, key: SoftwareKey, lie: Callable[[SoftwareKey], None]
) -> None:
    sign_in(app, key)
    lie(key)
    visitor = Visitor(app)
    shown = key.show(options_of(visitor, "/sign-in"))
    assert visitor.post("/sign-in", {"credential": shown}).status_code == 422
    assert token_of(visitor) == ""


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", "not json", '{"id": 5}', '{"id": "a", "rawId": "a", "response": {}}', "\x00"]
)
def test_nonsense_is_refused_politely(app: Flask, credential: str) -> None:
    visitor = Visitor(app)
    options_of(visitor, "/sign-in")
    assert visitor.post("/sign-in", {"credential": credential}).status_code == 422


def test_answer_works_once_even_with_the_cookie_of_then(app: Flask, cast: Cast, key: SoftwareKey) -> None:
    key.count = 0  # a key that does not count, as platform keys are
    with app.app_context():
        db.begin(writes=True)
        db.session().execute(sa.update(Passkey).values(sign_count=0))
        db.commit()
    visitor, thief = Visitor(app), Visitor(app)
    shown = key.show(options_of(visitor, "/sign-in"))
    token, kept = visitor.token, visitor.client.get_cookie("waarborg")
    assert kept is not None
    assert visitor.post("/sign-in", {"credential": shown}).status_code == 302
    thief.client.set_cookie("waarborg", kept.value)
    assert thief.client.post("/sign-in", data={"csrf_token": token, "credential": shown}).status_code == 422


def test_answer_to_another_browser_opens_nothing(app: Flask, key: SoftwareKey) -> None:
    visitor, other = Visitor(app), Visitor(app)
    shown = key.show(options_of(visitor, "/sign-in"))
    options_of(other, "/sign-in")
    assert other.post("/sign-in", {"credential": shown}).status_code == 422


def test_challenge_grows_old(app: Flask, key: SoftwareKey) -> None:
    visitor = Visitor(app)
    shown = key.show(options_of(visitor, "/sign-in"))
    with time_machine.travel(clock.now() + passkeys.GOOD_FOR + timedelta(seconds=1), tick=False):
        assert visitor.post("/sign-in", {"credential": shown}).status_code == 422


def test_two_pages_opened_after_each_other_share_a_challenge(app: Flask, key: SoftwareKey) -> None:
    visitor = Visitor(app)
    first, second = options_of(visitor, "/sign-in"), options_of(visitor, "/sign-in")
    assert first["challenge"] == second["challenge"]
    with time_machine.travel(clock.now() + passkeys.RENEW_AFTER + timedelta(seconds=1), tick=False):
        assert options_of(visitor, "/sign-in")["challenge"] != first["challenge"]


def test_disabled_person_does_not_come_in_by_passkey(app: Flask, cast: Cast, key: SoftwareKey) -> None:
    app.test_cli_runner().invoke(args=["user", "disable", cast.owner.email])
    assert token_of(sign_in(app, key)) == ""


def test_removed_passkey_opens_nothing(app: Flask, cast: Cast, key: SoftwareKey) -> None:
    visitor = sign_in(app, key)
    visitor.person = cast.owner
    page = visitor.get("/security/").get_data(as_text=True)
    remove = re.search(r'action="(/security/passkeys/[0-9a-f-]+/remove)"', page)
    assert remove
    visitor.post(remove.group(1))
    assert token_of(sign_in(app, key)) == ""


def test_passkey_proves_somebody_once_more(app: Flask, cast: Cast, key: SoftwareKey) -> None:
    visitor = sign_in(app, key)
    visitor.person = cast.owner
    with time_machine.travel(clock.now() + timedelta(minutes=15), tick=False):
        assert visitor.get("/security/app").status_code == 303
        shown = key.show(options_of(visitor, "/prove"))
        assert visitor.post("/prove", {"credential": shown}).status_code == 303
        assert visitor.get("/security/app").status_code == 200


def test_one_device_belongs_to_one_person(app: Flask, cast: Cast, key: SoftwareKey) -> None:
    editor = Visitor(app, cast.editor)
    assert add_key(editor, key) == 422
    assert count_of(app, cast.editor) == []


def test_there_is_an_end_to_the_number_of_passkeys(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    for number in range(passkeys.MOST):
        assert add_key(visitor, SoftwareKey(), f"key {number}") in {200, 303}
    assert add_key(visitor, SoftwareKey()) == 422
    assert len(count_of(app, cast.owner)) == passkeys.MOST


def test_device_is_told_which_passkeys_there_are_already(app: Flask, cast: Cast, key: SoftwareKey) -> None:
    visitor = sign_in(app, key)
    visitor.person = cast.owner
    assert len(options_of(visitor, "/security/passkeys/new")["excludeCredentials"]) == 1
    assert options_of(Visitor(app), "/sign-in")["allowCredentials"] == [], "nobody learns which keys there are"


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("http://localhost:8000", True),
        ("https://plan.example", True),
        ("http://plan.example", False),
        ("https://192.0.2.7", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_passkeys_are_offered_where_browsers_allow_them(
    app: Flask, tmp_path: Any, address: str, possible: bool
) -> None:
    settings = app.config["SETTINGS"]
    other = create_app(settings_for(settings.database_url, settings.owner_database_url, tmp_path, BASE_URL=address))
    with other.app_context():
        assert (passkeys.site() is not None) is possible
        db.engine().dispose()
