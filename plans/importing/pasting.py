"""Read a block of cells that was copied in a spreadsheet program and pasted as text. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from plans.importing.cells import Grid
from plans.importing.guessing import guess_order, match_columns
from plans.importing.headings import NOT_USED
from plans.importing.layouts import BY_SLUG
from plans.importing.mapping import MOST_COLUMNS, Chosen, headings
from plans.registers.shape import Register

MOST_CHARACTERS = 2_000_000
MOST_ROWS = 5_000


class TooMuch(Exception):
    """More was pasted than a page can take; a file can be uploaded instead."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A block that was pasted: its text, its cells, and what its columns are taken for."""

    text: str
    grid: Grid
    chosen: Chosen


def read_pasted(text: str, register: Register, columns: Sequence[str]) -> Pasted | None:
    """Return the cells of `text` and how to read them; None when there is nothing in it.

    Cells are parted by tabs and rows by line ends; a cell within quotes may hold both. When the first row holds
    headings they tell the columns, else the cells are taken for `columns` in their order. Raises TooMuch.
    """
    if len(text) > MOST_CHARACTERS:
        raise TooMuch
    rows = [row for row in _rows(text) if any(cell.strip() for cell in row)]
    if not rows:
        return None
    width = max(map(len, rows))
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise TooMuch
    grid = Grid(tuple(tuple(cell or None for cell in row) + (None,) * (width - len(row)) for row in rows), {})
    return Pasted(text, grid, _chosen(grid, register, columns))


def _rows(text: str) -> list[list[str]]:
    # A quote that is never closed was typed by somebody: it would swallow all the rest.
    quoting: Literal[0, 3] = csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL
    previous = csv.field_size_limit(MOST_CHARACTERS + 1)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=quoting))
    except csv.Error:
        return [line.split("\t") for line in text.splitlines()]
    finally:
        csv.field_size_limit(previous)


def _chosen(grid: Grid, register: Register, columns: Sequence[str]) -> Chosen:
    layout = BY_SLUG[register.slug]
    above = headings(grid, 1)
    told = match_columns(layout, above)
    filled = sum(bool(heading) for heading in above)
    header_row = 1 if 2 * sum(target != NOT_USED for target in told) > filled and "name" in told else 0
    if not header_row:
        places = range(grid.width)
        told = tuple(columns[place] if place < len(columns) else NOT_USED for place in places)
    return Chosen(layout, header_row, told, guess_order(grid, layout, header_row, told))
