"""Step 0004 encrypts the rows there are, and back; nothing of them stays readable in the file."""

from datetime import date

import sqlalchemy as sa
from flask import Flask

from app import create_app
from core import db, migrating
from plans.models import Answer, Asset, AssetKind, Waiver, WaiverState
from tenants.models import TrailEntry
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.confidential.planting import bytes_on_disk
from tests.conftest import Stable

SERIAL, PLACE, REASON = "SN-7788-geheim", "In de kluis, tweede plank", "Wij hebben geen telefooncentrale"
VALUES = {"location": PLACE, "seen_on": "2026-11-01"}
SEEN, UNTIL = date(2026, 11, 1), date(2027, 1, 1)


def test_rows_are_sealed_on_the_way_up_and_plain_on_the_way_down(own_app: Flask, cast: Cast, stable: Stable) -> None:
    for tenant_id in (cast.bakery.id, cast.other.id):
        _fill(own_app, tenant_id)
    with own_app.app_context():
        migrating.downgrade("0003")
    for secret in (SERIAL, PLACE, REASON):
        assert secret.encode() in _kept(own_app, stable)
    with own_app.app_context():
        migrating.upgrade()
    kept = _kept(own_app, stable)
    for secret in (SERIAL, PLACE, REASON):
        assert secret.encode() not in kept
    # No server runs on while tables are taken down: a new one has no keys in memory.
    fresh = create_app(own_app.config["SETTINGS"])
    for tenant_id in (cast.bakery.id, cast.other.id):
        _look(fresh, tenant_id)
    with fresh.app_context():
        db.engine().dispose()


def _kept(app: Flask, stable: Stable) -> bytes:
    with app.app_context():
        db.engine().dispose()  # SQLite empties its log when the last connection closes
    return bytes_on_disk(app, stable)


def _fill(app: Flask, tenant_id: int) -> None:
    with app.app_context(), scoped(whole(tenant_id)):
        db.session().add_all(
            [
                Asset(kind=AssetKind.SERVER, name="SRV1", serial_number=SERIAL),
                Answer(item_id="backup.offsite-data", values=VALUES, answered_on=SEEN, answered_by="Eva"),
                Waiver(
                    item_id="x",
                    part="",
                    state=WaiverState.APPROVED,
                    reason=REASON,
                    author="Eva",
                    decided_by="Henk",
                    starts_on=SEEN,
                    until=UNTIL,
                ),
                Waiver(
                    item_id="y",
                    state=WaiverState.PROPOSED,
                    reason=REASON,
                    author="Eva",
                    starts_on=SEEN,
                    until=UNTIL,
                ),
            ]
        )


def _look(app: Flask, tenant_id: int) -> None:
    with app.app_context(), scoped(whole(tenant_id)):
        assert db.session().execute(sa.select(Asset.serial_number, Asset.imei)).all() == [(SERIAL, "")]
        assert db.session().scalars(sa.select(Answer.values)).all() == [VALUES]
        decided = sa.select(Waiver.state, Waiver.reason, Waiver.decided_by, Waiver.proposed_on)
        assert db.session().execute(decided).all() == [(WaiverState.APPROVED, REASON, "Eva", SEEN)]
        told = [entry.changes for entry in db.session().scalars(sa.select(TrailEntry))]
        assert any(changes.get("serial_number") == SERIAL for changes in told)
