"""What the database may be asked about a sealed value: whether there is one, and no more."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.operators import OperatorType, eq, is_, is_not, ne


class Whether(sa.types.TypeDecorator.Comparator[Any]):
    """Only asks whether something is there. Any other question would be answered "no" for ever, or tell too much."""

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> sa.ColumnElement[Any]:
        """Compare with nothing. Raises TypeError for every other question."""
        if op in (is_, is_not) or (op in (eq, ne) and (self.is_nothing(other[0]) or self._itself(other[0]))):
            return super().operate(op, *other, **kwargs)
        place = getattr(self.type, "place", "this")
        raise TypeError(f"{place} is sealed: the database can tell whether it is empty, and no more")

    def is_nothing(self, other: Any) -> bool:
        """Tell whether this value is kept as nothing."""
        return other is None

    def _itself(self, other: Any) -> bool:
        """Tell whether this is the same column: SQLAlchemy asks so when it looks a column up."""
        return isinstance(other, sa.ColumnElement) and hash(other) == hash(self.expr)


class WhetherOrEmpty(Whether):
    """Also knows an empty text, where that is kept as no bytes at all."""

    def is_nothing(self, other: Any) -> bool:
        """Tell whether this value is kept as nothing."""
        return other is None or (isinstance(other, str) and not other)
