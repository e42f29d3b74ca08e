"""A register's workbook is sent while its rows are read."""

import io
from collections.abc import Generator
from contextlib import closing

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from plans.importing import returning
from plans.models import Asset, AssetKind
from plans.registers import batches as reading
from plans.registers.batches import Batch, batches
from plans.registers.columns import register
from plans.registers.shape import Register
from tenants.adding import add_rows
from tenants.models import TrailEntry
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.visitor import Visitor


def test_all_records_come_by_name_whatever_its_case_and_by_key_where_names_are_alike(app: Flask, cast: Cast) -> None:
    names = ["ober", "Élan", "Bar", "ijs", "bar", "Oven", "BAR", "Zaal", "élan", "aula"]
    with app.app_context(), scoped(whole(cast.bakery.id)):
        add_rows(Asset, [{"kind": AssetKind.OFFICE_PC, "name": name} for name in names])
        found, secrets = reading.whole(register("office-pcs")), closing(batches(register("office-pcs")))
        with secrets as every:
            keys = {key: name for some in every for key, name in zip(some.keys, some.columns["name"], strict=True)}
    asked = sorted(keys, key=lambda key: (str(keys[key]).casefold(), key))
    assert found["name"] == [keys[key] for key in asked]
    assert {len(part) for part in found.values()} == {len(names)}


def test_download_that_is_broken_off_ends_the_work_and_is_told(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(found: Register, *, secrets: bool) -> Generator[Batch]:
        with closing(batches(found, secrets=secrets)) as every:
            for some in every:
                read.extend(some.keys)
                yield some

    monkeypatch.setattr(returning, "batches", counted)
    with app.app_context(), scoped(whole(cast.bakery.id)):
        add_rows(Asset, [{"kind": AssetKind.OFFICE_PC, "name": f"PC {n:04}"} for n in range(1_200)])
    visitor, path = Visitor(app, cast.owner), f"/o/{cast.bakery.slug}/import/workbook/office-pcs"
    answer = visitor.client.post(path, data={"csrf_token": visitor.token})
    pieces = answer.iter_encoded()
    assert next(pieces).startswith(b"PK")
    assert read == []
    next(pieces)
    answer.close()
    assert 0 < len(read) < 1_200
    newest = sa.select(TrailEntry.action).order_by(TrailEntry.seq.desc()).limit(2)
    with app.app_context(), scoped(whole(cast.bakery.id)):
        assert list(db.session().scalars(newest)) == ["report.broken_off", "report.exported"]
    book = openpyxl.load_workbook(io.BytesIO(visitor.post(path).data))
    assert book.worksheets[0].max_row == 1 + 1_200
