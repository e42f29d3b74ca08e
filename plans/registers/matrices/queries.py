"""What a matrix page shows."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import DataSet, Department, System
from plans.registers.display import sort_key
from plans.registers.matrices.shape import Matrix, Pair

# Boxes on one page: a page must stay readable, and under 60 kB.
MOST_BOXES = 240
MOST_DEPARTMENTS = 12
MOST_THINGS = 120


@dataclass(frozen=True, slots=True)
class Named:
    """A department, system or data set."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Grid:
    """One page of a matrix: some departments, and all things or, of very many, some.

    first: the place of the first of the things among all, from 1; total: of all things.
    used: pairs (department, thing); none: departments.
    """

    departments: tuple[Named, ...]
    things: tuple[Named, ...]
    first: int
    total: int
    used: frozenset[Pair]
    none: frozenset[UUID]
    page: int
    last: int


def grid(matrix: Matrix, page: int) -> Grid:
    """Return one page of the matrix. page: from 1; a page beyond the last is the last.

    Pages go through the things of some departments first, and then to the next departments.
    """
    flag = getattr(Department, matrix.none_flag)
    query = sa.select(Department.id, Department.name, flag).where(Department.archived_at.is_(None))
    rows = sorted(db.session().execute(query), key=lambda row: (sort_key(row[1], {}), row[0]))
    things = _things(matrix.thing)
    parts = max(1, -(-len(things) // MOST_THINGS))
    high = max(1, -(-len(things) // parts))
    wide = max(1, min(MOST_DEPARTMENTS, MOST_BOXES // high))
    last = max(1, -(-len(rows) // wide) * parts)
    page = min(page, last)
    across, down = divmod(page - 1, parts)
    shown = rows[across * wide : (across + 1) * wide]
    return Grid(
        departments=tuple(Named(row_id, name) for row_id, name, _ in shown),
        things=things[down * high : (down + 1) * high],
        first=down * high + 1,
        total=len(things),
        used=links(matrix, [row_id for row_id, _, _ in shown]),
        none=frozenset(row_id for row_id, _, none in shown if none),
        page=page,
        last=last,
    )


def _things(model: type[System | DataSet]) -> tuple[Named, ...]:
    found = db.session().execute(sa.select(model.id, model.name).where(model.archived_at.is_(None)))
    return tuple(Named(*row) for row in sorted(found, key=lambda row: (sort_key(row[1], {}), row[0])))


def links(matrix: Matrix, department_ids: list[UUID]) -> frozenset[Pair]:
    """Return the pairs (department, thing) of these departments."""
    link = matrix.link
    query = sa.select(link.department_id, getattr(link, matrix.column)).where(link.department_id.in_(department_ids))
    return frozenset((department, thing) for department, thing in db.session().execute(query))
