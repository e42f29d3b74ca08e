"""Write down tasks and recovery steps."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.models import Assignment, Contact, RecoveryStep, RecoveryStepNeed, System
from plans.processes.chains import Node, loop_through, recovery_order
from plans.processes.services import all_needs
from plans.seats import TEAM_ITEM
from plans.turns import expect_seen, known, take_turn

# So much of a step's text is said in a sentence about it.
SHORT = 60


@dataclass(frozen=True, slots=True)
class StepValues:
    """What a step says, which system it brings back, how long it takes, who does it, and which steps come before."""

    text: str
    system_id: UUID | None
    minutes: int | None = None
    contact_id: UUID | None = None
    needs: frozenset[UUID] = frozenset()


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
    """Add a step at the end. row_id: chosen when the page was made; adding it twice adds one.

    Raises NotThere when it needs a step, or names a person, that is not there.
    """
    take_turn()
    if known(RecoveryStep, row_id) is None:
        rows = _open_steps()
        _expect_person(values.contact_id)
        row = _append(values, rows, row_id)
        db.session().flush()
        _need(row, values.needs, rows)
    db.session().flush()


def change_step(step_id: UUID, values: StepValues, *, seen: str | None = None) -> None:
    """Change a step.

    Raises NotThere, EditConflict when somebody else changed it in between, and PlanError when it needs a step that
    comes after it, or waits for it in turn.
    """
    take_turn()
    rows = _open_steps()
    row = _step(step_id, rows)
    expect_seen([row], seen)
    _expect_person(values.contact_id)
    row.text, row.system_id = values.text, values.system_id
    row.minutes, row.contact_id = values.minutes, values.contact_id
    _need(row, values.needs, rows)
    db.session().flush()


def move_step(step_id: UUID, *, up: bool) -> None:
    """Let a step change places with its neighbour; the first cannot go up, the last not down.

    Raises NotThere, and PlanError when one of the two needs the other.
    """
    take_turn()
    rows = _open_steps()
    here = rows.index(_step(step_id, rows))
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        first, second = sorted((here, there))
        if rows[first].id in _needs()[rows[second].id]:
            raise PlanError(_too_early(rows[second].text, rows[first].text))
        rows[here].position, rows[there].position = rows[there].position, rows[here].position
    db.session().flush()


def _need(row: RecoveryStep, wanted: Collection[UUID], rows: list[RecoveryStep]) -> None:
    """Let a step wait for `wanted`, steps that are open and come before it. What it needs of those put away stays."""
    place = {one.id: number for number, one in enumerate([*rows, row] if row not in rows else rows)}
    texts = {one.id: one.text for one in rows}
    if not set(wanted) <= texts.keys() - {row.id}:
        raise NotThere
    for needed in wanted:
        if place[needed] > place[row.id]:
            raise PlanError(_too_early(row.text, texts[needed]), "needs")
    # A step that was put back may stand before what it needs: the order alone does not keep steps from waiting in turn.
    all_needs = _needs()
    loop = loop_through({**all_needs, row.id: all_needs[row.id] | set(wanted)}, row.id)
    if loop:
        raise PlanError(_in_turn(row.text, texts[loop[1]]), "needs")
    stored = {one.needed_id: one for one in db.session().scalars(_needs_of(row.id)) if one.needed_id in texts}
    for needed, line in stored.items():
        if needed not in wanted:
            db.session().delete(line)
    db.session().add_all(RecoveryStepNeed(step_id=row.id, needed_id=needed) for needed in set(wanted) - stored.keys())


def _needs_of(step_id: UUID) -> sa.Select[RecoveryStepNeed]:
    return sa.select(RecoveryStepNeed).where(RecoveryStepNeed.step_id == step_id)


def _needs() -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for step_id, needed_id in db.session().execute(sa.select(RecoveryStepNeed.step_id, RecoveryStepNeed.needed_id)):
        found[step_id].add(needed_id)
    return found


def _too_early(step: str, needed: str) -> object:
    return _l("“%(step)s” cannot come before “%(needed)s”, which it needs.", step=_short(step), needed=_short(needed))


def _in_turn(step: str, needed: str) -> object:
    return _l("“%(step)s” and “%(needed)s” would wait for each other.", step=_short(step), needed=_short(needed))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def _expect_person(contact_id: UUID | None) -> None:
    if contact_id is None:
        return
    if db.session().scalar(sa.select(Contact.id).where(Contact.id == contact_id)) is None:
        raise NotThere


def propose_steps(wording: Callable[[str], str]) -> int:
    """Add a step for each system in use that has none; return how many.

    First what others need, then by priority; each waits for the steps of the systems it needs that stand before it.
    wording: makes the step's text of the system's name. Source: handbook, runbook.recovery.
    """
    take_turn()
    rows = _open_steps()
    covered = {row.system_id for row in rows}
    query = sa.select(System.id, System.name, System.recovery_priority, System.rto_hours)
    nodes = (Node(*line) for line in db.session().execute(query.where(System.archived_at.is_(None))))
    system_needs = all_needs()
    last_step = {row.system_id: row.id for row in rows if row.system_id is not None}
    added = 0
    for node in recovery_order(nodes, system_needs):
        if node.id in covered:
            continue
        row = _append(StepValues(wording(node.name), node.id), rows)
        rows.append(row)
        db.session().flush()
        _need(row, {last_step[one] for one in system_needs.get(node.id, ()) if one in last_step}, rows)
        last_step[node.id] = row.id
        added += 1
    db.session().flush()
    return added


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
    row = RecoveryStep(
        id=row_id or new_id(),
        position=last + 1,
        text=values.text,
        system_id=values.system_id,
        minutes=values.minutes,
        contact_id=values.contact_id,
    )
    db.session().add(row)
    return row
