"""Lessons: what must be done after a calamity or an exercise, open until somebody tells what was."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.models import Calamity, Contact, Lesson
from plans.turns import expect_seen, known, take_turn

TEXT_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class LessonValues:
    """What must be done, by whom and by which day, inclusive."""

    text: str
    due_on: date
    owner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """A lesson as pages show it. owner: a name, "" for nobody."""

    id: UUID
    version: int
    calamity_id: UUID
    text: str
    owner_id: UUID | None
    owner: str
    due_on: date
    closed_on: date | None
    closed_by: str
    outcome: str


def lessons() -> list[Learned]:
    """Return every lesson: open ones first, by the day they are due."""
    row = Lesson
    query: Any = sa.select(
        row.id, row.version, row.calamity_id, row.text, row.owner_id, sa.func.coalesce(Contact.name, ""),
        row.due_on, row.closed_on, row.closed_by, row.outcome,
    ).outerjoin(Contact, (Contact.tenant_id == row.tenant_id) & (Contact.id == row.owner_id))  # fmt: skip
    found = (Learned(*line) for line in db.session().execute(query))
    return sorted(found, key=lambda one: (one.closed_on is not None, one.due_on, one.id))


def add_lesson(calamity_id: UUID, values: LessonValues, *, row_id: UUID | None = None) -> None:
    """Add a lesson. row_id: chosen when the page was made; adding it twice adds one.

    Raises NotThere when there is no such calamity, or no such person.
    """
    take_turn()
    if db.session().scalar(sa.select(Calamity.id).where(Calamity.id == calamity_id)) is None:
        raise NotThere
    if known(Lesson, row_id) is None:
        _expect_person(values.owner_id)
        db.session().add(
            Lesson(
                id=row_id or new_id(),
                calamity_id=calamity_id,
                text=values.text,
                owner_id=values.owner_id,
                due_on=values.due_on,
                closed_on=None,
            )
        )
        db.session().flush()


def change_lesson(
    lesson_id: UUID, values: LessonValues, outcome: str, *, by: str, today: date, seen: str | None = None
) -> None:
    """Change a lesson. With an outcome it is closed today; without one it is open, again if need be.

    Raises NotThere, and EditConflict when somebody else changed it in between.
    """
    take_turn()
    row = db.session().scalar(sa.select(Lesson).where(Lesson.id == lesson_id))
    if row is None:
        raise NotThere
    expect_seen([row], seen)
    if values.owner_id != row.owner_id:
        _expect_person(values.owner_id)
    row.text, row.owner_id, row.due_on = values.text, values.owner_id, values.due_on
    if not outcome:
        row.closed_on, row.closed_by = None, ""
    elif row.closed_on is None:
        row.closed_on, row.closed_by = today, by
    row.outcome = outcome
    db.session().flush()


def _expect_person(contact_id: UUID | None) -> None:
    if contact_id is None:
        return
    query = sa.select(Contact.id).where(Contact.id == contact_id, Contact.archived_at.is_(None))
    if db.session().scalar(query) is None:
        raise PlanError(_l("Choose one from the list."), "owner")
