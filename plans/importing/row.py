"""Read one row of a sheet, cell by cell: what it says, and a remark for every cell that cannot be used. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from core.sheets.reading import NoteKind
from plans.importing import remarks as told
from plans.importing.headings import EXTERNAL, IMEI_OR_SERIAL, INTO_NOTE, ROW_KEY, ROW_STATE, SORT
from plans.importing.layouts import MOBILE_DEVICES, PEOPLE, TELEPHONY, has
from plans.importing.remarks import NOTHING_WORDS, UNKNOWN_WORDS, Remark, RemarkKind
from plans.importing.routing import Answer, Routed, route, yes_or_no
from plans.importing.states import RowState
from plans.importing.states_before import read_state
from plans.importing.steps import NOTE, Alone, SheetSteps, Step
from plans.registers.cells import BadCell, folded, parse
from plans.registers.shape import Column, Kind, Register, Value

TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
TAKEN_LITERALLY = TEXTS | {Kind.SERIAL}
# Nearly all digits, and about as many as an IMEI has: a mistyped IMEI rather than a serial number.
LIKE_AN_IMEI = re.compile(r"(?=.{14,17}$)[0-9]{13}")


class ReadRow(NamedTuple):
    """One row as it was read. values: by column name, only those that a cell filled; guessed: the columns among
    them that no cell told, but the words of the row; repeats: the row only says the headings again. Of a row that was
    downloaded: key: of its record; state: what it was then; emptied: the columns whose cells hold nothing now.

    There are as many as rows of a sheet, and this kind of value is made four times as fast as a dataclass.
    """

    number: int
    register: Register
    values: Mapping[str, Value]
    guessed: frozenset[str]
    remarks: tuple[Remark, ...]
    repeats: bool = False
    key: UUID | None = None
    state: RowState | None = None
    emptied: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Return the name in the row, empty when there is none that can be used."""
        return str(self.values.get("name") or "")


def read_row(sheet: SheetSteps, number: int) -> ReadRow:
    """Read one row by itself, cell by cell."""
    return _Row(sheet, number).read()


def record_of(sheet: SheetSteps, register: Register, number: int) -> tuple[UUID | None, RowState | None]:
    """Return the key of the record that a row was when it was downloaded, and what it was then, as far as is known."""
    if ROW_KEY not in sheet.columns:
        return None, None
    told = sheet.text(number, ROW_KEY)
    if sheet.states is not None and (found := sheet.states.read(told)) is not None:
        return found
    try:
        key = UUID(told)
    except ValueError:
        return None, None
    return key, read_state(sheet.text(number, ROW_STATE), register)


