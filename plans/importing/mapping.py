"""What somebody chose for a sheet: what is in it, where the headings are, what each column is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from plans.importing.cells import Grid
from plans.importing.headings import INTO_NOTE, NOT_USED
from plans.importing.layouts import BY_SLUG, Layout
from plans.registers.cells import DayOrder
from plans.registers.shape import Kind

# Wider sheets exist, of which nobody can choose every column on one page.
MOST_COLUMNS = 60
LAST_HEADER_ROW = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """How to read a sheet. header_row: from 1, 0 where there are no headings; targets: per column, in their order.

    downloaded: the keys of the records that stood in the workbook when it was downloaded, if it was; answers: which
    rows to bring in where somebody decided otherwise than we would, by their mark (matching.PlannedRow).
    """

    layout: Layout
    header_row: int
    targets: tuple[str, ...]
    order: DayOrder = DayOrder.DAY_FIRST
    downloaded: tuple[UUID, ...] = ()
    answers: Mapping[str, bool] = field(default_factory=dict)

    def columns_of(self, target: str) -> tuple[int, ...]:
        """Return the columns (from 1) that were chosen to be `target`."""
        return tuple(place for place, found in enumerate(self.targets, start=1) if found == target)

    def doubled(self) -> tuple[str, ...]:
        """Return the targets chosen more than once whose cells cannot be joined into one text."""
        used = dict.fromkeys(target for target in self.targets if target not in (NOT_USED, INTO_NOTE))
        return tuple(target for target in used if len(self.columns_of(target)) > 1 and not self._joins(target))

    def _joins(self, target: str) -> bool:
        column = self.layout.column(target)
        return column is not None and column.kind in (Kind.TEXT, Kind.LONG_TEXT)


def kept(chosen: Chosen) -> dict[str, Any]:
    """Return the choice for keeping in the database."""
    return {
        "layout": chosen.layout.slug,
        "header_row": chosen.header_row,
        "targets": list(chosen.targets),
        "order": chosen.order.value,
        "downloaded": [key.hex for key in chosen.downloaded],
        "answers": dict(chosen.answers),
    }


def restored(found: dict[str, Any]) -> Chosen:
    """Return a choice that was kept. A target that no longer exists is not used."""
    layout = BY_SLUG[found["layout"]]
    targets = tuple(target if target in layout.targets else NOT_USED for target in found["targets"])
    downloaded = tuple(UUID(hex=key) for key in found.get("downloaded", ()))
    return Chosen(layout, found["header_row"], targets, DayOrder(found["order"]), downloaded, found.get("answers", {}))


def headings(grid: Grid, header_row: int) -> tuple[str, ...]:
    """Return what stands above each column that is offered; empty where nothing does."""
    width = min(grid.width, MOST_COLUMNS)
    if not 1 <= header_row <= len(grid.rows):
        return ("",) * width
    return tuple(" ".join(grid.text(header_row, column).split()) for column in range(1, width + 1))


def data_rows(grid: Grid, header_row: int) -> Iterator[int]:
    """Yield the numbers of the filled rows below the headings."""
    return (number for number in range(header_row + 1, len(grid.rows) + 1) if number not in grid.blank)
