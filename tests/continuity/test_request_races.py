"""Two who act on one request at once: one is first, the other is told, and no step is taken twice."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.clients.claims import untie
from continuity.clients.inviting import revoke_invitation
from continuity.errors import Refused
from continuity.models import (
    By,
    ClientRequest,
    DeedInvitation,
    ExitTask,
    RequestRole,
    RequestState,
    RequestStep,
    SchemeNotice,
    SchemeState,
    TriggerCase,
    TriggerKind,
    TriggerProof,
)
from continuity.registrants import cases, stepping
from continuity.registrants.cases import Decider, Filing
from continuity.requests import asking, inviting, steps
from core import clock, db
from tenants.models import Role
from tenants.owned import EditConflict
from tests.cast import Cast, Person
from tests.continuity.asking import NOW, asked, bring_to, client_in, owner_in, request_in, scene, start
from tests.continuity.linked import bankrupt, claim, links
from tests.continuity.world import TODAY, Scoped, World, member, version
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
        cases.ask_back(case, "Annulled", one, seen=case.version, at=NOW)

    def false_alarm() -> None:
        with scope_of(cast.supplier):
            found = db.session().scalars(sa.select(TriggerCase)).one()
            cases.approve_back(owner_in(world), found, other, seen=found.version, at=NOW)

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


def test_nobody_is_mailed_to_ask_after_it_turned_out_a_false_alarm(
    cast: Cast, world: World, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (Decider(person.id, person.name) for person in (cast.foundation_owner, cast.supplier_owner))
    with scope_of(cast.supplier):
        case = start(world, cast)
        cases.ask_back(case, "Annulled", one, seen=case.version, at=NOW)
        client_in(world).email = "henk@zonneschijn.example"

    def false_alarm() -> None:
        with scope_of(cast.supplier):
            found = db.session().scalars(sa.select(TriggerCase)).one()
            cases.approve_back(owner_in(world), found, other, seen=found.version, at=NOW)

    with scope_of(cast.supplier), meanwhile(monkeypatch, steps, "take_turn", false_alarm) as alarm:
        fates = inviting.write_to(owner_in(world), None, by="One", at=NOW)
        db.commit()
    assert sum(fates.values()) == (0 if alarm.first else 1)


def test_nothing_is_filed_about_a_scheme_that_was_ended_meanwhile(
    cast: Cast, world: World, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Decider(cast.foundation_owner.id, cast.foundation_owner.name)
    said = Filing(TriggerKind.SILENCE, TODAY, TriggerProof.OTHER, "1", "")

    def end() -> None:
        with scope_of(cast.supplier):
            row = owner_in(world)
            # Its last day, as it was announced, is over.
            notice = SchemeNotice(registration_id=row.id, role=By.SUPPLIER, given_at=NOW, given_by="One", reason="Ends")
            notice.last_on = TODAY - timedelta(days=1)
            db.session().add(notice)
            db.session().flush()
            stepping.step(row, SchemeState.TERMINATED, "Agreed", seen=row.version, today=TODAY, at=NOW)

    with scope_of(cast.supplier), meanwhile(monkeypatch, steps, "take_turn", end) as ended:
        row, filed = owner_in(world), True
        try:
            cases.file_case(row, said, officer, seen=row.version, at=NOW)
        except (EditConflict, Refused):
            filed = False
        db.commit()
    assert filed is not ended.first


def asks_in_turn(
    cast: Cast, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch, send: Callable[[], int], take: Callable[[], None]
) -> None:
    """Hold that what is taken away before the turn comes leaves nothing, and what comes after leaves it."""
    with meanwhile(monkeypatch, steps, "take_turn", take) as taken:
        status = send()
    with scope_of(cast.supplier):
        ticked = db.session().scalars(sa.select(ExitTask.id).where(ExitTask.done_on.is_not(None))).all()
    assert (status in {404, 410}, len(ticked)) == ((True, 0) if taken.first else (False, 1))
    assert send() in {404, 410}


def first_task(scope_of: Scoped, cast: Cast) -> object:
    with scope_of(cast.supplier):
        bring_to(request_in(), S.SERVED)
        return db.session().scalars(sa.select(ExitTask.id).where(ExitTask.position == 0)).one()


@pytest.fixture
def deed_path(app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> str:
    bankrupt(cast, world, visitor, scope_of)
    with scope_of(cast.supplier):
        asked(world)
    return links(app)[0]


def test_a_link_that_is_taken_back_meanwhile_ticks_nothing_off(
    app: Flask, deed_path: str, cast: Cast, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, task_id = Visitor(app), first_task(scope_of, cast)
    assert guest.token

    def revoke() -> None:
        with scope_of(cast.supplier):
            revoke_invitation(db.session().scalars(sa.select(DeedInvitation)).one(), at=clock.now())

    def tick() -> int:
        return guest.post(f"{deed_path}/continuity/tasks/{task_id}", {"note": ""}).status_code

    asks_in_turn(cast, scope_of, monkeypatch, tick, revoke)


def test_an_organisation_that_is_untied_meanwhile_ticks_nothing_off(
    app: Flask,
    deed_path: str,
    cast: Cast,
    world: World,
    visitor: Visitors,
    scope_of: Scoped,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner, task_id = visitor(cast.owner), first_task(scope_of, cast)
    assert claim(app, owner, f"/o/bakery{deed_path}") == 302
    found = re.search(r"/o/bakery/cover-claims/[0-9a-f-]+/continuity/", owner.get("/o/bakery/").get_data(as_text=True))
    assert found

    def cut() -> None:
        with scope_of(cast.supplier):
            untie(client_in(world))

    def tick() -> int:
        return owner.post(f"{found.group()}tasks/{task_id}", {"note": ""}).status_code

    asks_in_turn(cast, scope_of, monkeypatch, tick, cut)
