"""What a whole sheet would do to the registers, row by row, and which of it somebody lets in. Pure values."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from plans.importing.remarks import Remark
from plans.registers.rows import Values
from plans.registers.shape import Register, Value


class Outcome(StrEnum):
    """What becomes of a row. CONFLICT: changed in the file and in the register; REMOVED: no longer in the file."""

    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that is in a register. values: by column name; archived: put away."""

    id: UUID
    version: int
    archived: bool
    values: Values


@dataclass(frozen=True, slots=True)
class Change:
    """One column that would change. clash: the register changed it as well since it was downloaded."""

    name: str
    old: Value
    new: Value
    clash: bool = False


class PlannedRow(NamedTuple):
    """What one row of the sheet would do; a tuple for the reason that reading.ReadRow is one.

    values: what is to be written, as the model keeps it; held: the row it changes; changes: only of a changed row;
    reason: why a row is skipped, in words.
    """

    number: int
    register: Register
    name: str
    outcome: Outcome
    values: Mapping[str, Value]
    remarks: tuple[Remark, ...] = ()
    held: HeldRow | None = None
    changes: tuple[Change, ...] = ()
    reason: Any = ""

    @property
    def mark(self) -> str:
        """Return what tells this row from the others of its plan."""
        return self.held.id.hex if self.held is not None and self.outcome is Outcome.REMOVED else str(self.number)


# What somebody may choose to bring in or not, and whether it comes in when nobody chose.
CHOICES: Mapping[Outcome, bool] = MappingProxyType(
    {Outcome.NEW: True, Outcome.CHANGED: True, Outcome.CONFLICT: False, Outcome.REMOVED: False}
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a whole sheet would do, row by row in the order of the file, then what is no longer in it.

    answers: which rows come in where somebody decided, by their mark.
    """

    rows: tuple[PlannedRow, ...]
    answers: Mapping[str, bool] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> int:
        """Return how many rows have this outcome."""
        return Counter(row.outcome for row in self.rows)[outcome]

    def comes_in(self, row: PlannedRow) -> bool:
        """Tell whether a row of this plan would be brought in."""
        usual = CHOICES.get(row.outcome)
        return usual is not None and (self.answers.get(row.mark, usual) if self.answers else usual)

    def count_in(self, *outcomes: Outcome) -> int:
        """Return how many rows with one of these outcomes would be brought in."""
        return sum(row.outcome in outcomes and self.comes_in(row) for row in self.rows)

    @property
    def digest(self) -> str:
        """Return a short text that differs as soon as the plan would do something else."""
        told = [
            (row.number, row.outcome.value, row.held.id.hex, row.held.version, sorted(row.values))
            if row.held and row.outcome in CHOICES
            else (row.number, row.outcome.value)
            for row in self.rows
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:20]
