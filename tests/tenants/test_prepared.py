"""Prepared selects: put together once, and still nothing of another organisation comes out."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import aliased

from core import db
from core.columns import IdDigits, IdText
from plans.models import Asset, AssetKind, Contact, Department
from tenants.adding import add_rows
from tenants.models import Tenant
from tenants.owned import Area
from tenants.prepared import Prepared
from tenants.scope import LockError, reading, scoped, whole
from tests.cast import Cast

OTHER = aliased(Contact)
NAMED = Prepared(sa.select(Contact.name).where(Contact.id == sa.bindparam("row_id")))
READS = {
    "columns": Prepared(sa.select(Contact.name)),
    "counted": Prepared(sa.select(Contact.name, sa.func.count()).group_by(Contact.name)),
    "or true": Prepared(sa.select(Contact.name).where(sa.or_(Contact.name == "Mijn", sa.true()))),
    "alias": Prepared(sa.select(OTHER.name)),
    "self join": Prepared(sa.select(OTHER.name).join(Contact, sa.true())),
    "exists": Prepared(
        sa.select(Contact.name).where(
            sa.exists().where(OTHER.name == "Geheim"), sa.exists().where(OTHER.id == Contact.id)
        )
    ),
    "subquery": Prepared(sa.select(Contact.name, sa.select(sa.func.max(OTHER.name)).scalar_subquery())),
    "outer join": Prepared(sa.select(Contact.name, OTHER.name).outerjoin(OTHER, OTHER.name == "Geheim")),
}


@pytest.fixture
def both(app: Flask, cast: Cast) -> dict[str, UUID]:
    """A contact in each of two organisations."""
    made = {}
    for name, tenant_id in (("Mijn", cast.bakery.id), ("Geheim", cast.other.id)):
        with app.app_context(), scoped(whole(tenant_id)):
            row = Contact(name=name)
            db.session().add(row)
            db.session().flush()
            made[name] = row.id
    return made


def test_a_prepared_select_reaches_what_the_scope_reaches(app: Flask, cast: Cast, both: dict[str, UUID]) -> None:
    for _again in range(2):
        for tenant_id, mine, hidden in ((cast.bakery.id, "Mijn", "Geheim"), (cast.other.id, "Geheim", "Mijn")):
            with app.app_context(), scoped(reading(frozenset({tenant_id})), writes=False):
                for name, read in READS.items():
                    told = {value for row in read.rows() for value in row}
                    as_columns = [row for some in read.columns(500) for row in zip(*some, strict=True)]
                    assert sorted(as_columns) == sorted(map(tuple, read.rows())), name
                    assert hidden not in told, name
                    assert mine in told or name == "exists", name
                assert NAMED.rows(row_id=both[mine]) == [(mine,)]
                assert NAMED.rows(row_id=both[hidden]) == []
    with app.app_context(), scoped(reading(frozenset({cast.bakery.id, cast.other.id})), writes=False):
        assert {name for (name,) in READS["columns"].rows()} == {"Mijn", "Geheim"}


@pytest.mark.once
def test_rows_of_several_organisations_are_found_by_index(
    app: Flask, cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    several = [cast.bakery.id, cast.other.id]
    with app.app_context(), scoped(reading(frozenset(several)), writes=False):
        with count_queries() as sent:
            READS["columns"].rows()
        (statement,) = sent
        asked = db.session().connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (json.dumps(several),))
        assert any(step.startswith("SEARCH contact USING") for *_rest, step in asked)


@pytest.mark.usefixtures("both")
def test_what_was_not_written_yet_is_found(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(Contact(name="Nieuw"))
        assert {name for (name,) in READS["columns"].rows()} == {"Mijn", "Nieuw"}


def test_without_scope_or_area_a_prepared_select_does_not_run(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with pytest.raises(LockError, match="no scope"):
            READS["columns"].rows()
        with pytest.raises(LockError, match="no scope"):
            next(READS["columns"].columns(1))
        elsewhere = reading(frozenset({cast.bakery.id}), frozenset({Area.CONTINUITY}))
        with scoped(elsewhere, writes=False), pytest.raises(LockError, match="area plan"):
            READS["columns"].rows()


def test_what_the_lock_cannot_narrow_is_not_prepared(app: Flask, cast: Cast) -> None:
    table = Contact.__table__
    refused = [
        sa.select(Contact),
        sa.select(Contact.name, Department),
        sa.select(Tenant.name),
        sa.select(table.c.name),
        sa.select(sa.literal(1)).where(sa.exists().where(Contact.name != "")),
        sa.select(Department.name, table.c.name),
        sa.select(Contact.name).where(sa.text("1 = 1")),
        sa.union(sa.select(Contact.name), sa.select(Contact.email)),
    ]
    with app.app_context(), scoped(whole(cast.bakery.id)):
        for query in refused:
            with pytest.raises(LockError):
                Prepared(query).rows()  # type: ignore[arg-type]


def test_columns_hold_what_rows_do_however_many_come_at_once(app: Flask, cast: Cast) -> None:
    told = [getattr(Asset, column.key) for column in sa.inspect(Asset).column_attrs]
    every = Prepared(sa.select(*told).order_by(Asset.id))
    day = {"acquired_on": date(2026, 2, 28), "yearly_cost": Decimal("12.50"), "perpetual": True, "note": "Achter é"}
    with app.app_context(), scoped(whole(cast.bakery.id)):
        add_rows(Asset, [{"kind": AssetKind.SERVER, "name": f"Server {n}", **(day if n % 2 else {})} for n in range(7)])
    with app.app_context(), scoped(reading(frozenset({cast.bakery.id})), writes=False):
        rows = [tuple(row) for row in every.rows()]
        for at_once in (1, 3, 7, 500):
            parts = list(every.columns(at_once))
            assert [row for part in parts for row in zip(*part, strict=True)] == rows
            assert max(len(part[0]) for part in parts) == min(at_once, 7)
        with closing(every.columns(2)) as some:
            next(some)
        assert len(every.rows()) == 7
        ids = [row[told.index(Asset.id)] for row in rows]
        for kind, texts in ((IdText(), map(str, ids)), (IdDigits(), (one.hex for one in ids))):
            (keys,) = next(Prepared(sa.select(sa.type_coerce(Asset.id, kind), Asset.id)).columns(500))[:1]
            assert sorted(keys) == sorted(texts)


@pytest.mark.usefixtures("both")
def test_rows_are_what_sqlalchemy_tells_by_name_and_by_value(app: Flask, cast: Cast) -> None:
    mine = Contact.tenant_id == cast.bakery.id
    named: sa.BindParameter[list[UUID]] = sa.bindparam("names", expanding=True)
    queries = [
        sa.select(Contact.id, Contact.name, Contact.tenant_id, Contact.archived_at, sa.literal("é %").label("word")),
        sa.select(Contact.id, Department.id, Contact.name).outerjoin(Department, Department.head_id == Contact.id),
        sa.select(Contact.name, sa.func.count(Contact.id).label("number")).group_by(Contact.name),
        # Lists that are known beforehand, in types that turn their values.
        sa.select(Contact.id, Contact.name).where(
            Contact.archived_at.is_(None), Contact.name.in_(["Mijn", "Geheim"]), Contact.id.not_in([UUID(int=1)])
        ),
        sa.select(Contact.id).where(Contact.name.not_in([])),
        # What becomes several parameters at each run.
        sa.select(Contact.id, Contact.email).where(Contact.id.in_(named)),
    ]
    with app.app_context(), scoped(whole(cast.bakery.id)):
        ids = [row.id for row in db.session().execute(sa.select(Contact.id))]
        for query in queries:
            prepared, expected = Prepared(query), db.session().connection().execute(query.where(mine), {"names": ids})
            for several in ({"names": ids}, {"names": ids * 2}):
                found = prepared.rows(**several)
                assert found[0]._fields == tuple(expected.keys())
                assert found == [tuple(row) for row in db.session().execute(query, several)]
                assert [list(column) for column in prepared.all_columns(**several)] == [
                    list(column) for column in zip(*found, strict=True)
                ]


def test_what_is_asked_without_a_value_is_refused(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(reading(frozenset({cast.bakery.id})), writes=False), pytest.raises(KeyError):
        NAMED.rows()
