"""Migrations: up, down and up again with rows in the tables, on both databases; models and tables agree."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from core import db, migrating
from core.db import Base
from migrations.rendering import render_item
from plans.models import Contact
from tenants.scope import scoped, whole
from tests.cast import Cast

IGNORED = {"alembic_version"}


def tables(app: Flask) -> set[str]:
    with app.app_context():
        return set(sa.inspect(db.engine()).get_table_names()) - IGNORED


def test_every_step_goes_up_down_and_up_with_rows_in_it(own_app: Flask, cast: Cast) -> None:
    """Up the first time for every test of this run: what they start from was made by the steps."""
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(Contact(name="Henk"))
    assert tables(own_app) == set(Base.metadata.tables)
    with own_app.app_context():
        migrating.downgrade("base")
    assert tables(own_app) == set()
    with own_app.app_context():
        migrating.upgrade()
    assert tables(own_app) == set(Base.metadata.tables)


def test_models_and_tables_agree(app: Flask) -> None:
    with app.app_context(), db.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_new_step_would_name_no_type_of_our_own() -> None:
    kinds = {type(column.type): column.type for table in Base.metadata.tables.values() for column in table.columns}
    own = [kind for one, kind in kinds.items() if not one.__module__.startswith("sqlalchemy.")]
    assert own
    assert [kind for kind in own if not str(render_item("type", kind, None)).startswith("sa.")] == []
