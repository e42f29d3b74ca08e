"""Which organisations a foundation's scope holds: the ones that name it, and one on a page about one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask, request

from continuity.models import Registration
from continuity.registrants.reach import registrant_of, registrants_of
from core import clock, db
from core.i18n import Language
from tenants.models import Capacity, TenantKind
from tenants.permissions import TenantState
from tenants.relations import Standing
from tests.cast import Cast, Organisation
from tests.continuity.world import World, service

Scoped = Callable[[Organisation], AbstractContextManager[None]]


def standing_in(organisation: Organisation) -> Standing:
    """Return where an officer of a foundation stands."""
    kind, zone = TenantKind.FOUNDATION, clock.DEFAULT_ZONE
    here, as_owner = TenantState.ACTIVE, Capacity.OWNER
    return Standing(organisation.id, organisation.slug, organisation.name, kind, Language.DUTCH, zone, here, as_owner)


@pytest.fixture
def reach(app: Flask) -> Callable[[Organisation, UUID | None], frozenset[int]]:
    """Ask for the reach of a foundation, on the page about one registration or on the list."""

    def reach_of(foundation: Organisation, registration_id: UUID | None) -> frozenset[int]:
        with app.test_request_context():
            db.begin(writes=False)
            request.view_args = {} if registration_id is None else {"registration_id": registration_id}
            find = registrants_of if registration_id is None else registrant_of
            try:
                return find(standing_in(foundation))
            finally:
                db.rollback()

    return reach_of


Reach = Callable[[Organisation, UUID | None], frozenset[int]]


def test_list_reaches_the_organisations_that_name_the_foundation(
    cast: Cast, world: World, scope_of: Scoped, reach: Reach
) -> None:
    with scope_of(cast.bakery):
        service("Broodsite", cast.other_foundation.id)
    assert reach(cast.foundation, None) == {cast.supplier.id}
    assert reach(cast.other_foundation, None) == {cast.supplier.id, cast.bakery.id}


def test_page_about_one_registration_reaches_one_organisation(
    cast: Cast, world: World, scope_of: Scoped, reach: Reach
) -> None:
    with scope_of(cast.bakery):
        baked = service("Broodsite", cast.foundation.id).id
    assert reach(cast.foundation, world.registration_id) == {cast.supplier.id}
    assert reach(cast.foundation, baked) == {cast.bakery.id}
    assert reach(cast.foundation, world.elsewhere_id) == frozenset()
    assert reach(cast.other_foundation, world.registration_id) == frozenset()
    assert reach(cast.foundation, uuid4()) == frozenset()


def test_what_was_put_away_is_out_of_reach(cast: Cast, world: World, scope_of: Scoped, reach: Reach) -> None:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.archived_at = clock.now()
    assert reach(cast.foundation, None) == frozenset()
    assert reach(cast.foundation, world.registration_id) == frozenset()


def test_foundation_never_reaches_itself(cast: Cast, world: World, scope_of: Scoped, reach: Reach) -> None:
    with scope_of(cast.foundation):
        own = service("Own", None)
        own.foundation_id = cast.foundation.id
        own_id = own.id
    assert reach(cast.foundation, None) == {cast.supplier.id}
    assert reach(cast.foundation, own_id) == frozenset()
