"""Rows that one of several racing requests may add."""

from typing import Any

import sqlalchemy as sa

from core import db
from core.db import Base
from core.inserting import insert_unless_there


def insert_new(row: Base) -> bool:
    """Add `row` unless one with its key is there; tell whether it was added.

    Waits for a racing request that adds the same key. Raises no error that would end the open transaction, as a failed
    insert does. The row itself stays outside the session.
    """
    values: dict[str, Any] = {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).column_attrs}
    insert = insert_unless_there(type(row), db.engine().dialect.name)
    statement = insert.values(values).on_conflict_do_nothing()
    added = db.session().execute(statement.returning(*sa.inspect(type(row)).primary_key))
    return added.first() is not None
