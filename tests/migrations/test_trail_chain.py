"""The step that makes the trail a chain takes the entries that were there before into it."""

import sqlalchemy as sa
from flask import Flask

from core import migrating
from tenants.trail.verifying import verify
from tests.cast import Cast
from tests.tenants.trail_attacks import attack, broken, fill, owner_rows


def test_entries_of_before_are_numbered_linked_and_verified(own_app: Flask, cast: Cast) -> None:
    fill(own_app, cast.bakery, 4)
    told = [(row.at, row.id, row.actor, row.subject) for row in owner_rows(own_app, cast.bakery)]
    with own_app.app_context():
        migrating.downgrade(revision="0004")
        migrating.upgrade()
        verdicts = {one.name: one for one in verify({})}
    assert {one.broken for one in verdicts.values()} == {None}
    assert verdicts["bakery"].entries == len(told) == 7
    assert [(row.at, row.id, row.actor, row.subject) for row in owner_rows(own_app, cast.bakery)] == told
    fill(own_app, cast.bakery, 1)
    assert broken(own_app, "bakery") is None
    table = sa.table("trail_entry", sa.column("actor"), sa.column("seq"))
    attack(own_app, sa.update(table).where(table.c.seq == 2).values(actor="Iemand"))
    found = broken(own_app, "bakery")
    assert found is not None
    assert found.seq == 2
