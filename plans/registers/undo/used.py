"""Which rows something else of the plan has come to point at: whoever added them cannot simply take them away again."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.db import Base
from tenants.owned import Area, TenantOwned
from tenants.prepared import in_use


def used_rows(rows: Mapping[UUID, Any]) -> set[UUID]:
    """Return the ids of those of `rows`, by id, that a row in use which is none of them points at.

    Queries: one for each column of the plan that can point at such rows, however many rows there are.
    """
    found: set[UUID] = set()
    for table in sorted({str(row.__tablename__) for row in rows.values()}):
        ids = [row_id for row_id, row in rows.items() if row.__tablename__ == table]
        for model, name in _pointing_at(table):
            column = getattr(model, name)
            query = sa.select(column).where(column.in_(ids), model.id.not_in(list(rows)), *in_use(model))
            found.update(db.session().scalars(query))
    return found


@cache
def _pointing_at(table: str) -> Collection[tuple[Any, str]]:
    """Return the columns of the plan that hold the id of a row of `table`, each with its model."""
    mapped = (mapper.class_ for mapper in Base.registry.mappers)
    return tuple(
        (model, name)
        for model in mapped
        if issubclass(model, TenantOwned) and model.__area__ is Area.PLAN
        for key in model.__table__.foreign_key_constraints  # type: ignore[attr-defined]  # every mapped class has one
        if key.referred_table.name == table
        for name in key.column_keys
        if name != "tenant_id"
    )
