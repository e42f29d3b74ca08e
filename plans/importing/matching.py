"""Tell what each row that was read would do to the registers: add, change, or nothing. Pure."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from plans.importing.reading import ReadRow
from plans.importing.remarks import Remark, RemarkKind
from plans.registers.cells import folded
from plans.registers.display import shown
from plans.registers.recognising import Identity, Index, identity
from plans.registers.rows import Values, differences, settled
from plans.registers.shape import Key, Register, Value


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
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
    """One column that would change."""

    name: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What one row of the sheet would do.

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


@dataclass(frozen=True, slots=True)
class Plan:
    """What a whole sheet would do, row by row in the order of the file."""

    rows: tuple[PlannedRow, ...]

    def count(self, outcome: Outcome) -> int:
        """Return how many rows have this outcome."""
        return Counter(row.outcome for row in self.rows)[outcome]

    @property
    def digest(self) -> str:
        """Return a short text that differs as soon as the plan would do something else."""
        told = [
            (row.number, row.outcome.value, row.held.id.hex, row.held.version, sorted(row.values))
            if row.held and row.outcome is Outcome.CHANGED
            else (row.number, row.outcome.value)
            for row in self.rows
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:20]


NO_NAME = _l("There is no name in this row.")
HEADINGS_AGAIN = _l("This row only repeats the headings.")
PUT_AWAY = _l("You have put this away in the register. Take it back there if it is in use again.")


def plan(rows: Iterable[ReadRow], held: Mapping[str, Sequence[HeldRow]]) -> Plan:
    """Return what `rows` would do. held: the rows of each register by its slug, those put away too."""
    desks: dict[str, _Desk] = {}
    planned = []
    for row in rows:
        slug = row.register.slug
        if slug not in desks:
            desks[slug] = _Desk(row.register, held.get(slug, ()))
        planned.append(desks[slug].decide(row))
    return Plan(tuple(planned))


class _Desk:
    """Where the rows of one register come by, one after the other."""

    def __init__(self, register: Register, held: Sequence[HeldRow]) -> None:
        self._register = register
        self._current, self._away = Index[HeldRow](register), Index[HeldRow](register)
        self._by_name: dict[str, list[HeldRow]] = defaultdict(list)
        for row in held:
            (self._away if row.archived else self._current).add(row.values, row)
            if not row.archived:
                self._by_name[folded(str(row.values["name"]))].append(row)
        self._in_file = Index[ReadRow](register)
        self._marks: dict[tuple[Key, Identity], ReadRow] = {}
        self._claimed: dict[UUID, ReadRow] = {}

    def decide(self, row: ReadRow) -> PlannedRow:
        """Return what becomes of `row`, given those that came before."""
        if row.repeats:
            return _skipped(row, HEADINGS_AGAIN)
        if not row.name:
            return _skipped(row, NO_NAME)
        row = self._without_borrowed_marks(row)
        if earlier := self._in_file.find(row.values):
            return self._double(row, earlier[0])
        self._remember(row)
        found = self._found(row)
        if found is None:
            if self._away.find(row.values):
                return _skipped(row, PUT_AWAY)
            values = settled(self._register, row.values)
            return PlannedRow(row.number, self._register, row.name, Outcome.NEW, values, row.remarks)
        if found.id in self._claimed:
            return self._double(row, self._claimed[found.id])
        self._claimed[found.id] = row
        return self._compared(row, found)

    def _without_borrowed_marks(self, row: ReadRow) -> ReadRow:
        """Leave a serial number or other mark out that an earlier row with another name carries."""
        for key in self._register.keys:
            mark = identity(key, row.values)
            if key.weak or "name" in key.columns or mark is None:
                continue
            owner = self._marks.get((key, mark))
            if owner is None or folded(owner.name) == folded(row.name):
                continue
            told = tuple(_borrowed(row, name, owner) for name in key.columns)
            values = {name: value for name, value in row.values.items() if name not in key.columns}
            row = replace(row, values=values, remarks=(*row.remarks, *told))
        return row

    def _remember(self, row: ReadRow) -> None:
        self._in_file.add(row.values, row)
        for key in self._register.keys:
            mark = identity(key, row.values)
            if mark is not None and not key.weak:
                self._marks.setdefault((key, mark), row)

    def _found(self, row: ReadRow) -> HeldRow | None:
        if hits := self._current.find(row.values):
            return next((hit for hit in hits if hit.id not in self._claimed), hits[0])
        if row.guessed:
            # Somebody may have set right by hand what the words of the row made us guess.
            named = [hit for hit in self._by_name[folded(row.name)] if hit.id not in self._claimed]
            return named[0] if len(named) == 1 else None
        return None

    def _compared(self, row: ReadRow, found: HeldRow) -> PlannedRow:
        # A guess never replaces what somebody filled in.
        kept = {name for name in row.guessed if found.values.get(name) not in ("", None)}
        values = settled(self._register, {name: value for name, value in row.values.items() if name not in kept})
        different = differences(self._register, found.values, values)
        changes = tuple(Change(name, found.values[name], values[name]) for name in different)
        return PlannedRow(
            row.number,
            self._register,
            row.name,
            Outcome.CHANGED if changes else Outcome.UNCHANGED,
            {name: values[name] for name in different},
            row.remarks,
            found,
            changes,
        )

    def _double(self, row: ReadRow, earlier: ReadRow) -> PlannedRow:
        reason = _l("The same as row %(number)s, which is used.", number=earlier.number)
        told = tuple(
            _differs(row, name, earlier)
            for name, value in row.values.items()
            if name not in row.guessed and value != earlier.values.get(name)
        )
        return replace(_skipped(row, reason), remarks=(*row.remarks, *told))


def _skipped(row: ReadRow, reason: Any) -> PlannedRow:
    return PlannedRow(row.number, row.register, row.name, Outcome.SKIPPED, {}, row.remarks, reason=reason)


def _borrowed(row: ReadRow, name: str, owner: ReadRow) -> Remark:
    column = row.register.column(name)
    text = _l("Row %(number)s (%(name)s) has this already. Left empty.", number=owner.number, name=owner.name)
    return Remark(RemarkKind.DOUBLE, text, name, column.label, shown(column, row.values[name], {}))


def _differs(row: ReadRow, name: str, earlier: ReadRow) -> Remark:
    column = row.register.column(name)
    text = _l("Row %(number)s says something else here, or nothing. This was not used.", number=earlier.number)
    return Remark(RemarkKind.DOUBLE, text, name, column.label, shown(column, row.values[name], {}))
