"""What clients are sorted by is put into one text and taken out of it again, each number and day in its own place."""

import json
from datetime import date

import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from tenants.scope import scoped, whole
from tests.cast import Cast, Organisation
from tests.grants.scene import judged

BEFORE = "0067"
NUMBERS = ("faults", "warnings", "notices", "scheme_faults", "scheme_warnings", "scheme_notices")
REST = ("endless", "scheme_endless", "tonight", "plan_until", "scheme_until")
TOLD = (62, 31, 16, 9, 8, 7, 5, 3, 2, "2026-11-26", None)


def asked(app: Flask, organisation: Organisation, *columns: str) -> list[object]:
    """Return these columns of an organisation's state, days as texts on both databases."""
    with app.app_context(), scoped(whole(organisation.id), writes=False):
        query = sa.text(f"SELECT {', '.join(columns)} FROM audit_state WHERE tenant_id = :mine")  # noqa: S608
        row = db.session().connection().execute(query, {"mine": organisation.id}).one()
        return [told.isoformat() if isinstance(told, date) else told for told in row]


def test_what_clients_are_sorted_by_is_put_together_and_taken_apart(own_app: Flask, cast: Cast) -> None:
    told = {cast.bakery: True, cast.supplier: False, cast.other: None}
    for one in told:
        judged(own_app, one)
    with own_app.app_context():
        migrating.downgrade(BEFORE)
    for one, registered in told.items():
        with own_app.app_context(), scoped(whole(one.id)):
            columns = ("registered", *NUMBERS, *REST)
            put = sa.text(
                f"UPDATE audit_state SET {', '.join(f'{name} = :{name}' for name in columns)} WHERE tenant_id = :mine"  # noqa: S608
            )
            values = dict(zip(columns, (registered, *TOLD), strict=True)) | {"mine": one.id}
            assert db.session().connection().execute(put, values).rowcount == 1
    for _again in range(2):
        with own_app.app_context():
            migrating.upgrade()
        for one, registered in told.items():
            (placing,) = asked(own_app, one, "placed_by")
            assert (placing and json.loads(str(placing))) == (None if registered is None else [registered, *TOLD])
        with own_app.app_context():
            migrating.downgrade(BEFORE)
        for one, registered in told.items():
            unknown = [0, 0, 0, None, None]
            assert asked(own_app, one, *REST) == (unknown if registered is None else list(TOLD[len(NUMBERS) :]))
