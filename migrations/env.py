"""Run migrations on the owner's connection, each step in its own transaction."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from core.db import Base, Money, UtcDateTime, prepare


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our column types as the plain ones below them: a migration must outlive the code of its day."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Money):
        return "sa.BigInteger()"
    return False


def run() -> None:
    """Connect as the owner of the tables, who need not be the role the service runs as."""
    settings = current_app.config["SETTINGS"]
    engine = sa.create_engine(settings.owner_database_url or settings.database_url)
    prepare(engine)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
