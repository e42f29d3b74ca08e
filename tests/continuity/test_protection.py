"""Which scheme covers an organisation: only what both sides tied to it, and only while all of it holds."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.models import Acceptance, Client, Counterparty, DeedVersion, Registration
from continuity.protection import SchemeProtection
from core import clock, db
from plans.processes.protection import Protection
from tenants.models import ClientInvitation, GrantLevel, ManagementGrant, Tenant, User
from tenants.owned import Area
from tenants.scope import close_scope, current_scope, open_scope, scoped, whole
from tests.cast import JOINED, Cast, Organisation
from tests.continuity.world import EARLIER, TODAY, Scoped, World

KVK = "00990101"
COVERED = [Protection("Draadwerk IT", "", "Webhosting Plus", EARLIER)]


def told(app: Flask, organisation: Organisation, areas: frozenset[Area] = frozenset(Area)) -> list[Protection]:
    """What covers an organisation, asked in a scope that reads `areas`; what was open is open again afterwards."""
    with app.app_context(), scoped(replace(whole(organisation.id), reads=areas), writes=False):
        before = current_scope()
        found = list(SchemeProtection().protections())
        assert current_scope() is before
        return found


def change(app: Flask, model: Any, name: str, value: object) -> object:
    """Change one column of the supplier's rows of a kind; return what stood there."""
    with app.app_context(), scoped(whole(2)):
        rows = list(db.session().scalars(sa.select(model).order_by(model.id)))
        rows = [row for row in rows if model is not Registration or row.service_name == COVERED[0].service]
        before = getattr(rows[0], name)
        for row in rows:
            setattr(row, name, value)
    return before


@pytest.fixture
def covered(app: Flask, world: World, cast: Cast, scope_of: Scoped) -> None:
    """The bakery let its supplier in, was invited by it, and is a client of the scheme for which all is in order."""
    assert cast.supplier.id == 2
    with scope_of(cast.bakery):
        db.session().add(
            ManagementGrant(
                manager_id=cast.supplier.id, level=GrantLevel.EDIT, plan=True, continuity=True, starts_at=JOINED
            )
        )
    with scope_of(cast.supplier):
        by = db.session().scalars(sa.select(User.id)).first()
        db.session().add(
            ClientInvitation(
                name="Bakery", kvk=KVK, email="owner@people.example", level=GrantLevel.EDIT, plan=True,
                continuity=True, invited_by=by, sent_at=JOINED, accepted_at=JOINED, client_id=cast.bakery.id,
            )
        )  # fmt: skip
    change(app, Client, "kvk", KVK)
    change(app, Counterparty, "signed_on", EARLIER)


@pytest.mark.usefixtures("covered")
def test_scheme_covers_while_everything_holds_and_no_longer(app: Flask, cast: Cast) -> None:
    now: datetime = clock.now()
    assert told(app, cast.bakery) == COVERED
    assert told(app, cast.bakery, frozenset({Area.PLAN, Area.AUDIT})) == []
    for model, name, value in (
        (ClientInvitation, "kvk", "00990199"),
        (ClientInvitation, "client_id", cast.other.id),
        (Client, "kvk", ""),
        (Client, "archived_at", now),
        (Acceptance, "ended_on", TODAY),
        (Acceptance, "conditions_met_on", None),
        (Counterparty, "signed_on", None),
        (Counterparty, "archived_at", now),
        (Registration, "archived_at", now),
        (Registration, "foundation_id", None),
    ):
        before = change(app, model, name, value)
        assert told(app, cast.bakery) == [], (model, name)
        change(app, model, name, before)
        assert told(app, cast.bakery) == COVERED, (model, name)


@pytest.mark.usefixtures("covered")
def test_newer_deed_that_was_not_accepted_ends_the_cover(app: Flask, world: World, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.supplier.id)):
        draft = db.session().scalars(sa.select(DeedVersion).where(DeedVersion.id == world.draft_id)).one()
        draft.published_on = TODAY
    assert told(app, cast.bakery) == []


@pytest.mark.usefixtures("covered")
def test_number_somebody_merely_says_is_theirs_opens_nothing(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(Tenant, cast.other.id).kvk = KVK
        db.session().flush()
        open_scope(whole(cast.other.id))
        db.session().add(
            ManagementGrant(
                manager_id=cast.supplier.id, level=GrantLevel.EDIT, plan=True, continuity=True, starts_at=JOINED
            )
        )
        db.commit()
        close_scope()
    assert told(app, cast.other) == []


@pytest.mark.usefixtures("covered")
def test_supplier_that_was_never_let_in_is_not_asked(app: Flask, cast: Cast) -> None:
    change(app, ClientInvitation, "client_id", cast.other.id)
    assert told(app, cast.other) == []
