"""What a record was when it was downloaded, in one hidden cell: its version and a digest of each column. Pure."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from plans.registers.shape import Register, Value

DIGEST_LENGTH = 12
# How many values of a column are remembered.
MOST_KNOWN = 2_000
STATE = re.compile(r"([0-9]{1,9})((?: [a-z_0-9]{1,40}=[0-9a-f]{12})*)")


@dataclass(frozen=True, slots=True)
class RowState:
    """What a record was. digests: of what stood in each column, by its name."""

    version: int
    digests: Mapping[str, str]


def digest(value: Value) -> str:
    """Return a short text that tells two values of one column apart."""
    told = value if isinstance(value, str) else _told(value)
    return hashlib.sha256(f"{told}".encode()).hexdigest()[:DIGEST_LENGTH]


def _told(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.hex if isinstance(value, UUID) else repr(value)


def state_writer(register: Register) -> Callable[[Sequence[int], Mapping[str, Sequence[Value]]], Iterator[str]]:
    """Return what writes the cells of many records, given their versions and their values, column by column.

    values: with FOREVER where there is no last day. What a column says again and again is digested once, and forgotten
    with the writer: some of it is confidential.
    """
    tellers = {column.name: _teller(column.name) for column in register.columns if not column.secret}

    def write(versions: Sequence[int], values: Mapping[str, Sequence[Value]]) -> Iterator[str]:
        told = [tell(values[name]) for name, tell in tellers.items()]
        return map("".join, zip(map(str, versions), *told, strict=True))

    return write


def _teller(name: str) -> Callable[[Sequence[Value]], Iterator[str]]:
    """Return what tells the digests of a column, each behind its name."""
    known: dict[Value, str] = {}

    def tell(values: Sequence[Value]) -> Iterator[str]:
        if len(known) > MOST_KNOWN:
            known.clear()
        for value in set(values).difference(known):
            known[value] = f" {name}={digest(value)}"
        return map(known.__getitem__, values)

    return tell


def read_state(text: str) -> RowState | None:
    """Return what the cell says; None when somebody changed it into something else."""
    found = STATE.fullmatch(text)
    if found is None:
        return None
    return RowState(int(found[1]), dict(pair.split("=", 1) for pair in found[2].split()))
