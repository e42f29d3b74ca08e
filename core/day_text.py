"""Days read as texts, for what is compared and sorted by the hundred and shown by the few.

SQLite keeps a day as 2027-01-31; making a date of it costs more than reading it, and such texts sort as days do.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class DayText(FunctionElement[str]):
    """A column of days as texts, 2027-01-31 on either database whatever its own way of writing them is."""

    type = sa.Text()
    inherit_cache = True


@compiles(DayText)
def _as_kept(element: DayText, compiler: SQLCompiler, **told: Any) -> str:
    (column,) = element.clauses
    return compiler.process(column, **told)


@compiles(DayText, "postgresql")
def _written(element: DayText, compiler: SQLCompiler, **told: Any) -> str:
    (column,) = element.clauses
    return f"to_char({compiler.process(column, **told)}, 'YYYY-MM-DD')"
