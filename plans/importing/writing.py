"""Do what a plan says: change the rows that are there, add the new ones a register at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from core.clock import day_of
from core.inserting import Same, Values
from plans.importing.planned import Fresh, Outcome, Plan, PlannedRow
from plans.registers.rows import settled_columns
from plans.registers.shape import Column, Register, Row, Value
from plans.registers.undo.steps import Added, Step, photo, step
from tenants.adding import add_columns
from tenants.owned import TenantOwned


def write(plan: Plan, rows: Mapping[UUID, Row], at: datetime) -> tuple[list[Step], list[Added]]:
    """Do what the plan says; return what each row was and became, and what was added.

    rows: those the plan may change, by their id; at: aware UTC.
    """
    changing = [planned for planned in plan.each if planned.held is not None and plan.comes_in(planned)]
    steps = [_change(planned, rows[planned.held.id], at) for planned in changing if planned.held is not None]
    added = [_add(block, day_of(at)) for block in new_rows(plan)]
    return [one for one in steps if one is not None], added


def new_rows(plan: Plan) -> list[Fresh]:
    """Return the new rows that come in, those of one register together, as the register keeps them."""
    coming: dict[str, list[PlannedRow]] = defaultdict(list)
    for planned in plan.each:
        if planned.held is None and plan.comes_in(planned):
            coming[planned.register.slug].append(planned)
    blocks = {slug: _block(some[0].register, some) for slug, some in coming.items()}
    if (fresh := plan.fresh_in) is not None:
        slug = fresh.register.slug
        blocks[slug] = _merged(fresh, blocks.get(slug))
    return list(blocks.values())


def _change(planned: PlannedRow, row: Row, at: datetime) -> Step | None:
    before = photo(planned.register, row)
    for name, value in planned.values.items():
        setattr(row, name, value)
    if planned.outcome is Outcome.REMOVED:
        row.archived_at = at
    return step(planned.register, row, before)


def _block(register: Register, coming: Sequence[PlannedRow]) -> Fresh:
    """Return new rows that were decided one by one, by column."""
    names = dict.fromkeys(name for planned in coming for name in planned.values)
    columns = {name: [planned.values.get(name) for planned in coming] for name in names}
    return Fresh(register, [planned.number for planned in coming], columns, {})


def _merged(fresh: Fresh, others: Fresh | None) -> Fresh:
    """Return all new rows of one register in the order of the file."""
    columns = settled_columns(fresh.register, fresh.columns)
    if others is None:
        return Fresh(fresh.register, fresh.numbers, columns, {})
    numbers = [*fresh.numbers, *others.numbers]
    nothing = [None] * len(fresh.numbers), [None] * len(others.numbers)
    joined = {
        name: [*columns.get(name, nothing[0]), *others.columns.get(name, nothing[1])]
        for name in columns.keys() | others.columns
    }
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    in_order = {name: [cells[place] for place in order] for name, cells in joined.items()}
    return Fresh(fresh.register, [numbers[place] for place in order], in_order, {})


def _add(block: Fresh, today: date) -> Added:
    """Add the new rows of one register at once."""
    register = block.register
    columns = {
        column.name: _values(block.columns[column.name], column.empty)
        if column.name in block.columns
        else Same(_unsaid(column, today))
        for column in register.columns
    }
    kind: dict[str, Values] = {} if register.asset_kind is None else {"kind": Same(register.asset_kind)}
    ids = add_columns(cast(type[TenantOwned], register.model), len(block.numbers), {**columns, **kind})
    return Added(register, ids, columns)


def _unsaid(column: Column, today: date) -> Value:
    """Return what stands in a column that the file does not have.

    Whoever brings part of the inventory in has just looked at it; people and licences are confirmed one by one.
    """
    return today if column.name == "confirmed_on" and not column.needed else column.empty


def _values(cells: Sequence[Value], empty: Value) -> Values:
    return cells if empty is None or None not in cells else [empty if one is None else one for one in cells]
