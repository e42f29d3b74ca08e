"""Rows of any number of numbers as one parameter of a statement.

SQLAlchemy's `in_` writes a parameter for each number: of four hundred organisations, writing the statement, reading it
in the driver and binding its values took longer than what it asked for.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def listed(numbers: Iterable[int]) -> str:
    """Return whole numbers as the parameter of among() takes them: in order, with commas between."""
    return ",".join(map(str, sorted(numbers)))


class Numbers(sa.types.TypeDecorator[str]):
    """Whole numbers, as listed() writes them, as one text: an array where the database has those, else JSON.

    On PostgreSQL a text too: the driver would write a list of numbers down one by one, at each statement.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Put the brackets around them."""
        if value is None:
            return None
        return f"{{{value}}}" if dialect.name == "postgresql" else f"[{value}]"


class Among(FunctionElement[bool]):
    """The condition that the first, a column, is one of the second, numbers."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Return it as it is: SQLite would be asked whether it `= 1`, for which no index serves."""
        return self


def among(column: Any, name: str) -> Among:
    """Return the condition that `column` is one of the numbers given as parameter `name`; of none nothing is.

    The parameter is what listed() makes of them.
    """
    return Among(column, sa.bindparam(name, type_=Numbers()))


@compiles(Among)
def _listed(element: Among, compiler: SQLCompiler, **told: Any) -> str:
    column, numbers = (compiler.process(one, **told) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 -- what SQLAlchemy wrote


@compiles(Among, "postgresql")
def _in_array(element: Among, compiler: SQLCompiler, **told: Any) -> str:
    column, numbers = (compiler.process(one, **told) for one in element.clauses)
    return f"{column} = ANY (CAST({numbers} AS BIGINT[]))"
