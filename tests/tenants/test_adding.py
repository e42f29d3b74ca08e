"""Many rows added at once leave what as many objects would have left."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from core.clock import now
from core.inserting import Same, Values
from plans.models import Asset, AssetKind
from tenants.adding import add_columns, add_rows
from tenants.models import TenantChange, TrailEntry
from tenants.scope import LockError, reading, scoped, whole
from tests.cast import Cast
from tests.tenants.trail_attacks import verdict_on

VALUES: tuple[dict[str, Any], ...] = (
    {"kind": AssetKind.SERVER, "name": "SRV1", "serial_number": "S1", "note": "", "acquired_on": date(2026, 1, 31)},
    {"kind": AssetKind.SERVER, "name": "SRV2", "serial_number": "", "note": "in de kast", "acquired_on": None},
)
OWN = ("id", "seq", "at", "subject_id", "salt", "digest", "link")


def told(model: Any, *, but: tuple[str, ...]) -> list[dict[str, Any]]:
    """The newest rows of a class, by what they are called, without what differs each time."""
    rows = db.session().scalars(sa.select(model).order_by(model.id.desc()).limit(len(VALUES)))
    names = [one.key for one in sa.inspect(model).column_attrs if one.key not in but]
    return sorted(({name: getattr(row, name) for name in names} for row in rows), key=str)


def test_rows_added_at_once_are_kept_and_told_of_as_objects_are(app: Flask, cast: Cast) -> None:
    found = []
    for add in (
        lambda: db.session().add_all([Asset(**values) for values in VALUES]),
        lambda: add_rows(Asset, VALUES),
    ):
        with app.app_context(), scoped(whole(cast.bakery.id)):
            add()
            db.session().flush()
            found.append((told(Asset, but=("id",)), told(TrailEntry, but=OWN)))
            assert " asset " in db.session().get_one(TenantChange, cast.bakery.id).tables
    assert found[0] == found[1]
    assert verdict_on(app, "bakery").broken is None


def test_ids_come_back_in_the_order_of_the_rows(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        ids = add_rows(Asset, VALUES)
        assert [db.session().get_one(Asset, (cast.bakery.id, one)).name for one in ids] == ["SRV1", "SRV2"]
        assert add_rows(Asset, []) == []


def test_columns_of_unequal_length_are_refused(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)), pytest.raises(ValueError, match="one length"):
        add_columns(Asset, 2, {"kind": Same(AssetKind.SERVER), "name": ["SRV1"]})


def test_what_all_rows_have_is_sealed_for_each_of_them(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        names = ["SRV1", "SRV2"]
        columns: dict[str, Values] = {"kind": Same(AssetKind.SERVER), "name": names, "note": Same("in de kast")}
        ids = add_columns(Asset, 2, columns)
        kept = sa.select(sa.type_coerce(Asset.note, sa.LargeBinary())).where(Asset.id.in_(map(UUID, ids)))
        assert len(set(db.session().scalars(kept))) == 2
        assert [db.session().get_one(Asset, (cast.bakery.id, UUID(one))).note for one in ids] == ["in de kast"] * 2


def test_rows_at_once_are_refused_where_an_object_would_be(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with scoped(reading(frozenset({cast.bakery.id}))), pytest.raises(LockError, match="does not write"):
            add_rows(Asset, VALUES)
        with scoped(whole(cast.bakery.id)), pytest.raises(LockError, match="whose"):
            add_rows(Asset, [{**VALUES[0], "tenant_id": cast.other.id}])
        with scoped(whole(cast.bakery.id)), pytest.raises(LockError, match="only"):
            add_rows(TrailEntry, [{"at": now()}])
