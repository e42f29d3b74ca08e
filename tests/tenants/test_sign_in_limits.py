"""Limits on trying: counted before the check, by everybody at once, across every way to try."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
import time_machine
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from core import clock, db
from tenants.sign_in import jobs, limits, passwords
from tests.cast import PASSWORD, Cast
from tests.conftest import Stable, settings_for
from tests.tenants.sign_in_steps import code, give_app, signed_in_with_app, tries_of, wrong_code
from tests.visitor import Visitor


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was really compared, in order: the work that takes the time."""
    compared: list[str] = []

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            compared.append(password)
            return passwords_verify(password_hash, password)

    passwords_verify = passwords.hasher.verify
    monkeypatch.setattr(passwords, "hasher", Counting())
    return compared


def together(count: int, work: Callable[[int], object]) -> None:
    start = Barrier(count)

    def one(number: int) -> None:
        start.wait()
        work(number)

    threads = [Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_fifty_racing_requests_ten_are_looked_at(app: Flask, cast: Cast, hashes: list[str]) -> None:
    visitors = [Visitor(app) for _ in range(50)]
    assert [visitor.token for visitor in visitors]
    statuses: list[int] = []
    together(
        50, lambda number: statuses.append(visitors[number].sign_in(cast.owner.email, f"guess {number}").status_code)
    )
    assert sorted(statuses) == [422] * 10 + [429] * 40
    assert len(hashes) == 10


def test_of_racing_requests_from_one_address_fifty_are_looked_at(app: Flask, hashes: list[str]) -> None:
    visitors = [Visitor(app) for _ in range(60)]
    assert [visitor.token for visitor in visitors]
    statuses: list[int] = []

    def guess(number: int) -> None:
        statuses.append(visitors[number].sign_in(f"person{number}@people.example", "guess").status_code)

    together(60, guess)
    assert sorted(statuses) == [422] * 50 + [429] * 10
    assert len(hashes) == 50


def test_tries_are_still_counted_after_a_restart(stable: Stable, app: Flask, cast: Cast, tmp_path: Path) -> None:
    for number in range(10):
        assert Visitor(app).sign_in(cast.owner.email, f"guess {number}").status_code == 422
    settings = app.config["SETTINGS"]
    again = create_app(settings_for(settings.database_url, settings.owner_database_url, tmp_path))
    try:
        assert Visitor(again).sign_in(cast.owner.email, PASSWORD).status_code == 429
    finally:
        with again.app_context():
            db.engine().dispose()


def test_right_password_is_refused_too_until_the_minutes_that_are_told_are_over(app: Flask, cast: Cast) -> None:
    begun = clock.now()
    with time_machine.travel(begun, tick=False):
        for number in range(10):
            Visitor(app).sign_in(cast.owner.email, f"guess {number}")
    with time_machine.travel(begun + timedelta(minutes=3), tick=False):
        answer = Visitor(app).sign_in(cast.owner.email)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "720"
        assert re.search(r"\b12 minu", answer.get_data(as_text=True))
    with time_machine.travel(begun + timedelta(minutes=14, seconds=59), tick=False):
        assert Visitor(app).sign_in(cast.owner.email).status_code == 429
    with time_machine.travel(begun + timedelta(minutes=15), tick=False):
        assert Visitor(app).sign_in(cast.owner.email).status_code == 302


def test_window_slides_so_that_no_fifteen_minutes_hold_more_than_ten(app: Flask, cast: Cast) -> None:
    begun, looked_at = clock.now(), []
    for minute in range(60):
        with time_machine.travel(begun + timedelta(minutes=minute), tick=False):
            looked_at += [
                minute for _ in range(2) if Visitor(app).sign_in(cast.owner.email, "guess").status_code == 422
            ]
    assert len(looked_at) > 30
    assert max(sum(start <= minute < start + 15 for minute in looked_at) for start in range(60)) == 10


def test_unknown_account_costs_and_answers_the_same(app: Flask, cast: Cast, hashes: list[str]) -> None:
    def answers(email: str) -> list[tuple[int, str]]:
        found = []
        for number in range(12):
            page = Visitor(app).sign_in(email, f"guess {number}")
            found.append((page.status_code, re.sub(r'(value|data-options)="[^"]*"', "", page.get_data(as_text=True))))
        return found

    with time_machine.travel(clock.now(), tick=False):
        known = answers(cast.owner.email)
        of_known = len(hashes)
        unknown = answers("nobody@people.example")
    assert known == unknown
    assert (of_known, len(hashes)) == (10, 20)


@pytest.mark.once
def test_unknown_account_is_compared_with_a_hash_like_any_other() -> None:
    unknown, somebody = passwords._NOBODY, passwords.hash_password("lepel tafel dijk zeven")
    assert extract_parameters(unknown) == extract_parameters(somebody)
    # A hash that cannot be read would be refused at once, and the answer would tell that nobody is there.
    with pytest.raises(VerifyMismatchError):
        passwords.hasher.verify(unknown, "nobody has this password")


def test_unknown_account_asks_the_database_as_often_before_it_answers(
    app: Flask, cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    Visitor(app).sign_in("first@people.example", "guess")  # makes the row that counts this address
    asked = []
    for email in (cast.owner.email, "nobody@people.example"):
        visitor = Visitor(app)
        assert visitor.token
        with count_queries() as sent:
            visitor.sign_in(email, "guess")
        asked.append([query for query in sent if "account_event" not in query and "trail_head" not in query])
    # The trail asks for the name of somebody who exists, by key.
    assert len(asked[0]) - len(asked[1]) <= 1


def test_every_way_to_try_counts_against_the_same_ten(app: Flask, cast: Cast, hashes: list[str]) -> None:
    give_app(app, cast.owner)
    with time_machine.travel(clock.now(), tick=False):
        inside = signed_in_with_app(app, cast.owner)
        half = Visitor(app)
        half.sign_in(cast.owner.email)  # right, but given back only when it is whole
        for _ in range(3):
            assert Visitor(app).sign_in(cast.owner.email, "guess").status_code == 422
            assert half.post("/sign-in/second-step", {"code": wrong_code()}).status_code == 422
            assert inside.post("/prove", {"code": wrong_code()}).status_code == 422
        assert (
            inside.post("/security/password", {"present": "guess", "password": "iets heel anders hier"}).status_code
            == 429
        )
        assert half.post("/sign-in/second-step", {"code": code(off=1)}).status_code == 429
        assert inside.post("/prove", {"password": PASSWORD}).status_code == 429


def test_known_password_gives_no_further_guesses_at_the_code(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    looked_at = 0
    for _ in range(12):
        visitor = Visitor(app)
        if visitor.sign_in(cast.owner.email).status_code == 302:
            looked_at += visitor.post("/sign-in/second-step", {"code": wrong_code()}).status_code == 422
    assert looked_at == 5


def test_sign_in_that_succeeds_is_given_back_and_forgives_no_guess(app: Flask, cast: Cast) -> None:
    for _ in range(4):
        Visitor(app).sign_in(cast.owner.email, "guess")
    for _ in range(15):
        assert Visitor(app).sign_in(cast.owner.email).status_code == 302
    assert tries_of(app) == [4, 4]


def test_another_account_and_another_address_are_not_held_up(app: Flask, cast: Cast) -> None:
    for number in range(10):
        Visitor(app).sign_in(cast.owner.email, f"guess {number}")
    assert Visitor(app).sign_in(cast.owner.email).status_code == 429
    assert Visitor(app).sign_in(cast.editor.email).status_code == 302


def from_address(app: Flask, address: str, email: str) -> TestResponse:
    visitor = Visitor(app)
    return visitor.post("/sign-in", {"email": email, "password": "guess"}, environ_base={"REMOTE_ADDR": address})


def test_addresses_are_counted_apart(app: Flask) -> None:
    for number in range(50):
        assert from_address(app, "198.51.100.7", f"p{number}@people.example").status_code == 422
    assert from_address(app, "198.51.100.7", "other@people.example").status_code == 429
    assert from_address(app, "198.51.100.8", "other@people.example").status_code == 422


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("2001:db8::1", "2001:db8::ffff:2", True, id="one network of IPv6"),
        pytest.param("2001:db8::1", "2001:db8:0:1::1", False, id="two networks of IPv6"),
        pytest.param("::ffff:198.51.100.7", "198.51.100.7", True, id="IPv4 told as IPv6"),
        pytest.param("198.51.100.7", "198.51.100.8", False, id="two addresses of IPv4"),
        pytest.param("fe80::1%eth0", "fe80::2", True, id="with the name of a card"),
        pytest.param("", "nonsense", False, id="no address at all"),
    ],
)
def test_what_counts_as_one_address(one: str, other: str, same: bool) -> None:
    assert (limits.of_address(one) == limits.of_address(other)) is same


@pytest.mark.parametrize(("proxies", "status"), [("0", 429), ("1", 422)])
def test_address_of_the_visitor_is_taken_from_as_many_proxies_as_are_trusted(
    stable: Stable, app: Flask, tmp_path: Path, proxies: str, status: int
) -> None:
    settings = app.config["SETTINGS"]
    more = {"TRUSTED_PROXIES": proxies}
    behind = create_app(settings_for(settings.database_url, settings.owner_database_url, tmp_path, **more))
    answer = None
    try:
        for number in range(51):
            visitor = Visitor(behind)
            told = {"X-Forwarded-For": f"203.0.113.9, 198.51.100.{number}"}
            form = {"email": f"p{number}@people.example", "password": "guess"}
            answer = visitor.post("/sign-in", form, headers=told)
    finally:
        with behind.app_context():
            db.engine().dispose()
    assert answer is not None
    assert answer.status_code == status


def test_database_keeps_no_address_that_somebody_typed(app: Flask) -> None:
    Visitor(app).sign_in("secret.love@people.example", "guess")
    with app.app_context(), db.engine().connect() as connection:
        assert "people.example" not in str(connection.exec_driver_sql("SELECT * FROM recent_tries").all())


def test_address_with_what_no_database_keeps_is_nobodys(app: Flask, cast: Cast) -> None:
    for email in ("a\x00b@people.example", "\ud800@people.example", "x" * 5000):
        assert Visitor(app).sign_in(email.encode("utf-8", "replace").decode(), "guess").status_code == 422


def test_old_tries_are_cleaned_away_and_young_ones_stay(app: Flask, cast: Cast) -> None:
    with time_machine.travel(clock.now() - timedelta(minutes=16), tick=False):
        from_address(app, "198.51.100.7", "early@people.example")
    from_address(app, "198.51.100.8", "late@people.example")
    with app.app_context():
        jobs.clean()
    assert len(tries_of(app)) == 2
