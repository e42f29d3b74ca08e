"""Selects that are put together once and run often, with the lock built into them.

The lock walks each statement and narrows it anew, which costs several times what the database takes to answer. Here
that is done once: the organisations of the scope are a parameter of the statement, filled in at every run, and the
areas are held against the open scope as everywhere else. On PostgreSQL row-level security stands behind it.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import with_loader_criteria

from core import db
from tenants.lock import owned_classes, scope_over
from tenants.owned import TenantOwned
from tenants.scope import LockError

_ORGANISATIONS = "organisations_of_the_scope"


class Prepared:
    """A select of columns of owned rows. Made at import, it is walked when it first runs.

    query: names columns, never whole rows, and its own parameters as `sa.bindparam`.
    """

    def __init__(self, query: sa.Select[*tuple[Any, ...]]) -> None:
        """Keep the query."""
        self.query = query

    def rows(self, **values: Any) -> Sequence[Any]:
        """Return the rows of the open scope's organisations. values: the query's own parameters.

        Raises LockError without a scope, for an area outside it, and for a query that the lock cannot narrow.
        """
        session = db.session()
        scope = scope_over(self._owned, session)
        # What the session has not written yet would be missing; it does the same before its own queries.
        if session.autoflush:
            session.flush()
        told = {**values, _ORGANISATIONS: sorted(scope.tenant_ids)}
        return session.connection().execute(self._narrowed, told).all()

    @cached_property
    def _owned(self) -> frozenset[type[TenantOwned]]:
        found, columns = frozenset(owned_classes(self.query)), self.query.column_descriptions
        # Without an attribute of a class among its columns the statement would run as it is, narrowed by nothing.
        attributes = [one for one in columns if one.get("entity") is not None]
        if not found or not attributes or any(one["type"] is one["entity"] for one in attributes):
            raise LockError("what is prepared selects columns of owned rows through their class, and no whole rows")
        return found

    @cached_property
    def _narrowed(self) -> sa.Select[*tuple[Any, ...]]:
        return self.query.options(
            with_loader_criteria(
                TenantOwned,
                # The name is written out: SQLAlchemy turns what a lambda finds around it into parameters.
                lambda cls: cls.tenant_id.in_(sa.bindparam("organisations_of_the_scope", expanding=True)),
                include_aliases=True,
                propagate_to_loaders=False,
            )
        )
