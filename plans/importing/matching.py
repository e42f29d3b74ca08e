"""Tell what each row that was read would do to the registers: add, change, or nothing. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from plans.importing.planned import Change, Fresh, HeldRow, Outcome, Plan, PlannedRow
from plans.importing.remarks import Remark, RemarkKind
from plans.importing.row import ReadRow
from plans.registers.cells import folded
from plans.registers.display import shown
from plans.registers.recognising import Index, Marks, marks_of
from plans.registers.rows import differences, settled, with_forever
from plans.registers.shape import Kind, Register

NO_LONGER = _l("It is no longer in the file. If you tick it, it is put away; it is never deleted.")
NO_NAME = _l("There is no name in this row.")
HEADINGS_AGAIN = _l("This row only repeats the headings.")
FOREIGN_KEY = _l("The key of this row is not one of this register. Nothing is done with it.")
PUT_AWAY = _l("You have put this away in the register. Put it back there if it is in use again.")


def plan(
    rows: Iterable[ReadRow],
    held: Mapping[str, Sequence[HeldRow]],
    downloaded: Collection[UUID] = (),
    answers: Mapping[str, bool] = MappingProxyType({}),
    registers: Collection[Register] = (),
    fresh: Fresh | None = None,
) -> Plan:
    """Return what `rows` would do. held: the rows of each register by its slug, those put away too.

    downloaded: the keys of the records that stood in the workbook once, if it was downloaded here; answers: as in Plan;
    registers: those the rows can go to; fresh: rows of the file that resemble none of these and nothing held.
    """
    desks: dict[str, _Desk] = {}
    planned = []
    left = set(downloaded)
    for row in rows:
        left.discard(row.key)
        slug = row.register.slug
        if slug not in desks:
            desks[slug] = _Desk(row.register, held.get(slug, ()))
        planned.append(desks[slug].decide(row))
    for register in registers:
        planned += [
            _removed(register, row) for row in held.get(register.slug, ()) if row.id in left and not row.archived
        ]
    return Plan(tuple(planned), answers, fresh)


def _removed(register: Register, row: HeldRow) -> PlannedRow:
    name = str(row.values["name"])
    return PlannedRow(0, register, name, Outcome.REMOVED, {}, held=row, reason=NO_LONGER)


class _Desk:
    """Where the rows of one register come by, one after the other."""

    def __init__(self, register: Register, held: Sequence[HeldRow]) -> None:
        self.register = register
        self._terms = any(column.kind is Kind.TERM for column in register.columns)
        self._by_id = {row.id: row for row in held}
        self._current, self._away = Index[HeldRow](register), Index[HeldRow](register)
        self._by_name: dict[str, list[HeldRow]] = defaultdict(list)
        self._in_file = Index[ReadRow](register)
        # A row with a key is found by it. Where all rows have one, nothing of all this is ever looked up.
        self._not_indexed, self._not_in_file = list(held), list[ReadRow]()
        # A mark that one thing alone can carry, such as a serial number.
        self._own = [
            (place, key) for place, key in enumerate(register.keys) if not key.weak and "name" not in key.columns
        ]
        self._claimed: dict[UUID, ReadRow] = {}

    def decide(self, row: ReadRow) -> PlannedRow:
        """Return what becomes of `row`, given those that came before."""
        if row.repeats:
            return _skipped(row, HEADINGS_AGAIN)
        if not row.name:
            return _skipped(row, NO_NAME)
        if row.key is not None and (known := self._downloaded(row, row.key)) is not None:
            return known
        self._index()
        row, marks = self._without_borrowed_marks(row)
        if earlier := self._in_file.find(row.values, marks):
            return self._double(row, earlier[0])
        self._in_file.add(row.values, row, marks)
        found = self._found(row, marks)
        if found is None:
            if self._away.find(row.values, marks):
                return _skipped(row, PUT_AWAY)
            values = settled(self.register, row.values) if self._terms else row.values
            return PlannedRow(row.number, self.register, row.name, Outcome.NEW, values, row.remarks)
        if found.id in self._claimed:
            return self._double(row, self._claimed[found.id])
        self._claimed[found.id] = row
        return self._compared(row, found)

    def _downloaded(self, row: ReadRow, key: UUID) -> PlannedRow | None:
        """Return what becomes of a row that was downloaded; None for a copy of one, which counts as typed anew."""
        found = self._by_id.get(key)
        if found is None:
            return _skipped(row, FOREIGN_KEY)
        if key in self._claimed:
            return None
        self._claimed[key] = row
        self._not_in_file.append(row)
        return _skipped(row, PUT_AWAY) if found.archived else _merged(row, found)

    def _index(self) -> None:
        """Make known what was held and what came by so far."""
        for row in self._not_indexed:
            (self._away if row.archived else self._current).add(row.values, row)
            if not row.archived:
                self._by_name[folded(str(row.values["name"]))].append(row)
        for earlier in self._not_in_file:
            self._in_file.add(earlier.values, earlier)
        self._not_indexed.clear()
        self._not_in_file.clear()

    def _without_borrowed_marks(self, row: ReadRow) -> tuple[ReadRow, Marks]:
        """Leave a serial number or other mark out that an earlier row with another name carries."""
        marks = marks_of(self.register, row.values)
        for place, key in self._own:
            mark = marks[place]
            owner = None if mark is None else self._in_file.first_with(place, mark)
            if owner is None or folded(owner.name) == folded(row.name):
                continue
            told = tuple(_borrowed(row, name, owner) for name in key.columns)
            values = {name: value for name, value in row.values.items() if name not in key.columns}
            row = row._replace(values=values, remarks=(*row.remarks, *told))
            marks = marks_of(self.register, values)
        return row, marks

    def _found(self, row: ReadRow, marks: Marks) -> HeldRow | None:
        if hits := self._current.find(row.values, marks):
            return next((hit for hit in hits if hit.id not in self._claimed), hits[0])
        if row.guessed:
            # Somebody may have set right by hand what the words of the row made us guess.
            named = [hit for hit in self._by_name[folded(row.name)] if hit.id not in self._claimed]
            return named[0] if len(named) == 1 else None
        return None

    def _compared(self, row: ReadRow, found: HeldRow) -> PlannedRow:
        # A guess never replaces what somebody filled in.
        kept = {name for name in row.guessed if found.values.get(name) not in ("", None)}
        values = settled(self.register, {name: value for name, value in row.values.items() if name not in kept})
        different = differences(self.register, found.values, values)
        changes = tuple(Change(name, found.values[name], values[name]) for name in different)
        return PlannedRow(
            row.number,
            self.register,
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
        return _skipped(row, reason)._replace(remarks=(*row.remarks, *told))


def _merged(row: ReadRow, found: HeldRow) -> PlannedRow:
    """Return what the cells that were changed since the download would do; every other cell says nothing new."""
    register, state = row.register, row.state
    told = {name: value for name, value in row.values.items() if name not in row.guessed}
    told |= {name: register.column(name).empty for name in row.emptied if not register.column(name).secret}
    if not differences(register, found.values, settled(register, told)):
        # It says what stands there now: what stood there then makes no difference.
        return PlannedRow(row.number, register, row.name, Outcome.UNCHANGED, {}, row.remarks, found)
    before = with_forever(register, found.values)
    touched = {name: value for name, value in told.items() if state is None or not state.says(name, value)}
    values = settled(register, touched)
    different = differences(register, found.values, values)

    def clashes(name: str) -> bool:
        if state is None:
            return True
        return state.version != found.version and not state.says(name, before[name])

    changes = tuple(Change(name, found.values[name], values[name], clashes(name)) for name in different)
    outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
    if any(change.clash for change in changes):
        outcome = Outcome.CONFLICT
    written = {name: values[name] for name in different}
    return PlannedRow(row.number, register, row.name, outcome, written, row.remarks, found, changes)


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
