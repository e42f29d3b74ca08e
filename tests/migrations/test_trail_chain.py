"""The step that makes the trail a chain takes the entries that were there before into it."""

from pathlib import Path

import sqlalchemy as sa

from app import create_app
from core import db, migrating
from tenants.trail.verifying import verify
from tests import cast as casting
from tests.conftest import Stable, settings_for
from tests.tenants.trail_attacks import attack, broken, fill, owner_rows


def test_entries_of_before_are_numbered_linked_and_verified(stable: Stable, tmp_path: Path) -> None:
    address, owner = stable.fresh("")
    app = create_app(settings_for(address, owner, tmp_path))
    try:
        with app.app_context():
            migrating.upgrade()
            cast = casting.build()
        fill(app, cast.bakery, 4)
        told = [(row.at, row.id, row.actor, row.subject) for row in owner_rows(app, cast.bakery)]
        with app.app_context():
            migrating.downgrade(revision="0004")
            migrating.upgrade()
            verdicts = {one.name: one for one in verify({})}
        assert {one.broken for one in verdicts.values()} == {None}
        assert verdicts["bakery"].entries == len(told) == 7
        assert [(row.at, row.id, row.actor, row.subject) for row in owner_rows(app, cast.bakery)] == told
        fill(app, cast.bakery, 1)
        assert broken(app, "bakery") is None
        table = sa.table("trail_entry", sa.column("actor"), sa.column("seq"))
        attack(app, sa.update(table).where(table.c.seq == 2).values(actor="Iemand"))
        found = broken(app, "bakery")
        assert found is not None
        assert found.seq == 2
    finally:
        with app.app_context():
            db.engine().dispose()
        stable.drop(address)
