"""Two who act on one request at once: one is first, the other is told, and no step is taken twice."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from continuity.errors import Refused
from continuity.models import ClientRequest, RequestRole, RequestState, RequestStep, TriggerCase
from continuity.registrants import triggers
from continuity.registrants.triggers import Decider
from continuity.requests import asking, steps
from core import db
from tenants.models import Role
from tenants.owned import EditConflict
from tests.cast import Cast, Person
from tests.continuity.asking import NOW, asked, owner_in, request_in, scene, start
from tests.continuity.world import Scoped, World, member, version
from tests.races.meanwhile import at_once, meanwhile
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
S = RequestState


def test_of_two_officers_who_decide_at_once_one_does(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    here = scene(cast, world, scope_of, S.CHECKING)
    with scope_of(cast.foundation):
        colleague = member(cast.foundation, "second.officer", Role.EDITOR)
    second = visitor(colleague)
    first, path = visitor(cast.foundation_owner), here.path("/decision")
    seen = version(first, path)
    assert second.token
    statuses = at_once(
        lambda: first.post(path, {"version": seen, "verdict": "grant"}).status_code,
        lambda: second.post(path, {"version": seen, "verdict": "refuse", "reason": "No"}).status_code,
    )
    assert sorted(statuses) == [302, 409]
    with scope_of(cast.supplier):
        row = request_in()
        assert row.state is (S.GRANTED if statuses[0] == 302 else S.REFUSED)
        told = db.session().scalars(sa.select(RequestStep.number).order_by(RequestStep.number)).all()
        assert told == [1, 2, 3]


def test_client_that_takes_it_back_while_it_is_granted_ends_up_with_nothing_served(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scene(cast, world, scope_of, S.CHECKING)
    officer, path = visitor(cast.foundation_owner), here.path("/decision")
    seen = version(officer, path)

    def withdraw() -> None:
        with scope_of(cast.supplier):
            asking.withdraw(request_in(), RequestRole.CLIENT, by="Owner", reason="", seen=None, at=NOW)

    with meanwhile(monkeypatch, steps, "take_turn", withdraw) as other:
        status = officer.post(path, {"version": seen, "verdict": "grant"}).status_code
    assert status == (409 if other.first else 302)
    with scope_of(cast.supplier):
        assert request_in().state is S.WITHDRAWN
        reached = db.session().scalars(sa.select(RequestStep.reached).order_by(RequestStep.number)).all()
        assert reached[2:] == ([S.WITHDRAWN] if other.first else [S.GRANTED, S.WITHDRAWN])


def test_what_is_asked_while_it_turns_out_a_false_alarm_ends_with_it_or_is_not_asked(
    cast: Cast, world: World, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (Decider(person.id, person.name) for person in (cast.foundation_owner, cast.supplier_owner))
    with scope_of(cast.supplier):
        case = start(world, cast)
        triggers.ask_back(case, "Annulled", one, seen=case.version, at=NOW)

    def false_alarm() -> None:
        with scope_of(cast.supplier):
            found = db.session().scalars(sa.select(TriggerCase)).one()
            triggers.approve_back(owner_in(world), found, other, seen=found.version, at=NOW)

    with meanwhile(monkeypatch, steps, "take_turn", false_alarm) as alarm, scope_of(cast.supplier):
        refused = False
        try:
            asked(world)
        except Refused:
            refused = True
    assert refused == alarm.first
    with scope_of(cast.supplier):
        states = db.session().scalars(sa.select(ClientRequest.state)).all()
        assert states == ([] if alarm.first else [S.FALSE_ALARM])


def test_client_that_asks_twice_at_once_asked_once(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)

    def ask() -> object:
        with scope_of(cast.supplier):
            return asked(world).id

    assert len(set(at_once(ask, ask, ask))) == 1
    with scope_of(cast.supplier):
        assert len(db.session().scalars(sa.select(ClientRequest)).all()) == 1
        assert db.session().scalars(sa.select(RequestStep.number)).all() == [1]


def test_step_that_was_overtaken_is_told_and_not_kept(cast: Cast, world: World, scope_of: Scoped) -> None:
    scene(cast, world, scope_of, S.CHECKING)
    with scope_of(cast.supplier):
        row = request_in()
        seen = row.version
        asking.withdraw(row, RequestRole.CLIENT, by="Owner", reason="", seen=seen, at=NOW)
        with pytest.raises(EditConflict):
            asking.withdraw(row, RequestRole.CLIENT, by="Owner", reason="", seen=seen, at=NOW)
        assert len(db.session().scalars(sa.select(RequestStep)).all()) == 3
