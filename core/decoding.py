"""Make values of what a driver gives, a column of some hundred rows at a time.

Where the same value stands in a column again and again, as days and choices do, it is made once.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from core.columns import Money, UtcDateTime
from core.vault import SealedType

Decoder = Callable[[Sequence[Any]], Sequence[Any]]
# Columns of these kinds say few different things, and each says it in a form that can be looked up.
_FEW = (sa.Date, sa.Enum, sa.Boolean, Money)
# How many values of a column are remembered.
KNOWN = 20_000


def decoding(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> Callable[[], Decoder]:
    """Return what gives a decoder for one run of a query: it makes values of this kind of what the driver gives.

    Sealed columns are opened; what it raises then is told in core/vault.
    """
    if isinstance(kind, SealedType):
        opened = kind.open_all
        return lambda: opened
    turn = kind.dialect_impl(dialect).result_processor(dialect, None)
    if turn is None:
        return lambda: _as_they_are
    if isinstance(kind, UtcDateTime):
        # What was written at once bears one moment.
        return lambda: _unless_empty(_remembering(turn))
    if isinstance(kind, _FEW):
        return lambda: _remembering(turn)
    each = _each(turn)
    return lambda: each


def _as_they_are(values: Sequence[Any]) -> Sequence[Any]:
    return values


def _each(turn: Callable[[Any], Any]) -> Decoder:
    return lambda values: list(map(turn, values))


def _unless_empty(decode: Decoder) -> Decoder:
    # Of most organisations nothing ever ended, was put away or was revoked.
    return lambda values: values if values.count(None) == len(values) else decode(values)


def _remembering(turn: Callable[[Any], Any]) -> Decoder:
    known: dict[Any, Any] = {}

    def decoded(values: Sequence[Any]) -> Sequence[Any]:
        if len(known) > KNOWN:
            known.clear()
        for value in set(values).difference(known):
            known[value] = turn(value)
        return list(map(known.__getitem__, values))

    return decoded
