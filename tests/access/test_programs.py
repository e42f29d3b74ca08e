"""Every operation of the API with every kind of token, against its own and a foreign organisation's objects."""

from collections.abc import Iterator
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.api.operations import OPERATIONS
from core import db
from plans.models import Asset
from tenants.scope import scoped, whole
from tenants.tokens.scopes import BY_SCOPE, TokenScope
from tests.access.conftest import Stage
from tests.access.world import FOREIGN, Place
from tests.api.program import Program, program
from tests.cast import Organisation
from tests.visitor import Visitor

SENT = {"POST": {"register": "office-pcs", "fields": {}}, "PUT": {}, "PATCH": {}}
SAFE = frozenset({"GET"})


def operations(app: Flask, asset: object) -> Iterator[tuple[str, str, TokenScope]]:
    """Yield method, path and scope of each operation, from the route map."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        scope = getattr(app.view_functions[rule.endpoint], "door", None)
        if isinstance(scope, TokenScope):
            values = {"asset_id": asset} if rule.arguments else {}
            assert set(rule.arguments) == set(values), f"tell what {rule.rule} names"
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, adapter.build(rule.endpoint, values, method=method), scope


def asset_of(stage: Stage, place: Place) -> object:
    with stage.app.app_context(), scoped(whole(place.id), writes=False):
        return db.session().scalars(sa.select(Asset.id).order_by(Asset.id)).first()


def caller(stage: Stage, place: Place, who: str, scopes: frozenset[TokenScope]) -> Program:
    return program(stage.app, Organisation(place.id, place.slug, place.name), stage.world.people[who], scopes)


def test_the_route_map_holds_the_table(stage: Stage) -> None:
    found = {(method, scope) for method, _path, scope in operations(stage.app, asset_of(stage, stage.world.home))}
    assert found == {(one.method, one.scope) for one in OPERATIONS}
    assert all(not BY_SCOPE[scope].reading for method, scope in found if method not in SAFE)


@pytest.mark.parametrize("where", ["home", "supplier"])
def test_each_scope_opens_what_it_says_and_no_more(stage: Stage, where: str) -> None:
    place = {"home": stage.world.home, "supplier": stage.world.supplier}[where]
    owner = {"home": "owner", "supplier": "supplier_owner"}[where]
    offered = [scope for scope in TokenScope if where == "supplier" or scope is not TokenScope.PORTFOLIO_READ]
    ways, wrong = list(operations(stage.app, asset_of(stage, place))), []
    callers = {held: caller(stage, place, owner, frozenset({held})) for held in offered}
    for held, (method, path, scope) in product(offered, ways):
        answer = callers[held].ask(method, path, SENT.get(method))
        # What is sent to change something lacks what it must have: here nothing of the world may change.
        fits = {200} if method in SAFE else {422, 428}
        expected = fits if held is scope else {403}
        text = answer.get_data(as_text=True)
        # A reseller's own list names its clients, and the sibling is one.
        text = text.replace(stage.world.sibling.name, "") if path.endswith("/portfolio") else text
        if answer.status_code not in expected or FOREIGN in text:
            wrong.append(f"{held}: {method} {path}: {answer.status_code}{' leaks' if FOREIGN in text else ''}")
    assert not wrong


def test_the_key_of_a_foreign_record_opens_nothing(stage: Stage) -> None:
    every, wrong = caller(stage, stage.world.home, "owner", frozenset(TokenScope)), []
    for place in (stage.world.foreign, stage.world.sibling):
        for method, path, _scope in operations(stage.app, theirs := asset_of(stage, place)):
            if str(theirs) in path:
                answer = every.ask(method, path, SENT.get(method), If_Match='"1"')
                if answer.status_code != 404:
                    wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong


@pytest.mark.once
@pytest.mark.parametrize("who", ["owner", "operator", "supplier_owner", None])
def test_nobody_gets_in_without_a_token_whoever_is_signed_in(stage: Stage, who: str | None) -> None:
    visitor = Visitor(stage.app, stage.world.people[who] if who else None)
    for method, path, _scope in operations(stage.app, asset_of(stage, stage.world.home)):
        answer = visitor.client.open(path, method=method, json={})
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), f"{method} {path}"
