"""The foundation's side: what it sees, what it may record, and what no foundation ever reaches."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.models import (
    Agreement,
    CheckKind,
    HandoverCheck,
    HandoverDelivery,
    HandoverItem,
    Registration,
    SchemeState,
)
from continuity.registrants import queries
from core import clock, db
from plans.models import Contact
from tenants.models import TrailEntry
from tenants.owned import Area
from tenants.scope import LockError, Scope, scoped
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import TODAY, World, delivered, service, version
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
Counting = Callable[[], AbstractContextManager[list[str]]]
TICKS = {"complete": "y", "readable": "y", "key_fits": "y"}


def confirm_path(world: World) -> str:
    """Return the address at which the first delivery is confirmed."""
    return f"{world.registrant_path}/deliveries/{world.delivery_id}"


def test_list_tells_what_to_confirm_and_what_is_overdue(cast: Cast, world: World, visitor: Visitors) -> None:
    page = visitor(cast.foundation_reader).get("/o/foundation/registrants/").get_data(as_text=True)
    assert "Webhosting Plus" in page
    assert "Draadwerk IT" in page
    assert "1 delivery" in page
    assert "Serverbeheer" not in page
    assert "10 items" in page


def test_foundation_without_registrants_gets_an_empty_page(cast: Cast, visitor: Visitors) -> None:
    page = visitor(cast.foundation_owner).get("/o/foundation/registrants/").get_data(as_text=True)
    assert "No supplier has registered" in page


def test_list_of_many_registrants_costs_no_more_queries(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, count_queries: Counting
) -> None:
    officer = visitor(cast.foundation_owner)
    counted, page = [], ""
    for organisation in (None, cast.bakery, cast.other):
        if organisation:
            with scope_of(organisation):
                delivered(service(f"Dienst van {organisation.name}", cast.foundation.id), "A login")
        with count_queries() as sent:
            page = officer.get("/o/foundation/registrants/").get_data(as_text=True)
        counted.append(len(sent))
    assert counted[0] == counted[1] == counted[2] <= 15
    assert "Dienst van Bakkerij Zonneschijn" in page
    assert "Dienst van Garage Verweg" in page


def test_registration_under_another_foundation_is_not_found(cast: Cast, world: World, visitor: Visitors) -> None:
    officer = visitor(cast.foundation_owner)
    elsewhere = f"/o/foundation/registrants/{world.elsewhere_id}"
    delivery = f"deliveries/{world.elsewhere_delivery_id}"
    for path in (elsewhere, f"{elsewhere}/{delivery}", f"{elsewhere}/bankruptcy", f"{elsewhere}/bankruptcy/withdrawal"):
        assert officer.get(path).status_code == 404, path
    for path in (f"{elsewhere}/{delivery}", f"{elsewhere}/bankruptcy", f"{elsewhere}/bankruptcy/withdrawal"):
        assert officer.post(path, {**TICKS, "version": "1"}).status_code == 404, path


def test_delivery_of_another_registration_is_not_found_under_this_one(
    cast: Cast, world: World, visitor: Visitors
) -> None:
    officer = visitor(cast.foundation_owner)
    path = f"{world.registrant_path}/deliveries/{world.elsewhere_delivery_id}"
    assert officer.get(path).status_code == 404
    assert officer.post(path, TICKS).status_code == 404


def test_everything_a_foundation_lists_names_it(app: Flask, cast: Cast, world: World) -> None:
    """Even in a scope that holds all rows of the supplier."""
    only = frozenset({Area.CONTINUITY})
    with app.app_context(), scoped(Scope(frozenset({cast.supplier.id}), only, frozenset()), writes=False):
        assert len(db.session().scalars(sa.select(Registration)).all()) == 2
        found = queries.registrants(cast.foundation.id, TODAY)
        assert [one.registration.id for one in found] == [world.registration_id]
        assert queries.registrant(cast.foundation.id, world.elsewhere_id, TODAY) is None
        assert queries.delivery(found[0].registration, world.elsewhere_delivery_id) is None


def test_scope_of_a_foundation_holds_no_row_of_a_plan(app: Flask, cast: Cast, world: World) -> None:
    only = frozenset({Area.CONTINUITY})
    scope = Scope(frozenset({cast.supplier.id}), only, only)
    with app.app_context(), scoped(scope, writes=False), pytest.raises(LockError, match="area plan"):
        db.session().execute(sa.select(Contact))


def test_registration_that_was_put_away_leaves_the_foundation(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.archived_at = clock.now()
    officer = visitor(cast.foundation_owner)
    assert officer.get(world.registrant_path).status_code == 404
    assert "Webhosting" not in officer.get("/o/foundation/registrants/").get_data(as_text=True)


def test_foundation_that_names_itself_confirms_nothing(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.foundation):
        row = service("Own", None)
        delivery_id = delivered(row, "A login").id
        row.foundation_id = cast.foundation.id
        registration_id = row.id
    officer = visitor(cast.foundation_owner)
    path = f"/o/foundation/registrants/{registration_id}"
    assert officer.get(path).status_code == 404
    assert officer.post(f"{path}/deliveries/{delivery_id}", TICKS).status_code == 404
    assert "Own" not in officer.get("/o/foundation/registrants/").get_data(as_text=True).split("<main")[1]


def test_contract_with_a_client_is_no_business_of_the_foundation(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        db.session().add(Agreement(registration_id=world.registration_id, kind="service", party="Geheime Klant"))
    page = visitor(cast.foundation_owner).get(world.registrant_path).get_data(as_text=True)
    assert "Stichting Zekerheid" in page
    assert "Geheime Klant" not in page


def test_confirmed_delivery_counts_and_is_written_down(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    officer = visitor(cast.foundation_owner)
    assert officer.post(confirm_path(world), TICKS).status_code == 302
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(HandoverDelivery).where(HandoverDelivery.id == world.delivery_id)).one()
        assert (row.confirmed_on, row.confirmed_by) == (TODAY, cast.foundation_owner.name)
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "handover.confirmed")).one()
        assert (entry.user_id, entry.subject_id) == (cast.foundation_owner.id, world.delivery_id)
    page = visitor(cast.supplier_owner).get(f"{world.path}/handovers").get_data(as_text=True)
    assert "mark-good" in page


def test_delivery_counts_once_each_of_three_things_was_seen_by_whoever_saw_it(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    officer = visitor(cast.foundation_owner)
    assert officer.post(confirm_path(world), {}).status_code == 422
    for ticks, confirmed in (({"readable": "y"}, False), ({"readable": "y", "key_fits": "y"}, False), (TICKS, True)):
        assert officer.post(confirm_path(world), ticks).status_code == 302
        with scope_of(cast.supplier):
            query = sa.select(HandoverDelivery).where(HandoverDelivery.id == world.delivery_id)
            assert (db.session().scalars(query).one().confirmed_on is not None) is confirmed
        if not confirmed:
            assert "Seen on 22 November 2026 by Foundation Owner" in officer.get(confirm_path(world)).get_data(
                as_text=True
            )
            assert officer.post(confirm_path(world), ticks).status_code == 422
    with scope_of(cast.supplier):
        kinds = db.session().scalars(
            sa.select(HandoverCheck.kind).where(HandoverCheck.delivery_id == world.delivery_id)
        )
        assert set(kinds) == set(CheckKind)


def test_delivery_is_confirmed_once(cast: Cast, world: World, visitor: Visitors) -> None:
    officer = visitor(cast.foundation_owner)
    assert officer.post(confirm_path(world), TICKS).status_code == 302
    answer = officer.post(confirm_path(world), TICKS)
    assert answer.status_code == 422
    assert "confirmed already" in answer.get_data(as_text=True)


def test_superseded_delivery_is_not_confirmed(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> None:
    sent = {"delivered_on": "2026-11-21", "delivered_by": "x", "specification": "y", "version": "1"}
    path = f"{world.path}/handovers/{world.item_id}/deliver"
    assert visitor(cast.supplier_owner).post(path, sent).status_code == 302
    answer = visitor(cast.foundation_owner).post(confirm_path(world), TICKS)
    assert answer.status_code == 422
    assert "A newer delivery arrived" in answer.get_data(as_text=True)


def test_nobody_at_the_supplier_records_a_bankruptcy(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    """Not even by adding the field to a form that has none."""
    owner = visitor(cast.supplier_owner)
    sent = {"monthly_cost": "1", "duration_months": "3", "declared_bankrupt_on": "2026-11-20"}
    seen = version(owner, f"{world.path}/money")
    assert owner.post(f"{world.path}/money", {**sent, "version": seen}).status_code == 302
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        assert row.declared_bankrupt_on is None


@pytest.mark.parametrize("field", ["confirmed_on", "confirmed_by"])
def test_nobody_at_the_supplier_confirms_by_an_extra_field(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, field: str
) -> None:
    sent = {
        "delivered_on": "2026-11-21",
        "delivered_by": "x",
        "specification": "y",
        "version": "1",
        field: "2026-11-21",
    }
    path = f"{world.path}/handovers/{world.item_id}/deliver"
    assert visitor(cast.supplier_owner).post(path, sent).status_code == 302
    with scope_of(cast.supplier):
        rows = db.session().scalars(sa.select(HandoverDelivery)).all()
        assert all(row.confirmed_on is None and row.confirmed_by == "" for row in rows)


def test_running_period_keeps_its_length_and_its_registration(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.declared_bankrupt_on, row.state = date(2026, 11, 20), SchemeState.TRIGGERED
    owner = visitor(cast.supplier_owner)
    seen = version(owner, f"{world.path}/money")
    sent = {"monthly_cost": "1", "duration_months": "1", "version": seen}
    assert owner.post(f"{world.path}/money", sent).status_code == 422
    owner.post(f"{world.path}/archive")
    assert owner.get(world.path).status_code == 200


def test_foundation_changes_nothing_a_supplier_entered(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        before = [(row.id, row.version) for row in db.session().scalars(sa.select(HandoverItem))]
        specification = (
            db.session()
            .scalars(sa.select(HandoverDelivery.specification).where(HandoverDelivery.id == world.delivery_id))
            .one()
        )
    officer = visitor(cast.foundation_owner)
    sent = {**TICKS, "specification": "Other", "label": "Other", "delivered_on": "2020-01-01"}
    assert officer.post(confirm_path(world), sent).status_code == 302
    with scope_of(cast.supplier):
        assert [(row.id, row.version) for row in db.session().scalars(sa.select(HandoverItem))] == before
        row = db.session().scalars(sa.select(HandoverDelivery).where(HandoverDelivery.id == world.delivery_id)).one()
        assert (row.specification, row.delivered_on) == (specification, date(2026, 11, 2))
