"""What a whole sheet would do to the registers, row by row, and which of it somebody lets in. Pure values."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from plans.importing.remarks import Remark
from plans.registers.rows import Values, settled
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
class Fresh:
    """Rows of a sheet that are new beyond doubt, all of one register, by column: an object for each costs too much.

    numbers: of the rows, rising; columns: what each of them says by column name, None where it says nothing; remarks:
    of the rows that have any, by number.
    """

    register: Register
    numbers: Sequence[int]
    columns: Mapping[str, Sequence[Value]]
    remarks: Mapping[int, tuple[Remark, ...]]

    def row(self, place: int) -> PlannedRow:
        """Return one of the rows. place: its place among them, from 0."""
        values = {name: cells[place] for name, cells in self.columns.items() if cells[place] is not None}
        number, name = self.numbers[place], str(values["name"])
        settled_values = settled(self.register, values)
        return PlannedRow(number, self.register, name, Outcome.NEW, settled_values, self.remarks.get(number, ()))

    def picked(self, places: Sequence[int]) -> "Fresh":
        """Return the rows at these places, rising."""
        if len(places) == len(self.numbers):
            return self
        columns = {name: [cells[place] for place in places] for name, cells in self.columns.items()}
        return Fresh(self.register, [self.numbers[place] for place in places], columns, self.remarks)


@dataclass(frozen=True)
class Plan:
    """What a whole sheet would do. each: what was decided row by row, in the order of the file, then what is no longer
    in it; answers: which rows come in where somebody decided, by their mark; fresh: all other rows of the file.
    """

    each: tuple[PlannedRow, ...]
    answers: Mapping[str, bool] = field(default_factory=dict)
    fresh: Fresh | None = None

    @cached_property
    def rows(self) -> tuple[PlannedRow, ...]:
        """Return every row in the order of the file, then what is no longer in it."""
        return self._with(range(len(self.fresh.numbers)) if self.fresh else ())

    def noticed(self) -> tuple[PlannedRow, ...]:
        """Return the rows of which there may be something to tell, in that order."""
        if self.fresh is None or not (self._left_out or self.fresh.remarks):
            return self.each
        told = self._left_out | self.fresh.remarks.keys()
        return self._with([place for place, number in enumerate(self.fresh.numbers) if number in told])

    def _with(self, places: Sequence[int]) -> tuple[PlannedRow, ...]:
        """Return what was decided row by row, and the fresh rows at these places between them."""
        if self.fresh is None or not places:
            return self.each
        in_file = [row for row in self.each if row.outcome is not Outcome.REMOVED]
        gone = [row for row in self.each if row.outcome is Outcome.REMOVED]
        fresh = [self.fresh.row(place) for place in places]
        return (*sorted([*in_file, *fresh], key=lambda row: row.number), *gone)

    @cached_property
    def _left_out(self) -> frozenset[int]:
        """Return the numbers of the fresh rows that somebody does not let in."""
        refused = {mark for mark, wanted in self.answers.items() if not wanted}
        return (
            frozenset(one for one in self.fresh.numbers if str(one) in refused)
            if self.fresh and refused
            else frozenset()
        )

    @property
    def fresh_in(self) -> Fresh | None:
        """Return the fresh rows that would be brought in; None where there are none."""
        if self.fresh is None or len(self._left_out) == len(self.fresh.numbers):
            return None
        return self.fresh.picked([place for place, one in enumerate(self.fresh.numbers) if one not in self._left_out])

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.each) + (len(self.fresh.numbers) if self.fresh else 0)

    def count(self, outcome: Outcome) -> int:
        """Return how many rows have this outcome."""
        fresh = len(self.fresh.numbers) if self.fresh and outcome is Outcome.NEW else 0
        return fresh + Counter(row.outcome for row in self.each)[outcome]

    def comes_in(self, row: PlannedRow) -> bool:
        """Tell whether a row of this plan would be brought in."""
        usual = CHOICES.get(row.outcome)
        return usual is not None and (self.answers.get(row.mark, usual) if self.answers else usual)

    def count_in(self, *outcomes: Outcome) -> int:
        """Return how many rows with one of these outcomes would be brought in."""
        fresh = len(self.fresh.numbers) - len(self._left_out) if self.fresh and Outcome.NEW in outcomes else 0
        return fresh + sum(row.outcome in outcomes and self.comes_in(row) for row in self.each)

    @property
    def digest(self) -> str:
        """Return a short text that differs as soon as the plan would do something else."""
        told = [
            (row.number, row.outcome.value, row.held.id.hex, row.held.version, sorted(row.values))
            if row.held and row.outcome in CHOICES
            else (row.number, row.outcome.value)
            for row in self.each
        ]
        fresh = list(self.fresh.numbers) if self.fresh else []
        return hashlib.sha256(repr((told, fresh)).encode()).hexdigest()[:20]
