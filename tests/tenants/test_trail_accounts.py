"""Events of accounts: kept in a chain of their own, told to the organisations they concern, and to no other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from werkzeug.exceptions import Unauthorized

from core import clock, db
from tenants import services, trail
from tenants.models import AccountEvent, Membership, Role, TrailEntry
from tenants.scope import Actor, scoped, whole
from tenants.trail.accounts import DENIED_AT_MOST
from tenants.trail.telling import tell
from tests.cast import Cast, Organisation, Person
from tests.tenants.trail_attacks import sign_in, verdict_on


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """The service of each test alone: some add a route that fails."""
    return own_app


def events(app: Flask) -> list[AccountEvent]:
    with app.app_context():
        db.begin(writes=False)
        return list(db.session().scalars(sa.select(AccountEvent).order_by(AccountEvent.seq)))


def told(app: Flask, organisation: Organisation) -> list[TrailEntry]:
    """Return what an organisation was told of accounts, oldest first."""
    with app.app_context(), scoped(whole(organisation.id), writes=False):
        query = sa.select(TrailEntry).where(TrailEntry.subject == "account").order_by(TrailEntry.seq)
        found = list(db.session().scalars(query))
        db.session().expunge_all()
        return found


def tell_now(app: Flask) -> int:
    with app.app_context():
        return tell()


def knock(app: Flask, person: Person, where: str, role: str = "stranger", status: int = 404) -> None:
    with app.app_context():
        trail.denied(Actor(person.id, person.name, role), where, "plan.read", status)


def test_a_sign_in_is_told_to_the_organisations_of_the_person_and_to_no_other(app: Flask, cast: Cast) -> None:
    sign_in(app, cast.owner)
    assert tell_now(app) == 1
    (entry,) = told(app, cast.bakery)
    assert (entry.action, entry.user_id, entry.actor) == ("sign_in", cast.owner.id, cast.owner.name)
    assert entry.changes["method"] == "password"
    assert told(app, cast.other) == told(app, cast.supplier) == []
    assert verdict_on(app, "bakery").broken is None


def test_nothing_is_told_twice(app: Flask, cast: Cast) -> None:
    sign_in(app, cast.owner)
    assert [tell_now(app), tell_now(app)] == [1, 0]
    sign_in(app, cast.owner)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: tell_now(app), range(4))) == 1
    assert len(told(app, cast.bakery)) == 2


def test_who_left_an_organisation_is_not_told_of_there_any_more(app: Flask, cast: Cast) -> None:
    sign_in(app, cast.editor)
    with app.app_context(), scoped(whole(cast.bakery.id)):
        row = db.session().scalars(sa.select(Membership).where(Membership.user_id == cast.editor.id)).one()
        row.ends_at = clock.now()
    sign_in(app, cast.editor)
    assert tell_now(app) == 2
    assert len(told(app, cast.bakery)) == 1


def test_what_was_before_somebody_joined_is_not_told_there(app: Flask, cast: Cast) -> None:
    sign_in(app, cast.stranger)
    with app.app_context(), scoped(whole(cast.bakery.id)):
        services.add_member(cast.bakery.id, cast.stranger.id, Role.READER, at=clock.now())
    tell_now(app)
    assert told(app, cast.bakery) == []
    assert len(told(app, cast.other)) == 1


def test_many_events_are_told_in_batches(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.trail.telling.AT_ONCE", 3)
    for person in (cast.owner, cast.stranger, cast.editor, cast.reader, cast.owner):
        sign_in(app, person)
    assert tell_now(app) == 5
    assert [entry.actor for entry in told(app, cast.bakery)] == [
        person.name for person in (cast.owner, cast.editor, cast.reader, cast.owner)
    ]
    assert [entry.actor for entry in told(app, cast.other)] == [cast.stranger.name]


def test_a_refusal_is_told_to_the_organisation_that_refused_alone(app: Flask, cast: Cast) -> None:
    knock(app, cast.stranger, cast.bakery.slug)
    tell_now(app)
    (entry,) = told(app, cast.bakery)
    assert (entry.action, entry.role, entry.actor) == ("access.denied", "stranger", cast.stranger.name)
    assert (entry.changes["wanted"], entry.changes["status"]) == ("plan.read", 404)
    assert told(app, cast.other) == []


def test_a_refusal_at_a_place_that_does_not_exist_is_kept_too(app: Flask, cast: Cast) -> None:
    knock(app, cast.stranger, "nowhere")
    (event,) = events(app)
    assert event.changes["where"] == "nowhere"
    assert tell_now(app) == 1


def test_refusals_at_one_door_are_written_down_once_a_minute(app: Flask, cast: Cast) -> None:
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as travel:
        for _ in range(3):
            knock(app, cast.stranger, cast.bakery.slug)
        knock(app, cast.stranger, cast.supplier.slug)
        knock(app, cast.supplier_owner, cast.bakery.slug)
        assert len(events(app)) == 3
        travel.shift(timedelta(seconds=61))
        knock(app, cast.stranger, cast.bakery.slug)
        assert len(events(app)) == 4


def test_refusals_at_once_are_written_down_once(app: Flask, cast: Cast) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: knock(app, cast.stranger, cast.bakery.slug), range(16)))
    assert len(events(app)) == 1


def test_nobody_floods_the_trail_by_knocking_at_many_doors(app: Flask, cast: Cast) -> None:
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False):
        for number in range(DENIED_AT_MOST + 5):
            knock(app, cast.stranger, f"place-{number}")
    assert len(events(app)) == DENIED_AT_MOST


def test_an_existing_and_a_made_up_organisation_cost_a_stranger_the_same(
    app: Flask, cast: Cast, count_queries: object
) -> None:
    with count_queries() as first:  # type: ignore[operator]
        knock(app, cast.stranger, cast.bakery.slug)
    with count_queries() as second:  # type: ignore[operator]
        knock(app, cast.stranger, "nowhere")
    assert len(first) > 0
    # The very first event of all also begins the chain.
    with count_queries() as third:  # type: ignore[operator]
        knock(app, cast.stranger, cast.supplier.slug)
    assert second == third


def test_a_failure_is_kept_although_its_request_is_dropped(app: Flask, cast: Cast) -> None:
    @app.get("/fail-for-test")
    def fail() -> str:
        db.begin(writes=True)
        trail.account_event(cast.owner.id, "sign_in.failed", how="password")
        db.rollback()
        raise Unauthorized

    assert app.test_client().get("/fail-for-test").status_code == 401
    (event,) = events(app)
    assert (event.action, event.user_id) == ("sign_in.failed", cast.owner.id)
    assert event.changes["address"] == "127.0.0.1"
    assert event.request_id


def test_a_success_is_dropped_with_its_request(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        trail.account_event(cast.owner.id, "sign_in")
        db.rollback()
    assert events(app) == []
    sign_in(app, cast.owner)
    assert verdict_on(app, "accounts").broken is None


def test_sign_ins_at_once_leave_no_gap(app: Flask, cast: Cast) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: sign_in(app, cast.owner), range(24)))
    verdict = verdict_on(app, "accounts")
    assert (verdict.broken, verdict.entries) == (None, 24)


def test_nobody_known_is_kept_without_a_name(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        trail.account_event(None, "sign_in.failed")
        db.commit()
    (event,) = events(app)
    assert (event.user_id, event.actor) == (None, "")
    assert tell_now(app) == 1
