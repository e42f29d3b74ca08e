"""Read the rows of a sheet as somebody chose: by column where every cell simply says what it means, else row by row."""

from collections.abc import Iterator, Mapping, Sequence

from plans.importing.cells import Grid
from plans.importing.fresh import find_fresh
from plans.importing.headings import ROW_KEY
from plans.importing.mapping import Chosen, data_rows
from plans.importing.planned import Fresh, HeldRow
from plans.importing.row import ReadRow, read_row, record_of
from plans.importing.states import States
from plans.importing.steps import People, SheetSteps
from plans.importing.straight import Straight
from plans.registers.shape import Register


def read_rows(grid: Grid, chosen: Chosen, people: People) -> Iterator[ReadRow]:
    """Yield each filled row below the headings."""
    sheet = SheetSteps(grid, chosen, people)
    straight = Straight(sheet)
    for number in data_rows(grid, chosen.header_row):
        if sheet.routed is not None and straight.holds(number):
            yield _straight_row(sheet, straight, sheet.routed.register, number)
        else:
            yield read_row(sheet, number)


def read_apart(
    grid: Grid, chosen: Chosen, people: People, held: Mapping[str, Sequence[HeldRow]], states: States | None = None
) -> tuple[list[ReadRow], Fresh | None]:
    """Read a sheet as read_rows() does; return its rows in their order, and apart from them those that are fresh.

    held: the rows of each register by its slug, those put away too; states: as in SheetSteps.
    """
    sheet = SheetSteps(grid, chosen, people, states)
    straight, numbers = Straight(sheet), list(data_rows(grid, chosen.header_row))
    plain = [number for number in numbers if straight.holds(number)]
    if sheet.routed is None or not plain:
        return [read_row(sheet, number) for number in numbers], None
    register = sheet.routed.register
    odd = [read_row(sheet, number) for number in numbers if not straight.holds(number)]
    if ROW_KEY in sheet.columns:
        # What was downloaded is a record already; beside such rows those that were typed below them are few.
        back = [number for number in plain if sheet.text(number, ROW_KEY)]
        odd += (_straight_row(sheet, straight, register, number) for number in back)
        plain = sorted(set(plain).difference(back))
    others = [*(row.values for row in odd), *(row.values for row in held.get(register.slug, ()))]
    fresh = find_fresh(straight, register, plain, others) if plain else None
    apart = set(fresh.numbers) if fresh else set[int]()
    rest = (_straight_row(sheet, straight, register, number) for number in plain if number not in apart)
    return sorted([*odd, *rest], key=lambda row: row.number), fresh


def _straight_row(sheet: SheetSteps, straight: Straight, register: Register, number: int) -> ReadRow:
    found = straight.read(number)
    assert found is not None
    key, state = record_of(sheet, register, number)
    emptied = straight.emptied(number) if key else frozenset[str]()
    return ReadRow(number, register, found[0], frozenset(), found[1], key=key, state=state, emptied=emptied)
