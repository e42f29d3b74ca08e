"""Selects that are put together once and run often, with the lock built into them.

The lock walks each statement and narrows it anew, which costs several times what the database takes to answer. Here
that is done once: the organisations of the scope are a parameter of the statement, filled in at every run, and the
areas are held against the open scope as everywhere else. On PostgreSQL row-level security stands behind it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import with_loader_criteria

from core import db
from tenants.lock import owned_classes, scope_over
from tenants.owned import TenantOwned
from tenants.scope import LockError

_ORGANISATIONS = "organisations_of_the_scope"
F = TypeVar("F")


class Prepared:
    """A select of columns of owned rows. Made at import, it is walked when it first runs.

    query: names columns, never whole rows, and its own parameters as `sa.bindparam`.
    """

    def __init__(self, query: sa.Select[*tuple[Any, ...]]) -> None:
        """Keep the query."""
        self.query = query

    def rows(self, only: Iterable[int] | None = None, **values: Any) -> Sequence[Any]:
        """Return the rows of the open scope's organisations.

        only: of these among them, never of others; values: the query's own parameters.

        Raises LockError without a scope, for an area outside it, and for a query that the lock cannot narrow.
        """
        session = db.session()
        scope = scope_over(self._owned, session)
        # What the session has not written yet would be missing; it does the same before its own queries.
        if session.autoflush:
            session.flush()
        chosen = scope.tenant_ids if only is None else scope.tenant_ids.intersection(only)
        told = {**values, _ORGANISATIONS: sorted(chosen)}
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


class FactRows(Generic[F]):
    """Rows of one table as frozen facts, a fact's fields being the columns of the same name.

    A field `has_x` tells whether column x is filled in, which the database can tell without opening it. Archived rows
    are no facts. by: the column they are grouped by; where: what else must be so.
    """

    def __init__(self, by: Any, fact: type[F], *where: Any) -> None:
        """Put the select together."""
        model = by.class_
        columns = [_column(model, field.name) for field in fields(fact)]  # type: ignore[arg-type]
        self.fact = fact
        self.select = Prepared(sa.select(by, *columns).where(*where, *in_use(model)))

    def load(self, only: Iterable[int]) -> dict[Any, list[F]]:
        """Return the facts of the organisations `only` in the open scope, by the value of the grouping column."""
        found: dict[Any, list[F]] = defaultdict(list)
        for key, *values in self.select.rows(only):
            found[key].append(self.fact(*values))
        return found


def in_use(model: Any) -> tuple[Any, ...]:
    """Return what holds of rows that were not archived; nothing where rows never are."""
    return (model.archived_at.is_(None),) if hasattr(model, "archived_at") else ()


def _column(model: Any, name: str) -> Any:
    return getattr(model, name.removeprefix("has_")) != "" if name.startswith("has_") else getattr(model, name)
