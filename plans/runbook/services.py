"""Write down tasks and recovery steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.ids import new_id
from plans.errors import NotThere
from plans.fields import TEAM_ITEM
from plans.models import Assignment, RecoveryStep, System
from plans.turns import expect_seen, known, take_turn


@dataclass(frozen=True, slots=True)
class StepValues:
    """What a step says and which system it brings back."""

    text: str
    system_id: UUID | None


def save_tasks(texts: Mapping[str, str], *, today: date, seen: str | None = None) -> None:
    """Write down the task of each seat of the team. A changed task must be acknowledged again.

    Raises EditConflict when somebody else changed the team or a task in between.
    Source: handbook, runbook.tasks-known.
    """
    take_turn()
    rows = _team()
    expect_seen(rows.values(), seen)
    for seat, text in texts.items():
        row = rows.get(seat)
        if row is None:
            if not text:
                continue
            row = Assignment(item_id=TEAM_ITEM, seat=seat, task="")
            db.session().add(row)
        if row.task != text:
            row.task, row.task_changed_on, row.acknowledged_on = text, today, None
    db.session().flush()


def acknowledge(seat: str, contact_id: UUID, *, today: date) -> None:
    """Note that the person in `seat` said today that they know their task.

    Raises NotThere when `contact_id` does not sit there, or there is no task to know.
    Source: handbook, runbook.tasks-known.
    """
    take_turn()
    row = _team().get(seat)
    if row is None or row.contact_id != contact_id or not row.task:
        raise NotThere
    row.acknowledged_on = today
    db.session().flush()


def _team() -> dict[str, Assignment]:
    found = db.session().scalars(sa.select(Assignment).where(Assignment.item_id == TEAM_ITEM))
    return {row.seat: row for row in found}


def add_step(values: StepValues, *, row_id: UUID | None = None) -> None:
    """Add a step at the end. row_id: chosen when the page was made; adding it twice adds one."""
    take_turn()
    if known(RecoveryStep, row_id) is None:
        _append(values, _open_steps(), row_id)
    db.session().flush()


def change_step(step_id: UUID, values: StepValues, *, seen: str | None = None) -> None:
    """Change a step. Raises NotThere, and EditConflict when somebody else changed it in between."""
    take_turn()
    row = _step(step_id, _open_steps())
    expect_seen([row], seen)
    row.text, row.system_id = values.text, values.system_id
    db.session().flush()


def move_step(step_id: UUID, *, up: bool) -> None:
    """Let a step change places with its neighbour; the first cannot go up, the last not down. Raises NotThere."""
    take_turn()
    rows = _open_steps()
    here = rows.index(_step(step_id, rows))
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here].position, rows[there].position = rows[there].position, rows[here].position
    db.session().flush()


def propose_steps(wording: Callable[[str], str]) -> int:
    """Add a step for each system in use that has none, first to be restored first; return how many.

    wording: makes the step's text of the system's name. Source: handbook, runbook.recovery.
    """
    take_turn()
    rows = _open_steps()
    covered = {row.system_id for row in rows}
    query = sa.select(System.id, System.name, System.recovery_priority).where(System.archived_at.is_(None))
    missing = [row for row in db.session().execute(query) if row.id not in covered]
    missing.sort(key=lambda row: (row.recovery_priority is None, row.recovery_priority or 0, row.name.casefold()))
    for row in missing:
        rows.append(_append(StepValues(wording(row.name), row.id), rows))
    db.session().flush()
    return len(missing)


def _open_steps() -> list[RecoveryStep]:
    """Return the steps in order. Positions are made different, so that neighbours can change places."""
    query = sa.select(RecoveryStep).where(RecoveryStep.archived_at.is_(None))
    rows = sorted(db.session().scalars(query), key=lambda row: (row.position, row.id))
    for before, row in pairwise(rows):
        row.position = max(row.position, before.position + 1)
    return rows


def _step(step_id: UUID, rows: list[RecoveryStep]) -> RecoveryStep:
    for row in rows:
        if row.id == step_id:
            return row
    raise NotThere


def _append(values: StepValues, rows: list[RecoveryStep], row_id: UUID | None = None) -> RecoveryStep:
    last = max((row.position for row in rows), default=0)
    row = RecoveryStep(id=row_id or new_id(), position=last + 1, text=values.text, system_id=values.system_id)
    db.session().add(row)
    return row
