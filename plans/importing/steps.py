"""What is done with the cells of a sheet, settled once for all its rows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from plans.importing.cells import Grid
from plans.importing.headings import IMEI_OR_SERIAL, NOT_USED
from plans.importing.layouts import has
from plans.importing.mapping import Chosen, headings
from plans.importing.remarks import Remark
from plans.importing.routing import route
from plans.importing.states import States
from plans.registers.shape import Column, Kind, Register, Value

# By folded name: the rows that a cell with a name can mean.
Known = Mapping[str, tuple[UUID, ...]]

SERIAL_TARGETS = ("serial_number", "imei", IMEI_OR_SERIAL)
NOTE = "note"


@dataclass(frozen=True, slots=True)
class People:
    """Who and which companies a cell can name: the contacts and external parties that are in the registers."""

    contacts: Known = field(default_factory=dict)
    parties: Known = field(default_factory=dict)


# What a cell read on its own gives: its value, None where it gives none, and what is told about it.
Alone = tuple[Value, tuple[Remark, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """What is done with the cells of a target. alone: where a cell says by itself what it means, what was read before,
    by what stood in it: most columns say the same few things again and again.
    """

    target: str
    places: tuple[int, ...]
    column: Column | None = None
    alone: dict[object, Alone] | None = None


@dataclass(frozen=True, slots=True)
class Looks:
    """Where a serial number may stand, if one is wanted; reachable: there must be a way to reach somebody."""

    serials: tuple[int, ...]
    reachable: bool


class SheetSteps:
    """What the rows of a sheet share. states: reads what hidden cells say of its rows, where they can be of records."""

    def __init__(self, grid: Grid, chosen: Chosen, people: People, states: States | None = None) -> None:
        self.grid, self.chosen, self.people, self.states = grid, chosen, people, states
        self.above = headings(grid, chosen.header_row)
        self.headed = any(self.above)
        self.columns = {
            target: chosen.columns_of(target) for target in dict.fromkeys(chosen.targets) if target != NOT_USED
        }
        self.noted = {row for row, _column in grid.notes}
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._looks: dict[str, Looks] = {}
        # Where all rows go to one register and no word of theirs tells anything, that is settled once.
        alike = not chosen.layout.mixed and chosen.layout.registers[0].slug != "parties"
        self.routed = route(chosen.layout, {}) if alike else None

    def text(self, number: int, target: str) -> str:
        """Return what a person sees in the cells of a target in row `number`, parted by spaces."""
        cells = (self.grid.text(number, place) for place in self.columns.get(target, ()))
        return " ".join(text for text in cells if text)

    def steps(self, register: Register) -> tuple[Step, ...]:
        """Return what is done with a row that goes to `register`."""
        if register.slug not in self._steps:
            self._steps[register.slug] = tuple(
                self._step(register, target, places) for target, places in self.columns.items()
            )
        return self._steps[register.slug]

    def looks(self, register: Register) -> Looks:
        """Return what a row that goes to `register` is looked over for."""
        if register.slug not in self._looks:
            places = [place for target in SERIAL_TARGETS for place in self.columns.get(target, ())]
            told_how = "phone" in self.columns or "email" in self.columns
            self._looks[register.slug] = Looks(
                tuple(places) if has(register, "serial_number") else (), has(register, "email") and told_how
            )
        return self._looks[register.slug]

    def _step(self, register: Register, target: str, places: tuple[int, ...]) -> Step:
        column = register.column(target) if has(register, target) else None
        # What the words of a row tell about it may stand in for a choice that cannot be read.
        told_elsewhere = column is not None and column.kind is Kind.CHOICE and self.routed is None
        apart = column is None or len(places) > 1 or column.name == NOTE or told_elsewhere
        return Step(target, places, column, None if apart else {})
