"""A plan as its page shows it: rows in words, filtered and paged."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from plans.importing.cells import Grid
from plans.importing.mapping import Chosen, data_rows, headings
from plans.importing.planned import CHOICES, Change, Outcome, Plan, PlannedRow
from plans.importing.remarks import TOLD_ONLY, Remark
from plans.registers.display import Names, shown
from plans.registers.queries import names_for

PAGE_LENGTH = 50
EXAMPLES = 3


class Show(StrEnum):
    """Which rows of a plan to show."""

    ALL = "all"
    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REMARKS = "remarks"


LABELS: Mapping[Show, Any] = MappingProxyType(
    {
        Show.ALL: _l("All rows"),
        Show.NEW: _l("New"),
        Show.CHANGED: _l("Changed"),
        Show.CONFLICT: _l("Changed on both sides"),
        Show.REMOVED: _l("No longer in the file"),
        Show.UNCHANGED: _l("Unchanged"),
        Show.SKIPPED: _l("Skipped"),
        Show.REMARKS: _l("With remarks"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the preview. facts: what a new row brings, label and text; changes: label, old and new text, and
    whether the register changed it as well; mark: tells it from other rows; ticked: it comes in, None for no choice.
    """

    number: int
    mark: str
    ticked: bool | None
    name: str
    outcome: Outcome
    register: str
    facts: tuple[tuple[str, str], ...]
    changes: tuple[tuple[str, str, str, bool], ...]
    remarks: tuple[Remark, ...]
    reason: Any


@dataclass(frozen=True, slots=True)
class Preview:
    """One page of a plan. counts: how many rows each choice shows; unused_cells: cells that stay behind; coming: how
    many rows would be brought in, away: how many of them put a record away.
    """

    lines: tuple[Line, ...]
    counts: Mapping[Show, int]
    unused_cells: int
    coming: int
    away: int
    page: int
    last: int


@dataclass(frozen=True, slots=True)
class Example:
    """What stands below a heading: the first few cells."""

    texts: tuple[str, ...]


def preview(plan: Plan, wish: Show, page: int) -> Preview:
    """Return one page of the rows that `wish` asks for. page: from 1; one too high gives the last."""
    noticed = plan.noticed()
    # Only what is new may have rows of which there is nothing to tell.
    rows = [row for row in (plan.rows if wish in (Show.ALL, Show.NEW) else noticed) if _wanted(row, wish)]
    last = max(1, -(-len(rows) // PAGE_LENGTH))
    page = min(max(page, 1), last)
    part = rows[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
    names: dict[str, Names] = {}
    for row in part:
        if row.register.slug not in names:
            names[row.register.slug] = names_for(row.register)
    unused = sum(told.kind not in TOLD_ONLY for row in noticed for told in row.remarks)
    lines = tuple(_line(plan, row, names[row.register.slug]) for row in part)
    return Preview(lines, counts(plan), unused, plan.count_in(*Outcome), plan.count_in(Outcome.REMOVED), page, last)


def counts(plan: Plan) -> dict[Show, int]:
    """Return how many rows of a plan each choice shows."""
    told = {Show.ALL: len(plan), Show.REMARKS: sum(bool(row.remarks) for row in plan.noticed())}
    return told | {Show(outcome.value): plan.count(outcome) for outcome in Outcome}


def _wanted(row: PlannedRow, wish: Show) -> bool:
    if wish is Show.ALL:
        return True
    return bool(row.remarks) if wish is Show.REMARKS else row.outcome.value == wish.value


def _line(plan: Plan, row: PlannedRow, names: Names) -> Line:
    facts = tuple(
        (str(column.label), shown(column, row.values[column.name], names))
        for column in row.register.columns
        if row.outcome is Outcome.NEW and column.name != "name" and row.values.get(column.name) not in ("", None, False)
    )
    changes = tuple(_change(row, change, names) for change in row.changes)
    return Line(
        row.number,
        row.mark,
        plan.comes_in(row) if row.outcome in CHOICES else None,
        row.name,
        row.outcome,
        str(row.register.title),
        facts,
        changes,
        row.remarks,
        row.reason,
    )


def _change(row: PlannedRow, change: Change, names: Names) -> tuple[str, str, str, bool]:
    column = row.register.column(change.name)
    old, new = shown(column, change.old, names), shown(column, change.new, names)
    if column.secret and old == new:
        new = _("another value")
    return str(column.label), old, new, change.clash


def examples(grid: Grid, chosen: Chosen) -> tuple[Example, ...]:
    """Return the first different filled cells of each column that is offered; of a secret only its beginning."""
    columns = [chosen.layout.column(target) for target in chosen.targets]
    found: list[list[str]] = [[] for _heading in headings(grid, chosen.header_row)]
    for number in data_rows(grid, chosen.header_row):
        for place, texts in enumerate(found, start=1):
            text, column = grid.text(number, place), columns[place - 1]
            if column is not None and column.secret:
                text = shown(column, text, {})
            if text and text not in texts and len(texts) < EXAMPLES:
                texts.append(text)
    return tuple(Example(tuple(texts)) for texts in found)
