"""What a record was when it was downloaded, in one hidden cell: its version and a digest of each column. Pure.

The digests stand in the order of the register's columns, ten characters each, behind a mark of which columns those are:
of a register that has other columns by now no digest is taken for that of another column. Files of before named the
column at each digest, of twelve characters; they are still read.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from uuid import UUID

from plans.registers.shape import Register, Value

DIGEST_BYTES, MARK_BYTES = 5, 3
DIGEST_LENGTH, NAMED_LENGTH = 2 * DIGEST_BYTES, 12
# How many values of a column are remembered.
MOST_KNOWN = 10_000
STATE = re.compile(r"([0-9]{1,9}) ([0-9a-f]{6}) ((?:[0-9a-f]{10})+)")
NAMED_STATE = re.compile(r"([0-9]{1,9})((?: [a-z_0-9]{1,40}=[0-9a-f]{12})*)")


@dataclass(frozen=True, slots=True)
class RowState:
    """What a record was. digests: of what stood in each column, by its name."""

    version: int
    digests: Mapping[str, str]

    def says(self, name: str, value: Value) -> bool:
        """Tell whether this stood in the column then; not when nothing is known of the column."""
        known = self.digests.get(name)
        return known is not None and known == (_named_digest if len(known) == NAMED_LENGTH else digest)(value)


def digest(value: Value) -> str:
    """Return a short text that tells two values of one column apart."""
    return hashlib.blake2b(_told(value), digest_size=DIGEST_BYTES).hexdigest()


def _named_digest(value: Value) -> str:
    return hashlib.sha256(_told(value)).hexdigest()[:NAMED_LENGTH]


def _told(value: Value) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, date):
        return value.isoformat().encode()
    if isinstance(value, Decimal):
        return f"{value:.2f}".encode()
    return (value.hex if isinstance(value, UUID) else repr(value)).encode()


def state_writer(register: Register) -> Callable[[Sequence[int], Mapping[str, Sequence[Value]]], list[str]]:
    """Return what writes the cells of many records, given their versions and their values, column by column.

    values: with FOREVER where there is no last day. What a column says again and again is digested once, and forgotten
    with the writer: some of it is confidential.
    """
    names = _names(register)
    mark, tellers = _mark(names), {name: _teller() for name in names}

    def write(versions: Sequence[int], values: Mapping[str, Sequence[Value]]) -> list[str]:
        heads = {version: f"{version} {mark} " for version in set(versions)}
        told = [tell(values[name]) for name, tell in tellers.items()]
        return list(map("".join, zip(map(heads.__getitem__, versions), *told, strict=True)))

    return write


def _teller() -> Callable[[Sequence[Value]], Sequence[str]]:
    """Return what tells the digests of a column."""
    known: dict[Value, str] = {}

    def tell(values: Sequence[Value]) -> Sequence[str]:
        if len(known) > MOST_KNOWN:
            known.clear()
        for value in set(values).difference(known):
            known[value] = digest(value)
        return list(map(known.__getitem__, values))

    return tell


def read_state(text: str, register: Register) -> RowState | None:
    """Return what the cell of a record of this register says; None when somebody changed it into something else."""
    if found := STATE.fullmatch(text):
        names, told = _names(register), found[3]
        if found[2] != _mark(names) or len(told) != DIGEST_LENGTH * len(names):
            return RowState(int(found[1]), {})
        parts = [told[start : start + DIGEST_LENGTH] for start in range(0, len(told), DIGEST_LENGTH)]
        return RowState(int(found[1]), dict(zip(names, parts, strict=True)))
    if named := NAMED_STATE.fullmatch(text):
        return RowState(int(named[1]), dict(pair.split("=", 1) for pair in named[2].split()))
    return None


def _names(register: Register) -> tuple[str, ...]:
    return tuple(column.name for column in register.columns if not column.secret)


@cache
def _mark(names: tuple[str, ...]) -> str:
    return hashlib.blake2b(" ".join(names).encode(), digest_size=MARK_BYTES).hexdigest()
