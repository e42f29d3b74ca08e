"""Ask a member of the team, who needs no account for it, whether they know their task."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from core import db
from core.i18n import Language
from plans.errors import NotThere
from plans.fields import ITEM_SEATS, TEAM_ITEM
from plans.models import Assignment, Contact
from plans.runbook import services
from plans.turns import take_turn
from tenants.models import PersonalLink, PlanLink, Topic
from tenants.personal_links.matters import Gone, Shown
from tenants.personal_links.services import Question, Recipient, Sender, send
from tenants.services import user_by_email


@dataclass(frozen=True, slots=True)
class AskedTask:
    """What the page of a link says: the seat and its task."""

    seat: Any
    text: str


class KnowForm(FlaskForm):  # type: ignore[misc]
    """Only the word that one knows it."""


class TaskMatter:
    """Links by which a member of the team says that they know their task. `subject_id` is the seat's assignment."""

    def shown(self, link: PersonalLink) -> Shown | None:
        """Return the task, or None when it changed since or somebody else sits there now."""
        row = _row(link)
        if row is None:
            return None
        return Shown(
            _l("Do you know your task?"),
            "personal/task.html",
            AskedTask(seat_label(row.seat), row.task),
            _l("I know my task"),
        )

    def form(self) -> FlaskForm:
        """Return the form behind the button."""
        return KnowForm()

    def answer(self, link: PersonalLink, form: FlaskForm, *, at: datetime, today: date) -> None:
        """Note that the person knows the task. Raises Gone when it changed a moment ago."""
        take_turn()
        row = _row(link)
        if row is None or row.contact_id is None:
            raise Gone
        try:
            services.acknowledge(row.seat, row.contact_id, today=today)
        except NotThere:
            raise Gone from None


def ask(seat: str, contact_id: UUID, sender: Sender, language: Language, *, at: datetime) -> PlanLink:
    """Mail the person in `seat` a link by which they say that they know their task.

    language: of the organisation, for somebody whose own is not known. Raises NotThere when `contact_id` does not sit
    there or has no task, AccountError when no mail can be sent. Source: handbook, runbook.tasks-known.
    """
    take_turn()
    row = db.session().scalar(sa.select(Assignment).where(Assignment.item_id == TEAM_ITEM, Assignment.seat == seat))
    person = db.session().scalar(sa.select(Contact).where(Contact.id == contact_id, Contact.archived_at.is_(None)))
    if row is None or person is None or row.contact_id != person.id or not row.task:
        raise NotThere
    email = person.email.strip().lower()
    known = user_by_email(email) if email else None
    own = (known.language if known else None) or language
    question = Question(Topic.TASK, row.id, str(seat_label(seat)), fingerprint(row))
    return send(PlanLink, question, Recipient(person.name, email, own), sender, at=at)


def _row(link: PersonalLink) -> Assignment | None:
    """Return the assignment a link is about while it still asks the same of the same person."""
    found = db.session().scalar(
        sa.select(Assignment)
        .where(Assignment.id == link.subject_id, Assignment.item_id == TEAM_ITEM)
        .execution_options(populate_existing=True)
    )
    return found if found is not None and found.task and fingerprint(found) == link.fingerprint else None


def fingerprint(row: Assignment) -> str:
    """Return a digest of what somebody in a seat is asked: whoever sits there, and the words of the task."""
    return hashlib.sha256(f"{row.contact_id}\n{row.task}".encode()).hexdigest()


def seat_label(name: str) -> Any:
    """Return what a seat of the team is called."""
    return next((seat.label for seat in ITEM_SEATS[TEAM_ITEM] if seat.name == name), name)
