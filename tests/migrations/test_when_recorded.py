"""When a delivery was recorded is taken from what was kept of changes; of those before nobody knows."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.models import HandoverDelivery, Part, SchemeChange
from core import db, migrating
from tests.cast import Cast
from tests.continuity.world import Scoped, build

BEFORE = "0068"
TOLD_AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Serve this test from a database of its own, which it takes back and forth."""
    return own_app


def test_the_moment_comes_from_what_was_kept(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        world = build(cast)
        for one in db.session().scalars(sa.select(SchemeChange).where(SchemeChange.part == Part.DELIVERY)):
            one.told_at = TOLD_AT
            if one.part_id != world.delivery_id:
                one.part = Part.ITEM
    with app.app_context():
        migrating.downgrade(BEFORE)
        migrating.upgrade()
    with scope_of(cast.supplier):
        found = {one.id: one.recorded_at for one in db.session().scalars(sa.select(HandoverDelivery))}
    assert found == {world.delivery_id: TOLD_AT, world.elsewhere_delivery_id: None}
