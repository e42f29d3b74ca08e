"""Signing in with two steps: what each step opens, and what it never opens."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask

from core import clock, db
from tenants.models import TotpFactor
from tenants.sign_in import half, services, totp
from tests.cast import PASSWORD, Cast
from tests.tenants.sign_in_steps import (
    SECRET,
    code,
    give_app,
    hidden,
    sessions_of,
    signed_in_with_app,
    token_of,
    user_of,
    wrong_code,
)
from tests.visitor import Visitor


def test_password_alone_is_half_a_sign_in_for_whoever_has_a_second_step(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    visitor = Visitor(app)
    answer = visitor.post(
        "/sign-in", {"email": cast.owner.email, "password": PASSWORD}, query_string={"next": "/o/bakery/"}
    )
    assert answer.location == "/sign-in/second-step?next=/o/bakery/"
    for path in ("/organisations", "/o/bakery/settings", "/security/", "/prove"):
        assert "/sign-in" in visitor.get(path).location, f"{path} opened by half a sign-in"
    assert sessions_of(app, cast.owner) == []


def test_code_completes_the_sign_in_as_a_strong_one(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    visitor = Visitor(app)
    visitor.sign_in(cast.owner.email)
    answer = visitor.post("/sign-in/second-step", {"code": code()}, query_string={"next": "/o/bakery/settings"})
    assert answer.location == "/o/bakery/settings"
    assert visitor.get("/o/bakery/settings").status_code == 200
    assert [row.strong for row in sessions_of(app, cast.owner)] == [True]


def test_person_without_a_second_step_signs_in_weakly(app: Flask, cast: Cast) -> None:
    Visitor(app).sign_in(cast.stranger.email)
    assert [row.strong for row in sessions_of(app, cast.stranger)] == [False]


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_clock_of_the_phone_may_be_half_a_minute_off(app: Flask, cast: Cast, off: int) -> None:
    give_app(app, cast.owner)
    with time_machine.travel(clock.now(), tick=False):
        assert signed_in_with_app(app, cast.owner, off=off).get("/organisations").status_code == 200


@pytest.mark.parametrize("off", [-2, 2])
def test_codes_of_other_times_are_refused(app: Flask, cast: Cast, off: int) -> None:
    give_app(app, cast.owner)
    visitor = Visitor(app)
    with time_machine.travel(clock.now(), tick=False):
        visitor.sign_in(cast.owner.email)
        assert visitor.post("/sign-in/second-step", {"code": code(off=off)}).status_code == 422
        assert token_of(visitor) == ""


def test_code_and_every_older_one_work_once(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    with time_machine.travel(clock.now(), tick=False):
        signed_in_with_app(app, cast.owner)
        for off, status in ((0, 422), (-1, 422), (1, 302)):
            visitor = Visitor(app)
            visitor.sign_in(cast.owner.email)
            assert visitor.post("/sign-in/second-step", {"code": code(off=off)}).status_code == status


def test_of_two_racing_requests_with_one_code_one_passes(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    with app.app_context():
        db.begin(writes=False)
        assert db.session().get_one(TotpFactor, cast.owner.id).last_step == 0
    told, start, now = [], Barrier(8), clock.now()

    def spend() -> None:
        with app.app_context():
            start.wait()
            db.begin(writes=True)
            told.append(totp.spend(cast.owner.id, code(now), at=now))
            db.commit()

    run_all([spend] * 8)
    assert sorted(told) == [False] * 7 + [True]


def run_all(works: list[Callable[[], None]]) -> None:
    threads = [Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_recovery_code_stands_in_for_the_app_once(app: Flask, cast: Cast) -> None:
    codes = give_app(app, cast.owner, codes=True)
    assert len(set(codes)) == 10
    for status in (302, 422):
        visitor = Visitor(app)
        visitor.sign_in(cast.owner.email)
        assert visitor.post("/sign-in/second-step", {"code": codes[3].upper().replace("-", " ")}).status_code == status
    assert [row.strong for row in sessions_of(app, cast.owner)] == [True]


def test_recovery_code_of_somebody_else_opens_nothing(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    codes = give_app(app, cast.editor, codes=True)
    visitor = Visitor(app)
    visitor.sign_in(cast.owner.email)
    assert visitor.post("/sign-in/second-step", {"code": codes[0]}).status_code == 422


def test_half_a_sign_in_ends_by_time_by_use_and_by_a_change_of_the_account(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    late, changed, disabled = Visitor(app), Visitor(app), Visitor(app)
    for visitor in (late, changed):
        visitor.sign_in(cast.owner.email)
    with time_machine.travel(clock.now() + half.GOOD_FOR + timedelta(seconds=1), tick=False):
        assert late.post("/sign-in/second-step", {"code": code()}).location == "/sign-in"
    with app.app_context():
        db.begin(writes=True)
        services.set_password(user_of(cast.owner), "een heel andere lange zin", at=clock.now())
        db.commit()
    assert changed.post("/sign-in/second-step", {"code": code()}).location == "/sign-in"
    disabled.sign_in(cast.owner.email, "een heel andere lange zin")
    with app.app_context():
        db.begin(writes=True)
        services.disable(user_of(cast.owner), at=clock.now())
        db.commit()
    assert disabled.post("/sign-in/second-step", {"code": code()}).location == "/sign-in"
    assert sessions_of(app, cast.owner) == []


def test_half_a_sign_in_is_worthless_when_its_cookie_is_copied_after_use(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    visitor, thief = Visitor(app), Visitor(app)
    visitor.sign_in(cast.owner.email)
    copied = visitor.client.get_cookie("waarborg")
    assert copied is not None
    visitor.post("/sign-in/second-step", {"code": code()})
    thief.client.set_cookie("waarborg", copied.value)
    assert thief.get("/sign-in/second-step").location == "/sign-in"


def test_database_tells_neither_secret_nor_codes_nor_tokens(app: Flask, cast: Cast) -> None:
    codes = give_app(app, cast.owner, codes=True)
    visitor = Visitor(app)
    visitor.sign_in(cast.owner.email)
    with visitor.client.session_transaction() as cookie:
        token = cookie[half.TOKEN]
    with app.app_context(), db.engine().connect() as connection:
        kept = "".join(
            str(connection.exec_driver_sql(query).all())
            for query in ("SELECT * FROM totp_factor", "SELECT * FROM half_sign_in", "SELECT * FROM recovery_code")
        )
    for secret in (SECRET, token, *codes, *(one.replace("-", "") for one in codes)):
        assert secret not in kept


def test_wrong_code_and_used_code_read_the_same(app: Flask, cast: Cast) -> None:
    codes = give_app(app, cast.owner, codes=True)
    visitor = Visitor(app)
    visitor.sign_in(cast.owner.email)
    visitor.post("/sign-in/second-step", {"code": codes[0]})
    pages = []
    for shown in (codes[0], wrong_code(), "what is this"):
        visitor = Visitor(app)
        visitor.sign_in(cast.owner.email)
        page = visitor.post("/sign-in/second-step", {"code": shown}).get_data(as_text=True)
        pages.append(re.sub(r'value="[^"]*"', "", page))
    assert pages[0] == pages[1] == pages[2]


def test_app_is_set_up_by_its_first_code_and_codes_are_shown_once(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    page = visitor.get("/security/app").get_data(as_text=True)
    offer = hidden(page, "offer")
    key = re.search(r'class="key-text">([A-Z2-7 ]+)<', page)
    assert key
    secret = key.group(1).replace(" ", "")
    refused = visitor.post("/security/app", {"offer": offer, "code": wrong_code()})
    assert refused.status_code == 422
    assert key.group(1) in refused.get_data(as_text=True), "the key that was scanned stays"
    shown = visitor.post("/security/app", {"offer": offer, "code": totp.code_of(secret, totp.step_at(clock.now()))})
    codes = re.findall(r'class="key-text">([a-z2-9-]{19})<', shown.get_data(as_text=True))
    assert len(codes) == 10
    assert "key-text" not in visitor.get("/security/").get_data(as_text=True)
    again = Visitor(app)
    again.sign_in(cast.owner.email)
    assert again.post("/sign-in/second-step", {"code": codes[0]}).status_code == 302


def test_offer_of_somebody_else_or_of_long_ago_sets_nothing_up(app: Flask, cast: Cast) -> None:
    owner, editor = Visitor(app, cast.owner), Visitor(app, cast.editor)
    offer = hidden(owner.get("/security/app").get_data(as_text=True), "offer")
    assert editor.post("/security/app", {"offer": offer, "code": "000000"}).status_code == 422
    with app.app_context():
        db.begin(writes=False)
        assert totp.offered(cast.owner.id, offer, at=clock.now()) is not None
        assert totp.offered(cast.editor.id, offer, at=clock.now()) is None
        assert totp.offered(cast.owner.id, offer, at=clock.now() + totp.OFFER_GOOD_FOR) is None
        assert totp.offered(cast.owner.id, "00" + offer, at=clock.now()) is None
        assert totp.offered(cast.owner.id, "no hex", at=clock.now()) is None


def test_qr_code_holds_the_same_key_as_the_text(app: Flask, cast: Cast) -> None:
    page = Visitor(app, cast.owner).get("/security/app").get_data(as_text=True)
    assert re.search(r'<img class="qr" src="data:image/svg', page)
    key = re.search(r'class="key-text">([A-Z2-7 ]+)<', page)
    assert key
    assert f"secret={key.group(1).replace(' ', '')}" in page
