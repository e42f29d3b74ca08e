"""An announced end, acted on twice at the same moment: it happens once and is told of once."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask

from continuity.ending import telling
from continuity.models import NoticeStage, SchemeNotice, SchemeState
from tests.cast import Cast
from tests.continuity.asking import client_in, owner_in
from tests.continuity.test_ending import CLIENT, FIRST, SENT, announced
from tests.continuity.test_setting_back import only
from tests.continuity.world import Scoped, World, version
from tests.mailbox import letters_to
from tests.races.beginners import inside, pages
from tests.races.meanwhile import at_once


@pytest.fixture
def judged() -> bool:
    """Whoever judges meanwhile has tests of its own."""
    return False


@pytest.fixture
def told_world(world: World, cast: Cast, scope_of: Scoped) -> World:
    """A scheme with a client that accepted and has an address."""
    with scope_of(cast.supplier):
        client_in(world).email = CLIENT
    return world


def test_both_sides_announce_at_once_and_one_end_stands(
    app: Flask, cast: Cast, told_world: World, scope_of: Scoped
) -> None:
    supplier, officer = pages(app, cast.supplier_owner, cast.foundation_owner)
    statuses = at_once(
        lambda: supplier.post(f"{told_world.path}/state/notice", SENT).status_code,
        lambda: officer.post(f"{told_world.registrant_path}/scheme/notice", SENT).status_code,
    )
    assert sorted(statuses) in ([302, 409], [302, 422])
    with scope_of(cast.supplier):
        assert only(SchemeNotice).stage is NoticeStage.GIVEN
    assert len(letters_to(app, CLIENT)) == 1


def test_one_form_sent_twice_at_once_announces_and_tells_once(
    app: Flask, cast: Cast, told_world: World, scope_of: Scoped
) -> None:
    first, second = pages(app, cast.supplier_owner, cast.supplier_owner)
    sent = {**SENT, "row_id": str(uuid4())}
    path = f"{told_world.path}/state/notice"
    statuses = at_once(*(lambda one=one: one.post(path, sent).status_code for one in (first, second)))
    assert set(statuses) <= {302, 409}
    assert 302 in statuses
    with scope_of(cast.supplier):
        assert only(SchemeNotice).stage is NoticeStage.GIVEN
    assert len(letters_to(app, CLIENT)) == 1


def test_an_end_that_is_taken_back_twice_at_once_is_told_once(
    app: Flask, cast: Cast, told_world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        announced(told_world)
    both = pages(app, cast.supplier_owner, cast.supplier_owner)
    path = f"{told_world.path}/state/notice/back"
    statuses = at_once(*(lambda one=one: one.post(path, {"version": "1"}).status_code for one in both))
    assert sorted(statuses) == [302, 409]
    assert sum("goes on" in one["Subject"] for one in letters_to(app, CLIENT)) == 1


def test_an_end_is_taken_back_or_confirmed_and_never_both(
    app: Flask, cast: Cast, told_world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        announced(told_world)
    after = FIRST + timedelta(days=1)
    with time_machine.travel(f"{after}T09:00:00Z", tick=True):
        supplier, officer = pages(app, cast.supplier_owner, cast.foundation_owner)
        page = f"{told_world.registrant_path}/scheme"
        sent = {"version": version(officer, f"{page}/step"), "reached": "terminated", "reason": "As announced"}
        statuses = at_once(
            lambda: supplier.post(f"{told_world.path}/state/notice/back", {"version": "1"}).status_code,
            lambda: officer.post(f"{page}/step", sent).status_code,
        )
    with scope_of(cast.supplier):
        ended = owner_in(told_world).state is SchemeState.TERMINATED
        assert only(SchemeNotice).stage is (NoticeStage.ENDED if ended else NoticeStage.TAKEN_BACK), statuses
    told = sum("goes on" in one["Subject"] for one in letters_to(app, CLIENT))
    assert told == (0 if ended else 1)


def test_several_processes_tell_of_an_announced_end_once(
    app: Flask, cast: Cast, told_world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        announced(told_world)
    # 30 days before is a Saturday: on a working day it is told of.
    near = FIRST - timedelta(days=28)
    with time_machine.travel(f"{near}T09:00:00Z", tick=True):
        at_once(*[inside(app, telling.remind)] * 3)
        inside(app, telling.remind)()
        assert sum("Reminder" in one["Subject"] for one in letters_to(app, CLIENT)) == 1
        assert len(letters_to(app, cast.foundation_owner.email)) == 1
