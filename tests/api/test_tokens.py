"""Tokens: who makes them, what they open, and when they open nothing any more."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from tenants.models import ApiKey, ApiToken, Membership, Role, Tenant, TrailEntry, User
from tenants.people import services as people
from tenants.scope import scoped, whole
from tenants.services import add_member
from tenants.tokens import calls, services
from tenants.tokens.calls import TooManyCalls
from tenants.tokens.scopes import BY_SCOPE, TOKEN_POLICIES, TokenScope
from tests.api.program import Program, program
from tests.cast import Cast, Person
from tests.visitor import Visitor

READS = frozenset({TokenScope.FINDINGS_READ})
SECRET = re.compile(r"wbg_[\w-]{43}")
Enter = Callable[[Person | None], Visitor]


def test_every_scope_has_its_line_in_the_table() -> None:
    assert [policy.scope for policy in TOKEN_POLICIES] == list(TokenScope)
    assert {scope for scope in TokenScope if not BY_SCOPE[scope].reading} == {TokenScope.INVENTORY_WRITE}


def test_an_owner_makes_a_token_sees_it_once_and_takes_it_back(app: Flask, cast: Cast, visitor: Enter) -> None:
    owner, home = visitor(cast.owner), f"/o/{cast.bakery.slug}/tokens/"
    form = owner.get(f"{home}new").get_data(as_text=True)
    assert "read:portfolio" not in form, "a bakery has no clients to look after"
    token_id = re.search(r'name="token_id"[^>]*value="([^"]+)"', form)
    assert token_id
    sent = {"name": "Dashboard", "scopes": "read:findings", "days": "30", "token_id": token_id[1]}
    assert owner.post(f"{home}new", sent | {"scopes": "read:portfolio"}).status_code == 422
    answer = owner.post(f"{home}new", sent)
    shown = SECRET.findall(answer.get_data(as_text=True))
    assert len(shown) == 1
    assert owner.post(f"{home}new", sent).status_code == 422, "sending the form twice makes one"
    assert not SECRET.search(owner.get(home).get_data(as_text=True))
    caller = Program(app, shown[0])
    assert caller.get("/findings").status_code == 200
    assert caller.get("/cover").status_code == 403
    page = owner.get(home).get_data(as_text=True)
    assert "Last used" in page
    assert owner.post(f"{home}{token_id[1]}/revoke").status_code == 302
    assert caller.get("/findings").status_code == 401
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        told = [row.changes for row in db.session().scalars(sa.select(TrailEntry).order_by(TrailEntry.seq))]
    assert shown[0] not in str(told)
    assert any("revoked_at" in one for one in told)


def take_back(app: Flask, cast: Cast, token: Program) -> None:
    assert token.token_id
    with app.app_context(), scoped(whole(cast.bakery.id)):
        assert services.revoke(token.token_id, at=clock.now())


def leave(app: Flask, cast: Cast, _token: Program) -> None:
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(Tenant, cast.bakery.id).left_at = clock.now()
        db.commit()


def disable_the_maker(app: Flask, cast: Cast, _token: Program) -> None:
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(User, cast.owner.id).disabled_at = clock.now()
        db.commit()


def part_from_the_maker(app: Flask, cast: Cast, _token: Program) -> None:
    with app.test_request_context(), scoped(whole(cast.bakery.id)):
        add_member(cast.bakery.id, cast.editor.id, Role.OWNER, at=clock.now())
        theirs = sa.select(Membership).where(Membership.user_id == cast.owner.id, Membership.ends_at.is_(None))
        people.change_role(db.session().scalars(theirs).one(), Role.EDITOR, at=clock.now())


def make_an_editor_of_the_maker(app: Flask, cast: Cast, _token: Program) -> None:
    """As a command of the operator does, past the page of people."""
    with app.app_context(), scoped(whole(cast.bakery.id)):
        add_member(cast.bakery.id, cast.owner.id, Role.EDITOR, at=clock.now() - timedelta(minutes=6))


def let_time_pass(app: Flask, cast: Cast, token: Program) -> None:
    """By the clock of the database: a server whose clock stands still lets nobody stay."""
    with app.app_context(), scoped(whole(cast.bakery.id)):
        row = db.session().scalars(sa.select(ApiToken).where(ApiToken.id == token.token_id)).one()
        row.made_at, row.expires_at = clock.now() - timedelta(days=2), clock.now() - timedelta(minutes=2)


@pytest.mark.parametrize(
    "end", [take_back, leave, disable_the_maker, part_from_the_maker, make_an_editor_of_the_maker, let_time_pass]
)
def test_a_token_opens_nothing_from_that_moment(
    app: Flask, cast: Cast, end: Callable[[Flask, Cast, Program], None]
) -> None:
    caller = program(app, cast.bakery, cast.owner, READS)
    assert caller.get("/findings").status_code == 200
    end(app, cast, caller)
    slow = clock.now() - timedelta(minutes=5)
    with time_machine.travel(slow):
        assert caller.get("/findings").status_code == 401
    answer = caller.get("/findings")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wbg_", "Bearer x", "Basic {0}", "{0}", "Bearer {0}x", "Bearer " + "wbg_" * 900]
)
@pytest.mark.once
def test_what_only_looks_like_a_token_opens_nothing(app: Flask, cast: Cast, header: str) -> None:
    secret = program(app, cast.bakery, cast.owner, READS).secret
    assert Program(app).get("/findings", Authorization=header.format(secret)).status_code == 401


def test_who_is_signed_in_opens_nothing_by_it(app: Flask, cast: Cast, visitor: Enter) -> None:
    signed_in = visitor(cast.owner)
    answer = signed_in.client.get("/api/v1/findings")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


def test_calls_at_once_are_counted_as_those_in_a_row(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "AT_ONCE", 5)
    secret, at = program(app, cast.bakery, cast.owner, READS).secret, clock.now()

    def call(_number: int) -> bool:
        with app.app_context():
            try:
                calls.count_call(secret, at=at)
            except TooManyCalls:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(call, range(20))) == 5
    with app.app_context():
        with pytest.raises(TooManyCalls) as wait:
            calls.count_call(secret, at=at)
        calls.count_call(secret, at=at + timedelta(seconds=wait.value.seconds))
    with app.app_context():
        db.begin(writes=False)
        assert db.session().scalars(sa.select(ApiKey.used_at)).one() == at + timedelta(seconds=wait.value.seconds)
        db.rollback()


def test_one_call_too_many_is_told_when_to_come_back(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "AT_ONCE", 1)
    monkeypatch.setattr(calls, "PER_MINUTE", 6)
    caller = program(app, cast.bakery, cast.owner, READS)
    assert caller.get("/findings").status_code == 200
    answer = caller.get("/findings")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
