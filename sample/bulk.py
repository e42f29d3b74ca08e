"""Insert rows of many organisations, thousands in a statement."""

import sqlalchemy as sa

from core import db
from sample.believable.rows import Rows
from tenants.lock import Bypass, bypass


def insert(rows: Rows) -> None:
    """Insert what was gathered, parents first; the open scope is of the organisations they belong to."""
    # Nulls are told like any other value: rows would otherwise fall apart into a statement for each set of columns.
    options = {**bypass(Bypass.SAMPLE), "render_nulls": True}
    for model, found in rows.in_order():
        db.session().execute(sa.insert(model), found, execution_options=options)
