"""What a record was when it was downloaded, in one hidden cell: its version and a digest of each column. Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from plans.registers.rows import Values
from plans.registers.shape import Register, Value

DIGEST_LENGTH = 12
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


def written_state(register: Register, version: int, values: Values) -> str:
    """Return the cell for a record. values: with FOREVER where there is no last day."""
    told = (f" {column.name}={digest(values[column.name])}" for column in register.columns if not column.secret)
    return f"{version}{''.join(told)}"


def read_state(text: str) -> RowState | None:
    """Return what the cell says; None when somebody changed it into something else."""
    found = STATE.fullmatch(text)
    if found is None:
        return None
    return RowState(int(found[1]), dict(pair.split("=", 1) for pair in found[2].split()))
