"""Rows that one of several racing requests may add."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core import db
from core.db import Base


def insert_new(row: Base) -> bool:
    """Add `row` unless one with its key is there; tell whether it was added.

    Waits for a racing request that adds the same key. Raises no error that would end the open transaction, as a failed
    insert does. The row itself stays outside the session.
    """
    dialect = postgresql if db.engine().dialect.name == "postgresql" else sqlite
    values: dict[str, Any] = {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).column_attrs}
    statement = dialect.insert(type(row)).values(values).on_conflict_do_nothing()
    added = db.session().execute(statement.returning(*sa.inspect(type(row)).primary_key))
    return added.first() is not None
