"""Which scheme covers an organisation: only what both sides tied to it, and only while all of it holds."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.models import (
    Acceptance,
    Client,
    Counterparty,
    CoverClaim,
    DeedVersion,
    HandoverItem,
    Registration,
)
from continuity.protection import SchemeProtection
from core import clock, db
from plans.processes.protection import Protection
from tenants.owned import Area
from tenants.scope import current_scope, scoped, whole
from tests.audits.rules.changing import replace
from tests.cast import JOINED, Cast, Organisation
from tests.continuity.test_cover_pages import make_sound
from tests.continuity.world import EARLIER, TODAY, Scoped, World

COVERED = [Protection("Draadwerk IT", "", "Webhosting Plus", EARLIER)]


def told(app: Flask, organisation: Organisation, areas: frozenset[Area] = frozenset(Area)) -> list[Protection]:
    """What covers an organisation, asked in a scope that reads `areas`; what was open is open again afterwards."""
    with app.app_context(), scoped(replace(whole(organisation.id), reads=areas), writes=False):
        before = current_scope()
        found = list(SchemeProtection().protections(TODAY))
        assert current_scope() is before
        return found


def change(app: Flask, model: Any, row_id: object, name: str, value: object) -> object:
    """Change one column of a row of the supplier; return what stood there."""
    with app.app_context(), scoped(whole(2)):
        row = db.session().scalars(sa.select(model).where(model.id == row_id)).one()
        before = getattr(row, name)
        setattr(row, name, value)
    return before


@pytest.fixture
def ids(world: World, cast: Cast, scope_of: Scoped) -> dict[Any, Any]:
    """The bakery is a client of a sound scheme, and both sides say so; the supplier's rows that this stands on."""
    assert cast.supplier.id == 2
    with scope_of(cast.bakery):
        db.session().add(
            CoverClaim(
                supplier_id=2, client_id=world.client_id, service="Webhosting Plus", claimed_by="X", claimed_at=JOINED
            )
        )
    with scope_of(cast.supplier):
        make_sound(world.registration_id)
        client = db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one()
        client.organisation_id, client.claimed_at = cast.bakery.id, JOINED
        on = {"registration_id": world.registration_id}
        required = sa.select(HandoverItem.id).where(HandoverItem.required)
        return {
            Registration: world.registration_id,
            Client: world.client_id,
            DeedVersion: world.draft_id,
            Acceptance: db.session().scalars(sa.select(Acceptance.id).filter_by(client_id=client.id)).one(),
            Counterparty: db.session().scalars(sa.select(Counterparty.id).filter_by(**on)).one(),
            HandoverItem: db.session().scalars(required.filter_by(**on).limit(1)).one(),
        }


def test_scheme_covers_while_everything_holds_and_no_longer(app: Flask, cast: Cast, ids: dict[Any, Any]) -> None:
    assert told(app, cast.bakery) == COVERED
    assert told(app, cast.bakery, frozenset({Area.PLAN, Area.AUDIT})) == []
    assert told(app, cast.other) == []
    for model, name, value in (
        (Client, "organisation_id", None),
        (Client, "organisation_id", cast.other.id),
        (Client, "archived_at", clock.now()),
        (Registration, "archived_at", clock.now()),
        (Registration, "monthly_cost", None),
        (Acceptance, "ended_on", TODAY),
        (Acceptance, "conditions_met_on", None),
        (Counterparty, "signed_on", None),
        (HandoverItem, "changed_on", TODAY - timedelta(days=1)),
    ):
        before = change(app, model, ids[model], name, value)
        assert told(app, cast.bakery) == [], (model, name)
        change(app, model, ids[model], name, before)
        assert told(app, cast.bakery) == COVERED, (model, name)
    change(app, DeedVersion, ids[DeedVersion], "published_on", TODAY)
    assert told(app, cast.bakery) == [], "a newer deed asks for a new acceptance"
