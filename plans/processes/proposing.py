"""Priorities and recovery times that follow from what departments can bear: shown, and taken over where none is."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import Department, DepartmentSystem, System
from plans.processes.chains import Node
from plans.processes.impact import STRETCHES, Limit, Proposal, bearable, limits, proposals
from plans.processes.services import all_needs
from plans.registers.columns import register
from plans.registers.undo.models import ChangeKind
from plans.registers.undo.services import Record, keep
from plans.registers.undo.steps import photo, step
from plans.turns import take_turn


def proposed() -> Mapping[UUID, Proposal]:
    """Return what is proposed for each system; nothing as long as no department says what it cannot bear."""
    columns = [getattr(Department, stretch.column) for stretch in STRETCHES]
    query = sa.select(Department.id, Department.name, *columns).where(Department.archived_at.is_(None))
    borne = {}
    for row_id, name, *levels in db.session().execute(query):
        hours = bearable(levels)
        if hours is not None:
            borne[row_id] = Limit(hours, name)
    if not borne:
        return {}
    uses = sa.select(DepartmentSystem.department_id, DepartmentSystem.system_id)
    own = limits(borne, [(department, system) for department, system in db.session().execute(uses)])
    query = sa.select(System.id, System.name, System.recovery_priority, System.rto_hours)
    nodes = [Node(*row) for row in db.session().execute(query.where(System.archived_at.is_(None)))]
    kept = {node.id for node in nodes}
    return proposals(nodes, all_needs(), {one: limit for one, limit in own.items() if one in kept})


def take_proposals(record: Record) -> int:
    """Fill in what is proposed where a system has no priority or no recovery time; return how many systems that were.

    What somebody filled in stays, so two systems may share a priority afterwards; the audit asks to choose then.
    Source: processes.priorities; ISO 22301, 8.2.2.
    """
    take_turn()
    found, systems = proposed(), register("systems")
    wanting = sa.or_(System.recovery_priority.is_(None), System.rto_hours.is_(None))
    query = sa.select(System).where(System.archived_at.is_(None), wanting).order_by(System.id)
    steps = []
    for row in db.session().scalars(query, execution_options={"populate_existing": True}):
        one = found.get(row.id)
        before = photo(systems, row)
        if one is not None and row.recovery_priority is None:
            row.recovery_priority = one.priority
        if one is not None and one.limit is not None and row.rto_hours is None:
            row.rto_hours = one.limit.hours
        steps.append(step(systems, row, before))
    db.session().flush()
    keep(ChangeKind.CHANGED, steps, record)
    return sum(one is not None for one in steps)
