"""Rows of any number of numbers as one parameter of a statement.

SQLAlchemy's `in_` writes a parameter for each number: of four hundred organisations, writing the statement, reading it
in the driver and binding its values took longer than what it asked for.
"""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Numbers(sa.types.TypeDecorator[list[int]]):
    """Whole numbers as one value: an array where the database has those, else JSON."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Return what the driver is given."""
        kept: Any = postgresql.ARRAY(sa.BigInteger()) if dialect.name == "postgresql" else sa.Text()
        return dialect.type_descriptor(kept)

    def process_bind_param(self, value: list[int] | None, dialect: Dialect) -> Any:
        """Write the numbers down."""
        return value if value is None or dialect.name == "postgresql" else json.dumps(value)


class Among(FunctionElement[bool]):
    """The condition that the first, a column, is one of the second, numbers."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Return it as it is: SQLite would be asked whether it `= 1`, for which no index serves."""
        return self


def among(column: Any, name: str) -> Among:
    """Return the condition that `column` is one of the numbers given as parameter `name`; of none nothing is."""
    return Among(column, sa.bindparam(name, type_=Numbers()))


@compiles(Among)
def _listed(element: Among, compiler: SQLCompiler, **told: Any) -> str:
    column, numbers = (compiler.process(one, **told) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 -- what SQLAlchemy wrote


@compiles(Among, "postgresql")
def _in_array(element: Among, compiler: SQLCompiler, **told: Any) -> str:
    column, numbers = (compiler.process(one, **told) for one in element.clauses)
    return f"{column} = ANY ({numbers})"
