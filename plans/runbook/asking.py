"""Ask members of the team, who need no account for it, whether they know their tasks."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext, lazy_ngettext
from flask_wtf import FlaskForm

from core import db
from core.i18n import Language, written_in
from plans.errors import NotThere
from plans.intervals import Counting
from plans.models import Assignment, Contact
from plans.runbook import services
from plans.runbook.queries import counting, known_since
from plans.seats import ITEM_SEATS, TEAM_ITEM
from plans.turns import take_turn
from tenants.errors import AccountError
from tenants.models import PersonalLink, PlanLink, Topic
from tenants.personal_links.matters import TOPIC_LABELS, Gone, Shown
from tenants.personal_links.queries import OpenLink, newest_about
from tenants.personal_links.services import Question, Recipient, Sender, send
from tenants.services import user_by_email

# Nobody is asked the same again by the button for all sooner than so long after the mail before.
ASK_AGAIN_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AskedTask:
    """A line on the page of a link: the seat and its task."""

    seat: Any
    text: str


@dataclass(frozen=True, slots=True)
class AskedTeam:
    """What one press of the button for all did, by names. lately: were asked the same a moment ago; refused: have no
    usable address.
    """

    sent: Sequence[str]
    lately: Sequence[str]
    refused: Sequence[str]


class KnowForm(FlaskForm):  # type: ignore[misc]
    """Only the word that one knows it."""


class TaskMatter:
    """Links by which a member of the team says that they know their tasks. `subject_id` is the contact.

    In links from before everybody was asked for all of their tasks at once it is the seat's assignment.
    """

    def shown(self, link: PersonalLink) -> Shown | None:
        """Return the tasks, or None when one changed since or somebody else sits there now."""
        rows = _asked(link)
        if not rows:
            return None
        return Shown(
            TOPIC_LABELS[Topic.TASK] if len(rows) == 1 else lazy_gettext("Do you know your tasks?"),
            "personal/task.html",
            [AskedTask(seat_label(row.seat), row.task) for row in rows],
            lazy_ngettext("I know my task", "I know my tasks", len(rows)),
        )

    def form(self) -> FlaskForm:
        """Return the form behind the button."""
        return KnowForm()

    def answer(self, link: PersonalLink, form: FlaskForm, *, at: datetime, today: date) -> None:
        """Note that the person knows the tasks. Raises Gone when one changed a moment ago."""
        take_turn()
        rows = _asked(link)
        if not rows:
            raise Gone
        for row in rows:
            if row.contact_id is None:
                raise Gone
            try:
                services.acknowledge(row.seat, row.contact_id, today=today)
            except NotThere:
                raise Gone from None


def ask(contact_id: UUID, sender: Sender, language: Language, *, at: datetime) -> PlanLink:
    """Mail somebody of the team one link by which they say that they know all of their tasks.

    language: of the organisation, for somebody whose own is not known. Raises NotThere when `contact_id` has no task,
    AccountError when no mail can be sent. Source: handbook, runbook.tasks-known.
    """
    take_turn()
    rows, people = _by_person().get(contact_id), _people([contact_id])
    if not rows or not people:
        raise NotThere
    return _send(people[0], rows, sender, language, at)


def ask_everybody(sender: Sender, language: Language, *, at: datetime, today: date) -> AskedTeam:
    """Mail everybody of the team who has yet to say that they know a task, or must say so again: one link each.

    Doing it twice asks nobody twice: whoever has a working link about the same is told of, until ASK_AGAIN_AFTER.
    Source: handbook, runbook.tasks-known.
    """
    take_turn()
    counts, links = counting(today), newest_about(PlanLink, Topic.TASK)
    by_person = {one: rows for one, rows in _by_person().items() if not _all_known(rows, counts)}
    sent, lately, refused = [], [], []
    for person in _people(by_person):
        rows = by_person[person.id]
        if _asked_lately(rows, links.get(person.id), at):
            lately.append(person.name)
            continue
        try:
            _send(person, rows, sender, language, at)
        except AccountError:
            refused.append(person.name)
        else:
            sent.append(person.name)
    return AskedTeam(sent, lately, refused)


def _send(person: Contact, rows: Sequence[Assignment], sender: Sender, language: Language, at: datetime) -> PlanLink:
    email = person.email.strip().lower()
    known = user_by_email(email) if email else None
    own = person.language or (known.language if known else None) or language
    with written_in(own):
        label = ", ".join(str(seat_label(row.seat)) for row in rows)
    question = Question(Topic.TASK, person.id, label, fingerprint(rows))
    return send(PlanLink, question, Recipient(person.name, email, own), sender, at=at)


def _all_known(rows: Iterable[Assignment], counts: Counting) -> bool:
    return all(known_since(row.acknowledged_on, row.task_changed_on, counts.fresh) for row in rows)


def _asked_lately(rows: Sequence[Assignment], link: OpenLink | None, at: datetime) -> bool:
    if link is None or link.fingerprint != fingerprint(rows):
        return False
    return link.works(at) and link.sent_at + ASK_AGAIN_AFTER > at


def _by_person() -> dict[UUID, list[Assignment]]:
    """Return the seats of the team that have a task, by who sits there, in the handbook's order."""
    found: dict[UUID, list[Assignment]] = defaultdict(list)
    for row in _in_order(sa.select(Assignment).where(Assignment.contact_id.is_not(None))):
        if row.contact_id is not None:
            found[row.contact_id].append(row)
    return found


def _people(ids: Iterable[UUID]) -> list[Contact]:
    query = sa.select(Contact).where(Contact.id.in_(list(ids)), Contact.archived_at.is_(None))
    return sorted(db.session().scalars(query), key=lambda one: (one.name.casefold(), one.id))


def _asked(link: PersonalLink) -> list[Assignment]:
    """Return the seats a link is about while it still asks the same of the same person, else none."""
    about = sa.or_(Assignment.contact_id == link.subject_id, Assignment.id == link.subject_id)
    found = _in_order(sa.select(Assignment).where(about).execution_options(populate_existing=True))
    return found if found and fingerprint(found) == link.fingerprint else []


def _in_order(query: sa.Select[Assignment]) -> list[Assignment]:
    places = [seat.name for seat in ITEM_SEATS[TEAM_ITEM]]
    rows = db.session().scalars(query.where(Assignment.item_id == TEAM_ITEM))
    return sorted((row for row in rows if row.task and row.seat in places), key=lambda row: places.index(row.seat))


def fingerprint(rows: Sequence[Assignment]) -> str:
    """Return a digest of what somebody is asked: who sits there, and the words of each task."""
    told = "\n".join([str(rows[0].contact_id), *(row.task for row in rows)])
    return hashlib.sha256(told.encode()).hexdigest()


def seat_label(name: str) -> Any:
    """Return what a seat of the team is called."""
    return next((seat.label for seat in ITEM_SEATS[TEAM_ITEM] if seat.name == name), name)
