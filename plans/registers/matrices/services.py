"""Changes to a matrix."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.errors import NotThere
from plans.models import Department
from plans.registers.matrices.forms import Ticks
from plans.registers.matrices.shape import Matrix, Pair
from plans.turns import take_turn


class Contradiction(Exception):
    """Departments were ticked as using none and as using something."""

    def __init__(self, department_ids: tuple[UUID, ...]) -> None:
        super().__init__(f"{len(department_ids)} departments ticked both ways")
        self.department_ids = department_ids


@dataclass(frozen=True, slots=True)
class Saved:
    """How many boxes changed. unmarked: departments whose mark of using none went, though the sender never saw it."""

    number: int
    unmarked: tuple[str, ...]


def save_ticks(matrix: Matrix, ticks: Ticks) -> Saved:
    """Save what changed between showing and sending.

    Boxes nobody touched stay as they are now, also where somebody else changed them meanwhile. A department that
    uses anything is not one that uses none: the mark goes, and is told when somebody else set it. Departments and
    things that were put away meanwhile are passed over.
    Raises Contradiction when a department was ticked both ways, or as using none while it uses what the page did not
    show; NotThere for rows that do not exist.
    Source: processes.systems-used, processes.data-needed.
    """
    if ticks.contradicting:
        raise Contradiction(ticks.contradicting)
    take_turn()
    departments = {row.id: row for row in _rows(Department, ticks.departments)}
    things = {row.id for row in _rows(matrix.thing, ticks.things) if row.archived_at is None}
    held = {(row.department_id, getattr(row, matrix.column)): row for row in _links(matrix, ticks.departments)}
    current = {row_id for row_id, row in departments.items() if row.archived_at is None}
    added = {
        pair for pair in ticks.used - ticks.used_before if pair not in held and pair[0] in current and pair[1] in things
    }
    removed = {pair for pair in ticks.used_before - ticks.used if pair in held}
    using = {department for department, _ in (set(held) - removed) | added}
    if contradicting := using & (ticks.none - ticks.none_before) & current:
        raise Contradiction(tuple(sorted(contradicting)))
    _change_links(matrix, held, added, removed)
    flags = [row_id for row_id in current if _set_flag(matrix, departments[row_id], ticks, uses=row_id in using)]
    db.session().flush()
    unseen = using.intersection(flags) - ticks.none_before
    return Saved(len(added) + len(removed) + len(flags), tuple(sorted(departments[one].name for one in unseen)))


def _change_links(matrix: Matrix, held: dict[Pair, Any], added: set[Pair], removed: set[Pair]) -> None:
    session = db.session()
    for pair in sorted(removed):
        session.delete(held[pair])
    for department, thing in sorted(added):
        session.add(matrix.link(**{"department_id": department, matrix.column: thing}))


def _set_flag(matrix: Matrix, department: Department, ticks: Ticks, *, uses: bool) -> bool:
    """Set or take away the mark of a department that uses none; tell whether it changed."""
    touched = (department.id in ticks.none) != (department.id in ticks.none_before)
    before = getattr(department, matrix.none_flag)
    wanted = (department.id in ticks.none if touched else before) and not uses
    if wanted == before:
        return False
    setattr(department, matrix.none_flag, wanted)
    return True


def _rows(model: Any, ids: tuple[UUID, ...]) -> list[Any]:
    query = sa.select(model).where(model.id.in_(ids)).execution_options(populate_existing=True)
    found = list(db.session().scalars(query))
    if len(found) != len(set(ids)):
        raise NotThere
    return found


def _links(matrix: Matrix, department_ids: tuple[UUID, ...]) -> list[Any]:
    return list(db.session().scalars(sa.select(matrix.link).where(matrix.link.department_id.in_(department_ids))))
