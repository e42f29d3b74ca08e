"""What was kept of organisations as JSON is moved into columns and back, row by row; what was not kept stays so."""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from tenants.scope import scoped, whole
from tests.cast import Cast, Organisation
from tests.grants.scene import judged

BEFORE, OFFSITE = "0050", "backup.offsite-data"
LEGS = [62, 6, 3, "self-check.secured", 8, 0, 1, "testing.sla", 1, 2, 4, "scheme.funding", 8, 16, 32, "scheme.logins"]
CLEAN = [0, 0, 0, ""] * 4
OLD: tuple[Any, ...] = (
    {"legs": LEGS, "lapses": ["2026-11-26", OFFSITE, "2028-02-29", ""], "registered": True},
    {"legs": CLEAN, "lapses": ["", "", "", ""], "registered": False},
    None,
)


def placing(faults: int, warnings: int, notices: int, plan_until: str | None, scheme_until: str | None) -> list[object]:
    """Return what an organisation is placed by whose own numbers were never counted, but for those of its scheme."""
    return [bool(faults), 0, 0, 0, faults, warnings, notices, 0, 0, 0, plan_until, scheme_until]


NEW: tuple[tuple[Any, ...], ...] = (
    (9, 18, 36, True, placing(9, 18, 36, "2026-11-26", "2028-02-29"), {"legs": LEGS, "lapses": [OFFSITE, ""]}),
    (0, 0, 0, False, placing(0, 0, 0, None, None), {"legs": CLEAN, "lapses": ["", ""]}),
    (0, 0, 0, None, None, None),
)
COLUMNS = ("scheme_faults", "scheme_warnings", "scheme_notices", "registered", "placed_by", "legs")


def kept(app: Flask, organisation: Organisation, *columns: str) -> tuple[Any, ...]:
    """Return these columns of an organisation's state, alike on both databases."""
    with app.app_context(), scoped(whole(organisation.id), writes=False):
        asked = sa.text(f"SELECT {', '.join(columns)} FROM audit_state WHERE tenant_id = :mine")  # noqa: S608
        return tuple(map(_plain, db.session().connection().execute(asked, {"mine": organisation.id}).one()))


def _plain(told: object) -> object:
    if isinstance(told, date):
        return told.isoformat()
    return json.loads(told) if isinstance(told, str) and told.startswith(("{", "[")) else told


def test_what_was_kept_is_moved_and_moved_back(own_app: Flask, cast: Cast) -> None:
    everybody = (cast.bakery, cast.other, cast.supplier)
    for one in everybody:
        judged(own_app, one)
    with own_app.app_context():
        migrating.downgrade(BEFORE)
    for one, legs in zip(everybody, OLD, strict=True):
        with own_app.app_context(), scoped(whole(one.id)):
            keep = sa.text("UPDATE audit_state SET legs = :legs WHERE tenant_id = :mine")
            told = {"legs": legs and json.dumps(legs), "mine": one.id}
            assert db.session().connection().execute(keep, told).rowcount == 1
    for _again in range(2):
        with own_app.app_context():
            migrating.upgrade()
        assert tuple(kept(own_app, one, *COLUMNS) for one in everybody) == NEW
        with own_app.app_context():
            migrating.downgrade(BEFORE)
        assert tuple(kept(own_app, one, "legs")[0] for one in everybody) == OLD
