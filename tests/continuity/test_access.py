"""Who reaches which page of the scheme: every route, every kind of person."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tenants.permissions import Permission
from tests.cast import Cast, Person
from tests.continuity.world import World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
# No file came with the deliveries of the world.
NOTHING_KEPT = {"continuity.delivery_file": 404, "foundation.delivery_file": 409}
# Pages about anything else have the world of tests/access, which walks every route.
TOLD = frozenset(
    {"slug", "registration_id", "agreement_id", "deed_id", "client_id", "item_id", "delivery_id", "row_id", "name"}
)
READING = (Permission.CONTINUITY_READ, Permission.REGISTRANT_READ)


def address(app: Flask, endpoint: str, world: World) -> str:
    """Return the address of a page with the ids of `world`."""
    known: dict[str, Any] = {
        "slug": "foundation" if endpoint.startswith("foundation.") else "supplier",
        "registration_id": world.registration_id,
        "agreement_id": world.agreement_id,
        "deed_id": world.deed_id,
        "client_id": world.client_id,
        "item_id": world.item_id,
        "delivery_id": world.delivery_id,
        "row_id": world.client_id,
    }
    names = {
        "continuity.contact_edit": "partner",
        "continuity.archive": "clients",
        "continuity.restore": "clients",
    }
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    values = {name: names[endpoint] if name == "name" else known[name] for name in rule.arguments}
    return app.url_map.bind("localhost").build(endpoint, values)


def endpoints(app: Flask, blueprint: str) -> list[tuple[str, Permission, set[str]]]:
    """Return every page of a blueprint about rows of the world, with its permission and methods."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{blueprint}.") and rule.arguments <= TOLD:
            door: Permission = getattr(app.view_functions[rule.endpoint], "door")  # noqa: B009 -- set by needs()
            found.append((rule.endpoint, door, (rule.methods or set()) - {"HEAD", "OPTIONS"}))
    return found


def send(visitor: Visitor, path: str, method: str) -> int:
    """Open a page or send its form empty; return the status."""
    return (visitor.get(path) if method == "GET" else visitor.post(path)).status_code


def test_reader_of_the_supplier_reads_and_changes_nothing(app: Flask, world: World, visitor: Visitors) -> None:
    reader = visitor(world.reader)
    for endpoint, permission, methods in endpoints(app, "continuity"):
        for method in methods:
            expected = NOTHING_KEPT.get(endpoint, 200) if permission in READING else 403
            assert send(reader, address(app, endpoint, world), method) == expected, f"{method} {endpoint}"


def test_editor_of_the_supplier_reaches_every_page(app: Flask, world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    for endpoint, _permission, methods in endpoints(app, "continuity"):
        if "GET" in methods:
            # A published deed has no form any more; its page is shown instead.
            expected = 302 if endpoint == "continuity.deed_edit" else NOTHING_KEPT.get(endpoint, 200)
            assert send(editor, address(app, endpoint, world), "GET") == expected, endpoint


@pytest.mark.parametrize("who", ["stranger", "foundation_owner", "other_foundation_owner", "owner"])
def test_outsider_finds_nothing_of_the_supplier(
    app: Flask, cast: Cast, world: World, visitor: Visitors, who: str
) -> None:
    outsider = visitor(getattr(cast, who))
    for endpoint, _permission, methods in endpoints(app, "continuity"):
        for method in methods:
            assert send(outsider, address(app, endpoint, world), method) == 404, f"{method} {endpoint}"


def test_ids_of_another_organisation_are_not_found(app: Flask, cast: Cast, world: World, visitor: Visitors) -> None:
    owner = visitor(cast.owner)
    for endpoint, _permission, methods in endpoints(app, "continuity"):
        path = address(app, endpoint, world).replace("/o/supplier/", "/o/bakery/")
        if str(world.registration_id) in path:
            for method in methods:
                assert send(owner, path, method) == 404, f"{method} {endpoint}"


def test_officer_of_the_foundation_reaches_its_pages(app: Flask, cast: Cast, world: World, visitor: Visitors) -> None:
    officer = visitor(cast.foundation_owner)
    for endpoint, _permission, methods in endpoints(app, "foundation"):
        nobody_bankrupt = endpoint in ("foundation.bankruptcy_withdraw", "foundation.trigger_decide")
        nothing_there = {404, 409} if nobody_bankrupt else set()
        expected = {NOTHING_KEPT.get(endpoint, 200), *nothing_there}
        if "GET" in methods:
            assert send(officer, address(app, endpoint, world), "GET") in expected, endpoint
        assert methods <= {"GET", "POST"}


def test_reader_of_the_foundation_confirms_nothing(app: Flask, cast: Cast, world: World, visitor: Visitors) -> None:
    reader = visitor(cast.foundation_reader)
    for endpoint, permission, methods in endpoints(app, "foundation"):
        for method in methods:
            expected = NOTHING_KEPT.get(endpoint, 200) if permission in READING else 403
            assert send(reader, address(app, endpoint, world), method) == expected, f"{method} {endpoint}"


@pytest.mark.parametrize("who", ["supplier_owner", "stranger", "other_foundation_owner"])
def test_outsider_finds_nothing_of_the_foundation(
    app: Flask, cast: Cast, world: World, visitor: Visitors, who: str
) -> None:
    outsider = visitor(getattr(cast, who))
    for endpoint, _permission, methods in endpoints(app, "foundation"):
        for method in methods:
            assert send(outsider, address(app, endpoint, world), method) == 404, f"{method} {endpoint}"


def test_other_foundation_does_not_reach_the_registration_by_its_own_address(
    app: Flask, cast: Cast, world: World, visitor: Visitors
) -> None:
    officer = visitor(cast.other_foundation_owner)
    for endpoint, _permission, methods in endpoints(app, "foundation"):
        path = address(app, endpoint, world).replace("/o/foundation/", "/o/other-foundation/")
        if str(world.registration_id) in path:
            for method in methods:
                assert send(officer, path, method) == 404, f"{method} {endpoint}"


def test_supplier_has_no_page_to_confirm_its_own_delivery(
    app: Flask, cast: Cast, world: World, visitor: Visitors
) -> None:
    owner = visitor(cast.supplier_owner)
    for endpoint, _permission, methods in endpoints(app, "foundation"):
        path = address(app, endpoint, world).replace("/o/foundation/", "/o/supplier/")
        for method in methods:
            assert send(owner, path, method) == 403, f"{method} {endpoint}"
