"""Migrations: up, down and up again with rows in the tables, on both databases; models and tables agree."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from app import create_app
from core import db, migrating
from core.db import Base
from plans.models import Contact
from tenants.scope import scoped, whole
from tests import cast as casting
from tests.conftest import Stable, settings_for

IGNORED = {"alembic_version"}


def tables(app: Flask) -> set[str]:
    with app.app_context():
        return set(sa.inspect(db.engine()).get_table_names()) - IGNORED


def test_every_step_goes_up_down_and_up_with_rows_in_it(stable: Stable, tmp_path: Path) -> None:
    address, owner = stable.fresh("")
    app = create_app(settings_for(address, owner, tmp_path))
    try:
        with app.app_context():
            migrating.upgrade()
            cast = casting.build()
        with app.app_context(), scoped(whole(cast.bakery.id)):
            db.session().add(Contact(name="Henk"))
        assert tables(app) == set(Base.metadata.tables)
        with app.app_context():
            migrating.downgrade("base")
        assert tables(app) == set()
        with app.app_context():
            migrating.upgrade()
        assert tables(app) == set(Base.metadata.tables)
    finally:
        with app.app_context():
            db.engine().dispose()
        stable.drop(address)


def test_models_and_tables_agree(app: Flask) -> None:
    with app.app_context(), db.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
