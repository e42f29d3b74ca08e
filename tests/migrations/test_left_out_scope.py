"""Tokens of before keep what they could read, by the name it has now; none gets more than it had."""

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from tenants.models import ApiToken
from tenants.scope import scoped, whole
from tenants.tokens.scopes import TokenScope
from tests.api.program import Program, program
from tests.cast import Cast

BEFORE = "0051"


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """A database of one's own: it is taken back a step."""
    return own_app


def scopes_of(app: Flask, cast: Cast) -> dict[str, list[str]]:
    """Return the scopes of each token, by its key."""
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        return {one.id.hex: one.scopes for one in db.session().scalars(sa.select(ApiToken))}


def test_who_could_read_what_is_left_out_still_can_and_nobody_else(app: Flask, cast: Cast) -> None:
    def made(*scopes: TokenScope) -> Program:
        return program(app, cast.bakery, cast.owner, frozenset(scopes))

    findings = made(TokenScope.FINDINGS_READ)
    both = made(TokenScope.FINDINGS_READ, TokenScope.INVENTORY_READ)
    inventory = made(TokenScope.INVENTORY_READ)
    keys = [one.token_id.hex for one in (findings, both, inventory) if one.token_id]
    assert [one.get("/left-out").status_code for one in (findings, both, inventory)] == [403] * 3
    with app.app_context():
        migrating.downgrade(BEFORE)
        migrating.upgrade()
    assert [one.get("/left-out").status_code for one in (findings, both, inventory)] == [200, 200, 403]
    after = scopes_of(app, cast)
    assert [after[key] for key in keys] == [
        ["read:findings", "read:left-out"],
        ["read:findings", "read:inventory", "read:left-out"],
        ["read:inventory"],
    ]


def test_the_release_before_finds_no_scope_that_it_does_not_know(app: Flask, cast: Cast) -> None:
    alone = program(app, cast.bakery, cast.owner, frozenset({TokenScope.LEFT_OUT_READ}))
    both = program(app, cast.bakery, cast.owner, frozenset({TokenScope.FINDINGS_READ, TokenScope.LEFT_OUT_READ}))
    assert alone.token_id
    assert both.token_id
    assert [one.get("/left-out").status_code for one in (alone, both)] == [200, 200]
    assert [one.get("/findings").status_code for one in (alone, both)] == [403, 200]
    with app.app_context():
        migrating.downgrade(BEFORE)
    found = scopes_of(app, cast)
    assert (found[alone.token_id.hex], found[both.token_id.hex]) == ([], ["read:findings"])
    with app.app_context():
        migrating.upgrade()
    found = scopes_of(app, cast)
    assert found[alone.token_id.hex] == [], "nothing is given that nobody asked for"
    assert found[both.token_id.hex] == ["read:findings", "read:left-out"]
