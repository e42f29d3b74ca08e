"""Read the rows of a sheet as somebody chose: by column where every cell simply says what it means, else row by row."""

from collections.abc import Iterator, Mapping, Sequence

from plans.importing.cells import Grid
from plans.importing.fresh import find_fresh
from plans.importing.mapping import Chosen, data_rows
from plans.importing.planned import Fresh, HeldRow
from plans.importing.row import ReadRow, read_row
from plans.importing.steps import People, SheetSteps
from plans.importing.straight import Straight
from plans.registers.shape import Register


def read_rows(grid: Grid, chosen: Chosen, people: People) -> Iterator[ReadRow]:
    """Yield each filled row below the headings."""
    sheet = SheetSteps(grid, chosen, people)
    straight = Straight(sheet)
    for number in data_rows(grid, chosen.header_row):
        if sheet.routed is not None and straight.holds(number):
            yield _straight_row(straight, sheet.routed.register, number)
        else:
            yield read_row(sheet, number)


def read_apart(
    grid: Grid, chosen: Chosen, people: People, held: Mapping[str, Sequence[HeldRow]]
) -> tuple[list[ReadRow], Fresh | None]:
    """Read a sheet as read_rows() does; return its rows in their order, and apart from them those that are fresh.

    held: the rows of each register by its slug, those put away too.
    """
    sheet = SheetSteps(grid, chosen, people)
    straight, numbers = Straight(sheet), list(data_rows(grid, chosen.header_row))
    plain = [number for number in numbers if straight.holds(number)]
    if sheet.routed is None or not plain:
        return [read_row(sheet, number) for number in numbers], None
    register = sheet.routed.register
    odd = [read_row(sheet, number) for number in numbers if not straight.holds(number)]
    others = [*(row.values for row in odd), *(row.values for row in held.get(register.slug, ()))]
    fresh = find_fresh(straight, register, plain, others)
    apart = set(fresh.numbers) if fresh else set[int]()
    rest = (_straight_row(straight, register, number) for number in plain if number not in apart)
    return sorted([*odd, *rest], key=lambda row: row.number), fresh


def _straight_row(straight: Straight, register: Register, number: int) -> ReadRow:
    found = straight.read(number)
    assert found is not None
    return ReadRow(number, register, found[0], frozenset(), found[1])
