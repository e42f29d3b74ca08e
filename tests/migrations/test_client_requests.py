"""Requests go with their tables when the release is taken back, with rows in them, and what they hung on stays."""

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.models import RequestState
from core import db, migrating
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.continuity.asking import scene
from tests.continuity.world import Scoped, build

BEFORE = "0058"
TABLES = ("client_request", "request_step", "exit_task")


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Serve this test from a database of its own, which it takes back and forth."""
    return own_app


def counted(app: Flask, cast: Cast) -> dict[str, int]:
    """Return how many rows of the supplier stand in each table of requests, and in what they hang on."""
    with app.app_context(), scoped(whole(cast.supplier.id), writes=False):
        there = set(sa.inspect(db.engine()).get_table_names())
        connection = db.session().connection()
        return {
            table: connection.execute(
                sa.text(f"SELECT count(*) FROM {table} WHERE tenant_id = :mine"),  # noqa: S608
                {"mine": cast.supplier.id},
            ).scalar_one()
            for table in (*TABLES, "trigger_case", "acceptance")
            if table in there
        }


def test_tables_come_and_go_with_rows_in_them(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        world = build(cast)
    scene(cast, world, scope_of, RequestState.SERVED)
    assert counted(app, cast) == {
        "client_request": 1, "request_step": 5, "exit_task": 5, "trigger_case": 1, "acceptance": 1,
    }  # fmt: skip
    with app.app_context():
        migrating.downgrade(BEFORE)
    assert counted(app, cast) == {"trigger_case": 1, "acceptance": 1}
    with app.app_context():
        migrating.upgrade()
    assert counted(app, cast) == {**dict.fromkeys(TABLES, 0), "trigger_case": 1, "acceptance": 1}
