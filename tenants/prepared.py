"""Selects that are put together once and run often, with the lock built into them.

The lock walks each statement and narrows it anew, which costs several times what the database takes to answer. Here
that is done once: the organisations of the scope are a parameter of the statement, filled in at every run, and the
areas are held against the open scope as everywhere else. On PostgreSQL row-level security stands behind it.
"""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from functools import cache, cached_property, partial
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import with_loader_criteria

from core import db, vault
from core.among import among, listed
from core.written import Answer, WrittenSelect
from tenants.lock import Bypass, owned_classes, scope_over
from tenants.owned import TenantOwned
from tenants.scope import LockError, connection_of

_ONE, _SEVERAL = "organisation_of_the_scope", "organisations_of_the_scope"
F = TypeVar("F", bound=NamedTuple)


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
        answer = self._run(only, values)
        with vault.holding():
            return answer.rows()

    def bare_rows(self, only: Iterable[int] | None = None) -> list[tuple[Any, ...]]:
        """Return the same rows as the driver hands them over: sealed cells stay sealed, ids and days may be texts.

        Raises LockError as rows() does.
        """
        return self._run(only, {}).bare()

    def all_columns(self, only: Iterable[int] | None = None, **values: Any) -> tuple[Sequence[Any], ...]:
        """Return the same rows as columns: a sequence for each column of the select, equally long.

        It saves what an object for each row and a step for each cell cost. Raises LockError as rows() does.
        """
        return self._run(only, values).columns()

    def columns(self, at_once: int, **values: Any) -> Generator[tuple[Sequence[Any], ...]]:
        """Yield the same rows some at a time, as columns: a sequence for each column of the select, equally long.

        at_once: how many rows at most. It saves what an object for each row costs. Close it when you stop halfway: a
        database that hands out rows bit by bit keeps the rest ready. Raises LockError as `rows` does.
        """
        # Not `yield_per`: it would pass each row through a queue of SQLAlchemy's own on its way here.
        answer = self._run(None, values, stream_results=True)
        result, decoders = answer.result, answer.decoders()
        with closing(result):
            # What the driver gives, before SQLAlchemy makes rows of it. The strategy may hold some already, and changes
            # once there are no more.
            while found := result.cursor_strategy.fetchmany(result, result.cursor, at_once):
                columns = zip(*found, strict=True)
                yield tuple(decode(column) for decode, column in zip(decoders, columns, strict=True))

    def _run(self, only: Iterable[int] | None, values: Mapping[str, Any], **options: Any) -> Answer:
        session = db.session()
        scope = scope_over(self._owned, session)
        # What the session has not written yet would be missing; it does the same before its own queries.
        if session.autoflush:
            session.flush()
        chosen = scope.tenant_ids if only is None else scope.tenant_ids.intersection(only)
        if len(chosen) == 1:
            select, told = self._narrowed_to_one, {**values, _ONE: next(iter(chosen))}
        else:
            select, told = self._narrowed, {**values, _SEVERAL: scope.listed if only is None else listed(chosen)}
        return select.ask(connection_of(session), told, options)

    @property
    def tables(self) -> frozenset[str]:
        """Return the names of the tables of owned rows that it reads."""
        return frozenset(str(sa.inspect(one).local_table.name) for one in self._owned)

    @cached_property
    def _owned(self) -> frozenset[type[TenantOwned]]:
        found, columns = frozenset(owned_classes(self.query)), self.query.column_descriptions
        # Without an attribute of a class among its columns the statement would run as it is, narrowed by nothing.
        attributes = [one for one in columns if one.get("entity") is not None]
        if not found or not attributes or any(one["type"] is one["entity"] for one in attributes):
            raise LockError("what is prepared selects columns of owned rows through their class, and no whole rows")
        return found

    @cached_property
    def _narrowed(self) -> WrittenSelect:
        # The names are written out: SQLAlchemy turns what a lambda finds around it into parameters.
        return self._within(lambda cls: among(cls.tenant_id, "organisations_of_the_scope"))

    @cached_property
    def _narrowed_to_one(self) -> WrittenSelect:
        return self._within(lambda cls: cls.tenant_id == sa.bindparam("organisation_of_the_scope"))

    def _within(self, belongs: Callable[[Any], sa.ColumnElement[bool]]) -> WrittenSelect:
        """Return the query with every owned class in it narrowed."""
        narrowed = with_loader_criteria(TenantOwned, belongs, include_aliases=True, propagate_to_loaders=False)
        return WrittenSelect(self.query.options(narrowed))


