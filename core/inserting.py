"""New rows: many of one table at once, a column at a time, or one unless it is there already.

A statement of SQLAlchemy turns the values of each row anew; here the values of a column are turned together and written
as the driver takes them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

# So many rows are handed to the driver at a time: memory stays flat.
AT_ONCE = 1_000
PLACEHOLDERS = {"sqlite": "?", "postgresql": "%s"}
# Rows a statement: to PostgreSQL each is a message to and fro; SQLite takes one row at a time sooner than several.
A_STATEMENT = {"sqlite": 1, "postgresql": 50}


@dataclass(frozen=True, slots=True)
class Same:
    """One value that a column has in all rows."""

    value: Any


Values = Sequence[Any] | Same


@dataclass(frozen=True, slots=True)
class Filled:
    """The values of one column. type: None where the driver takes them as they are."""

    values: Values
    type: Any = None


def insert_unless_there(target: Any, dialect: str) -> Any:
    """Return an INSERT into `target`, a class or table, that can say what becomes of a row that is there already.

    dialect: the name of the database's. Both say it alike, and SQLAlchemy has a statement for each.
    """
    from sqlalchemy.dialects import postgresql, sqlite  # only who writes needs both

    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(target)


def insert_columns(session: Session, table: str, columns: Mapping[str, Filled]) -> None:
    """Write rows of `table` in the transaction of `session`, past its guards: the caller has done what they do.

    columns: by their name in the database, at least one of them with a value for each row. What is left out gets what
    the database gives it, and so does a column that has nothing in any row.
    Raises ValueError when it cannot be told how many rows there are.
    """
    if len({len(one.values) for one in columns.values() if not isinstance(one.values, Same)}) != 1:
        raise ValueError(f"the columns of new rows of {table} are not of one length")
    sent = {name: one for name, one in columns.items() if one.values != Same(None)}
    connection = session.connection()
    quote, mark = connection.dialect.identifier_preparer.quote, PLACEHOLDERS[connection.dialect.name]
    names, marks = ", ".join(map(quote, sent)), ", ".join([mark] * len(sent))
    rows = zip(*(_turned(one, connection.dialect) for one in sent.values()), strict=False)
    statement = f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})"  # noqa: S608 -- names of ours, quoted
    together = A_STATEMENT[connection.dialect.name]
    while some := list(islice(rows, AT_ONCE)):
        whole = len(some) - len(some) % together if together > 1 else 0
        if whole:
            several = f"{statement}{f', ({marks})' * (together - 1)}"
            joined = [tuple(chain.from_iterable(some[at : at + together])) for at in range(0, whole, together)]
            connection.exec_driver_sql(several, joined)
        if rest := some[whole:]:
            connection.exec_driver_sql(statement, rest)


def _turned(column: Filled, dialect: Dialect) -> Iterable[Any]:
    """Return the values as the driver takes them; the same value is turned once."""
    turn: Callable[[Any], Any] | None = None
    # Bytes are taken as they are; what a type would wrap around each of them is of no use to a driver.
    if column.type is not None and not isinstance(column.type, sa.LargeBinary):
        turn = column.type.dialect_impl(dialect).bind_processor(dialect)
    if isinstance(column.values, Same):
        value = column.values.value
        return repeat(value if turn is None else turn(value))
    if turn is None:
        return column.values
    if not isinstance(column.type, sa.Uuid):
        return each_once(turn, column.values)
    # Ids that were drawn at once are digits, which every database takes; else no two rows have the same.
    return column.values if set(map(type, column.values)) == {str} else map(turn, column.values)


def each_once(turn: Callable[[Any], Any], values: Sequence[Any]) -> Iterator[Any]:
    """Turn values of which there are few different ones; those that are equal must mean the same."""
    known = {value: turn(value) for value in set(values)}
    return map(known.__getitem__, values)
