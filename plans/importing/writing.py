"""Do what a plan says: change the rows that are there, add the new ones a register at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from core.inserting import Same, Values
from plans.importing.planned import Outcome, Plan, PlannedRow
from plans.registers.shape import Register, Row, Value
from plans.registers.undo.steps import Added, Step, photo, step
from tenants.adding import add_columns
from tenants.owned import TenantOwned


def write(plan: Plan, rows: Mapping[UUID, Row], at: datetime) -> tuple[list[Step], list[Added]]:
    """Do what the plan says; return what each row was and became, and what was added.

    rows: those the plan may change, by their id; at: aware UTC.
    """
    steps: list[Step | None] = []
    coming: dict[str, list[PlannedRow]] = defaultdict(list)
    for planned in plan.rows:
        if not plan.comes_in(planned):
            continue
        if planned.held is None:
            coming[planned.register.slug].append(planned)
        else:
            steps.append(_change(planned, rows[planned.held.id], at))
    added = [_add(some[0].register, some) for some in coming.values()]
    return [one for one in steps if one is not None], added


def _change(planned: PlannedRow, row: Row, at: datetime) -> Step | None:
    before = photo(planned.register, row)
    for name, value in planned.values.items():
        setattr(row, name, value)
    if planned.outcome is Outcome.REMOVED:
        row.archived_at = at
    return step(planned.register, row, before)


def _add(register: Register, coming: Sequence[PlannedRow]) -> Added:
    """Add the new rows of one register at once."""
    told = {name for planned in coming for name in planned.values}
    columns = {
        column.name: _values(column.name, column.empty, coming) if column.name in told else Same(column.empty)
        for column in register.columns
    }
    kind: dict[str, Values] = {} if register.asset_kind is None else {"kind": Same(register.asset_kind)}
    ids = add_columns(cast(type[TenantOwned], register.model), len(coming), {**columns, **kind})
    return Added(register, ids, columns)


def _values(name: str, empty: Value, coming: Sequence[PlannedRow]) -> Values:
    return [planned.values.get(name, empty) for planned in coming]
