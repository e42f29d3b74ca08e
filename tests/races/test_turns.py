"""Several things are locked in one order: nobody waits for somebody who waits for them."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.sweeping import sweep
from core import clock, db
from plans.calamity import services as calamity
from plans.calamity.errors import Closed
from plans.models import Calamity, CalamityEntry, Contact, EntryKind
from tenants import lock
from tenants.leaving.services import leave
from tenants.models import Tenant, TrailEntry
from tenants.scope import open_scope, scoped, whole
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn
from tests.plans.test_calamity_pages import begin, fill, finish, tap
from tests.races.meanwhile import at_once, meanwhile


@pytest.fixture
def judged() -> bool:
    """Judging comes in between where a test says so."""
    return False


@pytest.fixture
def running(cast: Cast, scope_of: ScopeOf) -> UUID:
    with scope_of(cast.bakery):
        fill()
        return begin()


def test_closing_and_judging_do_not_wait_for_each_other(
    app: Flask, cast: Cast, scope_of: ScopeOf, running: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge() -> list[int]:
        with app.app_context():
            return sweep.run([cast.bakery.id]).failed

    with app.app_context():
        sweep.run([cast.bakery.id])
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Fatima"))
    with (
        meanwhile(monkeypatch, calamity, "_end", judge) as failed,
        app.test_request_context(),
        scoped(whole(cast.bakery.id)),
    ):
        finish(running, clock.now(), "Over")
    assert failed() == []
    with scope_of(cast.bakery):
        assert db.session().get_one(Tenant, cast.bakery.id).alarm is None


def test_leaving_and_saving_do_not_wait_for_each_other(
    app: Flask, cast: Cast, scope_of: ScopeOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def go() -> None:
        with app.app_context():
            db.begin(writes=True)
            open_scope(whole(cast.bakery.id))
            tenant = db.session().get_one(Tenant, cast.bakery.id)
            leave(tenant, tenant.slug, by=cast.owner.id, at=clock.now(), today=clock.today())
            db.commit()

    with meanwhile(monkeypatch, lock, "write_down", go, after=True), scope_of(cast.bakery):
        db.session().add(Contact(name="Fatima"))
    with scope_of(cast.bakery):
        assert db.session().get_one(Tenant, cast.bakery.id).left_at is not None
        assert db.session().scalars(sa.select(Contact.name)).all() == ["Fatima"]


def test_who_took_their_turn_and_who_did_not_wait_in_one_order(
    app: Flask, cast: Cast, scope_of: ScopeOf, running: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> None:
        with app.test_request_context(), scoped(whole(cast.bakery.id)):
            tap(running, EntryKind.STEP_DONE, 1)

    with meanwhile(monkeypatch, lock, "write_down", write, after=True), scope_of(cast.bakery):
        db.session().add(Contact(name="Fatima"))
    with scope_of(cast.bakery):
        assert len(db.session().scalars(sa.select(CalamityEntry)).all()) == 1


def test_a_calamity_that_two_close_at_once_is_closed_once(
    cast: Cast, scope_of: ScopeOf, visitor: SignIn, running: UUID
) -> None:
    owners = [visitor(cast.owner) for _ in range(3)]
    path = f"/o/{cast.bakery.slug}/calamity/{running}/close"
    (day,) = re.findall(r'name="ended_at"[^>]*value="([^"]+)"', owners[0].get(path).text)
    sent = {"ended_at": day, "conclusion": "Over", "left": "yes"}
    assert at_once(*(lambda one=one: one.post(path, sent).status_code for one in owners)) == [302] * len(owners)
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(Calamity)).one().closed_at is not None
        closed = sa.select(TrailEntry.action).where(TrailEntry.action == "calamity.closed")
        assert len(db.session().scalars(closed).all()) == 1
        left = sa.select(CalamityEntry).where(CalamityEntry.kind == EntryKind.TERMS_LEFT)
        assert len(db.session().scalars(left).all()) == 1


def test_nothing_is_written_down_after_it_was_closed_meanwhile(
    app: Flask, cast: Cast, scope_of: ScopeOf, visitor: SignIn, running: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was read while it ran; the turn to write comes when it is over."""

    def close() -> None:
        with app.test_request_context(), scoped(whole(cast.bakery.id)):
            finish(running, clock.now(), "Over")

    with (
        app.test_request_context(),
        scoped(whole(cast.bakery.id)),
        meanwhile(monkeypatch, calamity, "take_turn", close) as closed,
    ):
        seen = db.session().scalars(sa.select(Calamity)).one()
        assert seen.closed_at is None
        try:
            tap(running, EntryKind.STEP_DONE, 1)
            written = True
        except Closed:
            written = False
        db.commit()
    closed()
    assert written is not closed.first
