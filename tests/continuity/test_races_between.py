"""Somebody comes in between a page that was read and the change that rests on it."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.acceptance import declaring
from continuity.deed.services import publish
from continuity.models import (
    Acceptance,
    Declaration,
    DeclarationKind,
    DeedVersion,
    HandoverOpening,
    OpeningState,
    Registration,
    SchemeState,
)
from continuity.openings import services as openings
from core import db
from tests.cast import Cast
from tests.continuity.test_accepting import GOOD, Asked, Scoped, Visitors, asked
from tests.continuity.vaults import PURPOSE, Vault
from tests.continuity.vaults import asked as asked_to_open
from tests.continuity.world import TODAY, World
from tests.races.meanwhile import at_once, meanwhile
from tests.visitor import Visitor

__all__ = ["asked"]


def go_bankrupt(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.declared_bankrupt_on, row.state = date(2026, 11, 20), SchemeState.TRIGGERED


def test_whoever_accepts_while_the_supplier_goes_bankrupt_is_late_as_soon_as_that_was_written_down(
    asked: Asked, world: World, cast: Cast, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = asked.link()
    code = asked.code(path)
    with meanwhile(monkeypatch, declaring, "take_turn", lambda: go_bankrupt(cast, world, scope_of)) as trigger:
        assert asked.guest.post(path + "/", {**GOOD, "code": code}).status_code == 303
    with scope_of(cast.supplier):
        said = db.session().scalars(sa.select(Declaration)).one()
        held = db.session().scalars(sa.select(Acceptance).where(Acceptance.client_id == asked.client_id)).all()
        assert said.kind is (DeclarationKind.LATE if trigger.first else DeclarationKind.ACCEPT)
        assert len(held) == (0 if trigger.first else 1)


def test_nobody_accepts_a_version_that_was_replaced_before_their_turn(
    asked: Asked, world: World, cast: Cast, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = asked.link()
    code = asked.code(path)

    def replace() -> None:
        with scope_of(cast.supplier):
            row = db.session().scalars(sa.select(DeedVersion).where(DeedVersion.id == world.draft_id)).one()
            publish(row, seen=1, today=TODAY)

    with meanwhile(monkeypatch, declaring, "take_turn", replace) as newer:
        status = asked.guest.post(path + "/", {**GOOD, "code": code}).status_code
    assert status == (422 if newer.first else 303)
    with scope_of(cast.supplier):
        assert len(db.session().scalars(sa.select(Declaration)).all()) == (0 if newer.first else 1)


def test_a_deed_is_accepted_once_however_often_the_form_arrives(
    app: Flask, asked: Asked, cast: Cast, scope_of: Scoped
) -> None:
    path = asked.link()
    code = asked.code(path)
    guests = [Visitor(app) for _ in range(4)]
    for one in guests:
        one._token = _token(one, path)
    sent = {**GOOD, "code": code}
    statuses = at_once(*(lambda one=one: one.post(path + "/", sent).status_code for one in guests))
    assert sorted(statuses)[0] == 303
    assert set(sorted(statuses)[1:]) <= {409, 422}
    with scope_of(cast.supplier):
        assert len(db.session().scalars(sa.select(Declaration)).all()) == 1
        held = db.session().scalars(sa.select(Acceptance).where(Acceptance.client_id == asked.client_id)).all()
        assert len(held) == 1


def _token(guest: Visitor, path: str) -> str:
    found = guest.get(path + "/").text.split('name="csrf_token"')[1].split('value="')[1]
    return found.split('"')[0]


def test_of_two_officers_who_ask_to_open_at_once_one_does(
    cast: Cast, vault: Vault, visitor: Visitors, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = visitor(vault.first.person), visitor(vault.second.person)
    assert first.token
    assert second.token

    def ask() -> int:
        return second.post(f"{vault.path}/open", {"purpose": PURPOSE}).status_code

    with meanwhile(monkeypatch, openings, "live", ask, after=True) as other:
        status = first.post(f"{vault.path}/open", {"purpose": PURPOSE}).status_code
    assert sorted([status, other()]) in ([302, 409], [302, 422])
    with scope_of(cast.supplier):
        assert len(db.session().scalars(sa.select(HandoverOpening)).all()) == 1


def test_an_opening_that_is_called_off_meanwhile_is_not_half_opened(
    cast: Cast, world: World, vault: Vault, visitor: Visitors, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_bankrupt(cast, world, scope_of)
    first, second = visitor(vault.first.person), visitor(vault.second.person)
    address = asked_to_open(second, vault)
    assert first.token

    def call_off() -> int:
        return second.post(f"{address}/call-off").status_code

    with meanwhile(monkeypatch, openings, "_still_free", call_off) as other:
        status = first.post(f"{address}/first", vault.passed_on).status_code
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(HandoverOpening)).one()
        assert (row.state is OpeningState.WITHDRAWN) == (row.half_secret == "") == (other() == 302)
    assert status in ({409, 422} if other.first else {302})


def test_nothing_is_handed_out_once_it_is_written_down_that_the_scheme_is_at_work_no_more(
    cast: Cast, world: World, vault: Vault, visitor: Visitors, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_bankrupt(cast, world, scope_of)
    first, second = visitor(vault.first.person), visitor(vault.second.person)
    address = asked_to_open(second, vault)
    assert first.post(f"{address}/first", vault.passed_on).status_code == 302

    def false_alarm() -> None:
        with scope_of(cast.supplier):
            row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
            row.declared_bankrupt_on, row.state = None, SchemeState.DRAFT

    assert second.token
    with meanwhile(monkeypatch, openings, "_still_free", false_alarm) as other:
        status = second.post(f"{address}/second").status_code
    assert status == (422 if other.first else 200)
