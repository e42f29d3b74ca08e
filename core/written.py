"""Selects that are written out once: the text a database reads, how parameters are bound and columns are read.

SQLAlchemy recognises a statement by all its parts, and puts its parameters together, anew at each run. Of a question
with a short answer that takes several times what the database takes.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect

from core.decoding import Decoder, decoding

Query = sa.Select[*tuple[Any, ...]]
Turn = Callable[[Any], Any]


class WrittenSelect:
    """A select of columns, written out for each kind of database when that is first asked."""

    def __init__(self, query: Query) -> None:
        """Keep the query. It names its own parameters as `sa.bindparam`."""
        self.query = query
        self._written: dict[str, _Written] = {}

    def ask(self, connection: Connection, values: Mapping[str, Any], options: Mapping[str, Any]) -> "Answer":
        """Ask it. values: its own parameters; options: of the execution. Raises KeyError for one without a value."""
        dialect = connection.dialect
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = _write(self.query, dialect)
        if not written.text:
            return Answer(written, connection.execute(self.query, values, execution_options=options))
        bound = dict(written.same)
        for name, turn in written.asked:
            bound[name] = turn(values[name]) if turn else values[name]
        told: Any = bound if written.places is None else tuple(map(bound.__getitem__, written.places))
        return Answer(written, connection.exec_driver_sql(written.text, told, execution_options=options))


class Answer(NamedTuple):
    """What a database answered, to be read once."""

    written: "_Written"
    result: sa.CursorResult[Any]

    def rows(self) -> list[Any]:
        """Return all rows, as tuples whose fields are called as the columns."""
        return list(map(self.written.row, zip(*self.columns(), strict=True)))

    def columns(self) -> tuple[Sequence[Any], ...]:
        """Return all rows as columns: a sequence for each column of the select, equally long."""
        found, decoding = self.bare(), self.written.decoding
        columns = zip(*found, strict=True) if found else [()] * len(decoding)
        return tuple([made()(values) for made, values in zip(decoding, columns, strict=True)])

    def bare(self) -> list[tuple[Any, ...]]:
        """Return all rows as the driver hands them over."""
        driver: Any = self.result.cursor
        found: list[tuple[Any, ...]] = driver.fetchall()
        self.result.close()
        return found

    def decoders(self) -> list[Decoder]:
        """Return what makes values of what the driver gives, for each column."""
        return [made() for made in self.written.decoding]


class _Written(NamedTuple):
    """A select as the databases of one kind are asked it.

    text: "" where some parameter becomes several at each run, which SQLAlchemy has to write; places: the names of
    the parameters in the order of the text, None where it names them; same: those that are known, as the driver takes
    them; asked: the others, with what makes that of their values; decoding: what makes a decoder for each column, one
    for each run, as it remembers what it made; row: what makes a row of a tuple.
    """

    text: str
    places: Sequence[str] | None
    same: Mapping[str, Any]
    asked: Sequence[tuple[str, Turn | None]]
    decoding: Sequence[Callable[[], Decoder]]
    row: Turn


def _write(query: Query, dialect: Dialect) -> _Written:
    compiled: Any = query.compile(dialect=dialect)
    differs = any(bind.required for bind in compiled.post_compile_params)
    turns = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    own = [name for name, bind in compiled.binds.items() if bind.required]
    # Lists that are known beforehand become a parameter for each of their values.
    whole = None if differs else compiled.construct_expanded_state(dict.fromkeys(own))
    known = {name: value for name, value in whole.parameters.items() if name not in own} if whole else {}
    turns |= whole.processors if whole else {}
    columns = query.selected_columns
    row: Any = namedtuple("row", columns.keys(), rename=True)  # type: ignore[misc]
    return _Written(
        whole.statement if whole else "",
        whole.positiontup if whole and compiled.positional else None,
        {name: turn(value) if (turn := turns.get(name)) else value for name, value in known.items()},
        [(name, turns.get(name)) for name in own],
        [decoding(column.type, dialect) for column in columns],
        partial(tuple.__new__, row),
    )
