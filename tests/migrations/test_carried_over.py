"""What a judgement carries over to the next is moved to a table of its own and back, and nothing of it is lost."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from audits.models import AuditCarried, AuditState
from audits.sweeping import sweep
from core import db, migrating
from tenants.scope import scoped, whole
from tests.cast import Cast

BEFORE = "0065"


def carried(tenant_id: int) -> list[Any]:
    with scoped(whole(tenant_id), writes=False):
        query = sa.select(AuditCarried.id, AuditCarried.past, AuditCarried.entered).join(AuditState)
        return [tuple(row) for row in db.session().execute(query)]


def test_what_a_judgement_carries_over_stays_while_its_table_comes_and_goes(own_app: Flask, cast: Cast) -> None:
    bakery, never = cast.bakery.id, cast.other.id
    with own_app.app_context():
        sweep.run([bakery])
        before = carried(bakery)
        ((_row, past, entered),) = before
        assert past["opened"]
        assert entered["contacts"] == []
        migrating.downgrade(BEFORE)
        migrating.upgrade()
        assert carried(bakery) == before
        assert carried(never) == []
        # Who was judged before anything was carried over has no row of it, until it is judged again.
        with scoped(whole(bakery)):
            state = db.session().scalars(sa.select(AuditState)).one()
            state.told = state.from_rows = ""
        migrating.downgrade("0046")
        migrating.upgrade()
        assert carried(bakery) == []
        sweep.run([bakery])
        ((row, past, entered),) = carried(bakery)
        assert (row, entered) == (before[0][0], before[0][2])
        assert past["opened"] == before[0][1]["opened"]