class Unscoped:
    """A select of columns that is asked before a scope can be open, put together once.

    past: why it may reach owned rows; without a reason it has none.
    """

    def __init__(self, query: sa.Select[*tuple[Any, ...]], past: Bypass | None = None) -> None:
        """Keep the query."""
        self.query, self.past = query, past

    def rows(self, **values: Any) -> Sequence[Any]:
        """Return the rows. values: the query's own parameters. Raises LockError for owned rows without a reason."""
        return self._run(values).rows()

    def all_columns(self, **values: Any) -> tuple[Sequence[Any], ...]:
        """Return the same rows as columns, as Prepared.all_columns() does. Raises LockError as rows() does."""
        return self._run(values).columns()

    def _run(self, values: Mapping[str, Any]) -> Answer:
        session = db.session()
        if session.autoflush:
            session.flush()
        return self._allowed.ask(connection_of(session), values, {})

    @cached_property
    def _allowed(self) -> WrittenSelect:
        if self.past is None and owned_classes(self.query):
            raise LockError("owned rows are asked for without a scope")
        return WrittenSelect(self.query)


class FactRows(Generic[F]):
    """Rows of one table as facts, a fact's fields being the columns of the same name.

    Facts are named tuples: a sweep makes hundreds for each organisation, and a frozen dataclass costs five times that.

    A field `has_x` tells whether column x is filled in, which the database can tell without opening it. Archived rows
    are no facts. by: the column they are grouped by; where: what else must be so.
    """

    def __init__(self, by: Any, fact: type[F], *where: Any) -> None:
        """Put the select together."""
        model = by.class_
        columns = [_column(model, name) for name in fact._fields]
        # Whose a row is stands first in every select.
        before = (by,) if by.key == "tenant_id" else (model.tenant_id, by)
        self.fact = fact
        self._fact_at = len(before)
        self.select = Prepared(sa.select(*before, *columns).where(*where, *in_use(model)))

    def load(self, only: Iterable[int]) -> dict[Any, list[F]]:
        """Return the facts of the organisations `only` in the open scope, by the value of the grouping column."""
        found: dict[Any, list[F]] = defaultdict(list)
        columns = self.select.all_columns(only)
        # What `_make` does, without a call of Python for each fact: there are as many columns as fields.
        facts = map(partial(tuple.__new__, self.fact), zip(*columns[self._fact_at :], strict=True))
        for key, fact in zip(columns[self._fact_at - 1], facts, strict=True):
            found[key].append(fact)
        return found


def tables_of(selects: Iterable[Prepared]) -> frozenset[str]:
    """Return the names of the tables of owned rows that any of them reads."""
    return frozenset(name for select in selects for name in select.tables)


def in_use(model: Any) -> tuple[Any, ...]:
    """Return what holds of rows that were not archived; nothing where rows never are."""
    return (model.archived_at.is_(None),) if hasattr(model, "archived_at") else ()


@cache
def _counting(model: Any) -> Prepared:
    # By organisation: what is prepared names a column of the rows it counts.
    return Prepared(sa.select(model.tenant_id, sa.func.count(model.id)).where(*in_use(model)).group_by(model.tenant_id))


def number_in_use(model: Any) -> int:
    """Return how many rows of `model` the open scope's organisations have in use. Raises LockError as rows() does."""
    return sum(number for _tenant_id, number in _counting(model).rows())


def _column(model: Any, name: str) -> Any:
    return getattr(model, name.removeprefix("has_")) != "" if name.startswith("has_") else getattr(model, name)
