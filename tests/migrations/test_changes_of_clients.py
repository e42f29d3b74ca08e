"""What was said of clients goes with its table when the release is taken back, with rows in it; the clients stay."""

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.continuity.asking import start
from tests.continuity.test_changing import NEW, say
from tests.continuity.world import Scoped, build

BEFORE, TABLE = "0064", "client_change"


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Serve this test from a database of its own, which it takes back and forth."""
    return own_app


def counted(app: Flask, cast: Cast, table: str) -> int | None:
    """Return how many rows of the supplier stand in a table, None where there is no such table."""
    with app.app_context(), scoped(whole(cast.supplier.id), writes=False):
        if table not in sa.inspect(db.engine()).get_table_names():
            return None
        query = sa.text(f"SELECT count(*) FROM {table} WHERE tenant_id = :mine")  # noqa: S608
        return int(db.session().connection().execute(query, {"mine": cast.supplier.id}).scalar_one())


def test_table_comes_and_goes_with_rows_in_it(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        world = build(cast)
        start(world, cast)
        assert say(world, NEW)
    assert (counted(app, cast, TABLE), counted(app, cast, "client")) == (1, 1)
    with app.app_context():
        migrating.downgrade(BEFORE)
    assert (counted(app, cast, TABLE), counted(app, cast, "client")) == (None, 1)
    with app.app_context():
        migrating.upgrade()
    assert (counted(app, cast, TABLE), counted(app, cast, "client")) == (0, 1)
