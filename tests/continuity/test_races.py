"""The same thing done twice in the same instant: one wins, the other is told, nothing is doubled."""

import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from continuity.models import (
    Acceptance,
    Agreement,
    Client,
    Counterparty,
    HandoverDelivery,
    HandoverItem,
    Registration,
)
from core import db
from tenants.owned import TenantOwned
from tests.cast import Cast, Organisation, Person
from tests.continuity.test_handovers import ITEM
from tests.continuity.world import World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
RACERS = 4


def race(visitors: list[Visitor], path: str, sent: dict[str, str]) -> list[int]:
    """Let all send the same form at once; return the statuses in order."""
    start, statuses = threading.Barrier(len(visitors)), []

    def run(visitor: Visitor) -> None:
        start.wait()
        statuses.append(visitor.post(path, sent).status_code)

    threads = [threading.Thread(target=run, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def racers(visitor: Visitors, person: Person) -> list[Visitor]:
    """Return browsers that hold their token already."""
    found = [visitor(person) for _one in range(RACERS)]
    assert all(one.token for one in found)
    return found


def test_one_delivery_is_recorded(world: World, visitor: Visitors, cast: Cast, scope_of: Scoped) -> None:
    sent = {"delivered_on": "2026-11-21", "delivered_by": "x", "specification": "y", "version": "1"}
    path = f"{world.path}/handovers/{world.item_id}/deliver"
    statuses = race(racers(visitor, world.editor), path, sent)
    assert statuses == [302] + [409] * (RACERS - 1)
    with scope_of(cast.supplier):
        query = sa.select(HandoverDelivery.number).where(HandoverDelivery.handover_item_id == world.item_id)
        assert sorted(db.session().scalars(query)) == [1, 2]


def test_one_counterparty_is_added(world: World, visitor: Visitors, cast: Cast, scope_of: Scoped) -> None:
    path = f"/o/supplier/continuity/{world.elsewhere_id}/counterparty"
    statuses = race(racers(visitor, world.editor), path, {"name": "Bulk", "version": "0"})
    assert statuses == [302] + [409] * (RACERS - 1)
    with scope_of(cast.supplier):
        query = sa.select(Counterparty.name).where(Counterparty.registration_id == world.elsewhere_id)
        assert db.session().scalars(query).all() == ["Bulk"]


def test_one_acceptance_is_recorded(world: World, visitor: Visitors, cast: Cast, scope_of: Scoped) -> None:
    editor = visitor(world.editor)
    assert editor.post(f"{world.path}/deeds/{world.draft_id}/publish", {"version": "1"}).status_code == 302
    path = f"{world.path}/clients/{world.client_id}/deeds/{world.draft_id}"
    sent = {"accepted_on": "2026-11-22", "accepted_by": "O. Wner", "accepted_as": "director", "version": "0"}
    assert race(racers(visitor, world.editor), path, sent) == [302] + [409] * (RACERS - 1)
    with scope_of(cast.supplier):
        query = sa.select(sa.func.count(Acceptance.id)).where(Acceptance.deed_version_id == world.draft_id)
        assert db.session().scalar(query) == 1


def test_one_officer_confirms(world: World, visitor: Visitors, cast: Cast) -> None:
    path = f"{world.registrant_path}/deliveries/{world.delivery_id}"
    sent = {"complete": "y", "readable": "y", "key_fits": "y"}
    statuses = race(racers(visitor, cast.foundation_owner), path, sent)
    assert statuses[0] == 302
    assert set(statuses[1:]) <= {409, 422}


ADDING: dict[str, tuple[Any, dict[str, str]]] = {
    "clients": (Client, {"name": "Slagerij Vos", "version": "0"}),
    "agreements": (Agreement, {"kind": "service", "party": "Slagerij Vos", "version": "0"}),
    "handovers": (HandoverItem, {**ITEM, "version": "0"}),
}


@pytest.mark.parametrize("name", ADDING)
def test_form_that_is_sent_twice_adds_one(
    name: str, world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    model, sent = ADDING[name]
    path = f"{world.path}/{name}/new"
    (chosen,) = re.findall(r'name="row_id"[^>]*value="([^"]+)"', visitor(world.editor).get(path).text)
    before = _count(model, cast, scope_of)
    assert race(racers(visitor, world.editor), path, {**sent, "row_id": chosen}) == [302] * RACERS
    assert _count(model, cast, scope_of) == before + 1


def test_service_is_registered_once(visitor: Visitors, cast: Cast, scope_of: Scoped) -> None:
    path = "/o/supplier/continuity/new"
    (chosen,) = re.findall(r'name="row_id"[^>]*value="([^"]+)"', visitor(cast.supplier_owner).get(path).text)
    sent = {"service_name": "Webhosting", "buys_hosting": "y", "version": "0", "row_id": chosen}
    assert race(racers(visitor, cast.supplier_owner), path, sent) == [302] * RACERS
    assert _count(Registration, cast, scope_of) == 1


def _count(model: type[TenantOwned], cast: Cast, scope_of: Scoped) -> int:
    with scope_of(cast.supplier):
        return db.session().scalar(sa.select(sa.func.count(model.id))) or 0