class _Row:
    """One row while it is read."""

    def __init__(self, sheet: SheetSteps, number: int) -> None:
        self._sheet, self._number = sheet, number
        self._grid, self._chosen, self._people = sheet.grid, sheet.chosen, sheet.people
        self._above, self._columns = sheet.above, sheet.columns
        self._routed: Routed = sheet.routed or route(self._chosen.layout, self._texts())
        self._register = self._routed.register
        self._values: dict[str, Value] = {}
        self._remarks: list[Remark] = []
        self._notes: list[tuple[int, str]] = []

    def read(self) -> ReadRow:
        if not self._routed.sure:
            self._unsure()
        cells, noted = self._grid.rows[self._number - 1], self._number in self._sheet.noted
        for step in self._sheet.steps(self._register):
            if step.alone is not None and not noted:
                if (value := cells[step.places[0] - 1]) is not None:
                    self._take_alone(step, step.alone, value)
                continue
            filled = [place for place in step.places if self._grid.present(self._number, place)]
            if filled:
                self._take(step.target, filled)
        guessed = {name: value for name, value in self._routed.guessed.items() if name not in self._values}
        self._values |= guessed
        self._write_note()
        self._look_over()
        key, state = record_of(self._sheet, self._register, self._number)
        return ReadRow(
            self._number,
            self._register,
            self._values,
            frozenset(guessed),
            tuple(self._remarks),
            self._repeats(),
            key,
            state,
            self._emptied() if key else frozenset(),
        )

    def _take_alone(self, step: Step, before: dict[object, Alone], value: object) -> None:
        # Numbers and yes/no are equal to each other here and there, and mean something else.
        asked = value if isinstance(value, str) else (type(value), value)
        found = before.get(asked)
        if found is None:
            found = before[asked] = self._alone(step)
        if found[0] is not None:
            self._values[step.target] = found[0]
        if found[1]:
            self._remarks += found[1]

    def _alone(self, step: Step) -> Alone:
        """Read a cell as if there were no other."""
        values, remarks = self._values, self._remarks
        self._values, self._remarks = {}, []
        if self._grid.present(self._number, step.places[0]):
            assert step.column is not None
            self._cell(step.column, step.places[0])
        found = self._values.get(step.target), tuple(self._remarks)
        self._values, self._remarks = values, remarks
        return found

    def _repeats(self) -> bool:
        if not self._sheet.headed:
            return False
        for place, heading in enumerate(self._above, start=1):
            if " ".join(self._grid.text(self._number, place).split()) != heading:
                return False
        return True

    def _texts(self) -> dict[str, str]:
        return {target: self._joined(places) for target, places in self._columns.items()}

    def _text(self, target: str) -> str:
        return self._sheet.text(self._number, target)

    def _emptied(self) -> frozenset[str]:
        """Return the columns of the register that are in the sheet and whose cells hold nothing at all."""
        return frozenset(
            step.target
            for step in self._sheet.steps(self._register)
            if step.column is not None and not any(self._grid.present(self._number, place) for place in step.places)
        )

    def _joined(self, places: Sequence[int]) -> str:
        return " ".join(text for place in places if (text := self._grid.text(self._number, place)))

    def _take(self, target: str, places: Sequence[int]) -> None:
        if target in (SORT, ROW_KEY, ROW_STATE):
            return
        if target == EXTERNAL:
            self._external(places[0])
        elif target == INTO_NOTE:
            self._notes += [(place, self._labelled(place)) for place in places]
        elif target == IMEI_OR_SERIAL:
            bare = re.sub(r"[\s\-/.]", "", self._text(target))
            self._cell(self._register.column("imei" if LIKE_AN_IMEI.match(bare) else "serial_number"), places[0])
        elif has(self._register, target):
            self._column(self._register.column(target), places)
        elif not self._told_kind(target):
            # A row of another register than most: nothing is lost, it stands in the note.
            self._notes += [(place, self._labelled(place)) for place in places]

    def _told_kind(self, target: str) -> bool:
        return self._chosen.layout is PEOPLE and target == "job_title" and self._routed.sure

    def _column(self, column: Column, places: Sequence[int]) -> None:
        if column.name == NOTE:
            self._notes[:0] = [(place, self._grid.text(self._number, place)) for place in places]
        elif len(places) > 1 and column.kind in TEXTS:
            self._several(column, places)
        else:
            self._cell(column, places[0])

    def _several(self, column: Column, places: Sequence[int]) -> None:
        """Join the cells that together make up one text, such as first and last name."""
        texts = [text for place in places if isinstance(text := self._raw(column, place), str) and text]
        mark = ", " if column.name == "specification" else " "
        self._parse(column, mark.join(texts), places[0], self._text(column.name))

    def _cell(self, column: Column, place: int) -> None:
        raw = self._raw(column, place)
        if raw is not None:
            self._parse(column, raw, place, self._grid.text(self._number, place))

    def _raw(self, column: Column, place: int) -> object:
        """Return what stands in a cell, None when it says nothing; what is wrong with it is told."""
        note = self._grid.notes.get((self._number, place))
        value = self._grid.rows[self._number - 1][place - 1]
        if value is None and note is not None:
            if note.kind is NoteKind.FORMULA_WITHOUT_VALUE and column.kind in TAKEN_LITERALLY:
                self._tell(RemarkKind.LITERAL, told.LITERAL, column.name, place)
                return note.text
            self._tell(RemarkKind.UNREADABLE, told.NOTE_TEXTS[note.kind], column.name, place)
            return None
        if isinstance(value, str):
            word = folded(value).lstrip("@")
            if word in UNKNOWN_WORDS:
                self._tell(RemarkKind.PLACEHOLDER, told.UNKNOWN, column.name, place)
                return None
            if word in NOTHING_WORDS:
                if column.needed or column.required:
                    self._tell(RemarkKind.PLACEHOLDER, told.NOTHING, column.name, place)
                return None
            return value.strip()
        return value

    def _parse(self, column: Column, raw: object, place: int, cell: str) -> None:
        if column.kind in (Kind.CONTACT, Kind.PARTY):
            self._refer(column, place)
            return
        try:
            value = parse(column, raw, self._chosen.order)
        except BadCell as bad:
            if column.kind is Kind.CHOICE and column.name in self._routed.guessed and self._routed.sure:
                return
            cell = "" if column.secret else cell
            self._remarks.append(Remark(RemarkKind.UNREADABLE, bad.text, column.name, self._heading(place), cell))
            return
        if value not in ("", None):
            self._values[column.name] = value

    def _refer(self, column: Column, place: int) -> None:
        known = self._people.contacts if column.kind is Kind.CONTACT else self._people.parties
        found = known.get(folded(self._grid.text(self._number, place)), ())
        if len(found) == 1:
            self._values[column.name] = found[0]
        else:
            text = told.SEVERAL_FOUND if found else told.NOT_FOUND
            self._tell(RemarkKind.NOT_FOUND, text, column.name, place)

    def _external(self, place: int) -> None:
        answer = yes_or_no(self._grid.text(self._number, place))
        if answer is Answer.UNCLEAR:
            self._tell(RemarkKind.UNREADABLE, told.YES_OR_NO, EXTERNAL, place)
        elif has(self._register, "is_staff"):
            self._values["is_staff"] = answer is Answer.NO

    def _unsure(self) -> None:
        texts = {TELEPHONY.slug: told.UNSURE_TELEPHONY, MOBILE_DEVICES.slug: told.UNSURE_DEVICE}
        self._remarks.append(Remark(RemarkKind.UNSURE, texts.get(self._chosen.layout.slug, told.UNSURE_PARTY)))

    def _write_note(self) -> None:
        if not self._notes:
            return
        if not has(self._register, NOTE):
            for place, _ in self._notes:
                self._tell(RemarkKind.NO_ROOM, told.NO_COLUMN, INTO_NOTE, place)
            return
        column, note = self._register.column(NOTE), ""
        for place, text in self._notes:
            try:
                note = str(parse(column, f"{note}\n{text}" if note else text))
            except BadCell as bad:
                self._tell(RemarkKind.NO_ROOM, told.NO_ROOM if note else bad.text, NOTE, place)
        if note:
            self._values[NOTE] = note

    def _look_over(self) -> None:
        looks = self._sheet.looks(self._register)
        if looks.serials and not any(self._grid.present(self._number, place) for place in looks.serials):
            self._remarks.append(Remark(RemarkKind.WITHOUT_SERIAL, told.WITHOUT_SERIAL))
        if looks.reachable and not any(self._values.get(name) for name in ("phone", "phone_2", "email")):
            self._remarks.append(Remark(RemarkKind.UNREACHABLE, told.UNREACHABLE))

    def _labelled(self, place: int) -> str:
        text, heading = self._grid.text(self._number, place), self._heading(place)
        return f"{heading}: {text}" if heading else text

    def _heading(self, place: int) -> str:
        return self._above[place - 1]

    def _tell(self, kind: RemarkKind, text: object, target: str, place: int) -> None:
        cell = self._grid.text(self._number, place)
        self._remarks.append(Remark(kind, text, target, self._heading(place), cell))
