"""Run migrations on the owner's connection, each step in its own transaction."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from core.db import Base, prepare
from migrations.rendering import render_item
from migrations.security import settle


def run() -> None:
    """Connect as the owner of the tables, who need not be the role the service runs as."""
    settings = current_app.config["SETTINGS"]
    address = sa.make_url(settings.owner_database_url or settings.database_url)
    on_postgresql = address.get_backend_name() == "postgresql"
    # The owner is bound by row-level security too. Off: a step that forgets it is refused, instead of changing no rows.
    engine = sa.create_engine(address, connect_args={"options": "-c row_security=off"} if on_postgresql else {})
    prepare(engine)
    if engine.dialect.name == "sqlite":
        # SQLite changes a table by copying it and dropping the old one, which would break every link to it.
        sa.event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA foreign_keys=OFF").close())
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
        if engine.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"this migration left links to nowhere: {broken[:5]}")
    if on_postgresql:
        with engine.begin() as owner:
            settle(owner, sa.make_url(settings.database_url).username)
    engine.dispose()


run()
