"""Step 0004 encrypts the rows there are, and back; nothing of them stays readable in the file."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app import create_app
from core import db, migrating
from plans.models import Answer, Asset, AssetKind, Waiver
from tenants.models import TrailEntry
from tenants.scope import scoped, whole
from tests import cast as casting
from tests.confidential.planting import bytes_on_disk
from tests.conftest import Stable, settings_for

SERIAL, PLACE, REASON = "SN-7788-geheim", "In de kluis, tweede plank", "Wij hebben geen telefooncentrale"
VALUES = {"location": PLACE, "seen_on": "2026-11-01"}
SEEN, UNTIL = date(2026, 11, 1), date(2027, 1, 1)


def test_rows_are_sealed_on_the_way_up_and_plain_on_the_way_down(stable: Stable, tmp_path: Path) -> None:
    address, owner = stable.fresh("")
    app = create_app(settings_for(address, owner, tmp_path))
    try:
        with app.app_context():
            migrating.upgrade()
            cast = casting.build()
        for tenant_id in (cast.bakery.id, cast.other.id):
            _fill(app, tenant_id)
        with app.app_context():
            migrating.downgrade("0003")
        for secret in (SERIAL, PLACE, REASON):
            assert secret.encode() in _kept(app, stable)
        with app.app_context():
            migrating.upgrade()
        kept = _kept(app, stable)
        for secret in (SERIAL, PLACE, REASON):
            assert secret.encode() not in kept
        # No server runs on while tables are taken down: a new one has no keys in memory.
        app = create_app(app.config["SETTINGS"])
        for tenant_id in (cast.bakery.id, cast.other.id):
            _look(app, tenant_id)
    finally:
        with app.app_context():
            db.engine().dispose()
        stable.drop(address)


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
                Waiver(item_id="x", part="", reason=REASON, author="Eva", starts_on=SEEN, until=UNTIL),
            ]
        )


def _look(app: Flask, tenant_id: int) -> None:
    with app.app_context(), scoped(whole(tenant_id)):
        assert db.session().execute(sa.select(Asset.serial_number, Asset.imei)).all() == [(SERIAL, "")]
        assert db.session().scalars(sa.select(Answer.values)).all() == [VALUES]
        assert db.session().scalars(sa.select(Waiver.reason)).all() == [REASON]
        told = [entry.changes for entry in db.session().scalars(sa.select(TrailEntry))]
        assert any(changes.get("serial_number") == SERIAL for changes in told)
