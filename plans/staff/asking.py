"""Send the staff instruction to whoever has yet to read it, and take their word that they did, without an account."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from core import db
from core.i18n import Language, written_in
from plans.errors import NotThere, PlanError
from plans.models import Contact
from plans.staff import services
from plans.staff.queries import Instruction, Reader, counting, newest, readers
from plans.turns import take_turn
from tenants import trail
from tenants.errors import AccountError
from tenants.models import PersonalLink, PlanLink, Topic
from tenants.personal_links.matters import Gone, Shown
from tenants.personal_links.queries import OpenLink, newest_about
from tenants.personal_links.services import Question, Recipient, Sender, send
from tenants.services import user_by_email

# So many mails leave at one press of the button; whoever is left comes at the next.
MOST_AT_ONCE = 100
# Nobody is reminded sooner than so long after the mail before.
REMIND_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ReadInstruction:
    """What the page of a link shows: the instruction in both languages."""

    instruction: Instruction


class ReadForm(FlaskForm):  # type: ignore[misc]
    """Only the word that one read and understood it."""


class InstructionMatter:
    """Links by which staff say that they read the instruction. `subject_id` is the contact."""

    def shown(self, link: PersonalLink) -> Shown | None:
        """Return the instruction, or None when a newer one was published or the person no longer works here."""
        found = _asked(link)
        if found is None:
            return None
        return Shown(
            _l("Read what to do when IT fails"),
            "personal/instruction.html",
            ReadInstruction(found),
            _l("I have read this and understood it"),
        )

    def form(self) -> FlaskForm:
        """Return the form behind the button."""
        return ReadForm()

    def answer(self, link: PersonalLink, form: FlaskForm, *, at: datetime, today: date) -> None:
        """Note that the person read it. Raises Gone when a newer one was published a moment ago."""
        take_turn()
        found = _asked(link)
        if found is None:
            raise Gone
        try:
            services.acknowledge_instruction(found.id, {link.subject_id}, on=today, today=today, by_link=True)
        except (NotThere, PlanError):
            raise Gone from None


class Turn(StrEnum):
    """Whose turn it is: who was never sent this version, or who was and did not read it."""

    FIRST = "first"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who has yet to read the instruction, by how they can be reached.

    unsent: were not sent this version yet; late: were, REMIND_AFTER ago or longer; asked: were a moment ago;
    unreachable: have no e-mail address.
    """

    unsent: Sequence[Reader]
    late: Sequence[Reader]
    asked: Sequence[Reader]
    unreachable: Sequence[Reader]


@dataclass(frozen=True, slots=True)
class Sending:
    """What one press of the button did. left: so many more come at the next; refused: whose address is none."""

    sent: int
    left: int
    refused: Sequence[str]


def waiting(
    staff: Sequence[Reader], links: Mapping[UUID, OpenLink], published: Instruction, *, at: datetime, today: date
) -> Waiting:
    """Sort those who have yet to read `published`, or to read it again. links: the newest open link to each."""
    fresh = counting(today).fresh
    found: dict[str, list[Reader]] = {"unsent": [], "late": [], "asked": [], "unreachable": []}
    for one in staff:
        link = links.get(one.id)
        if one.counts(fresh):
            continue
        if not one.email:
            found["unreachable"].append(one)
        elif link is None or link.fingerprint != fingerprint(published.id, one.id) or not link.works(at):
            found["unsent"].append(one)
        else:
            found["late" if link.sent_at + REMIND_AFTER <= at else "asked"].append(one)
    return Waiting(**found)


def send_instruction(turn: Turn, sender: Sender, language: Language, *, at: datetime, today: date) -> Sending:
    """Mail the newest instruction to those whose turn it is: each a link of their own, at most MOST_AT_ONCE.

    language: of the organisation, for whoever's own is not known. Sending twice sends nothing twice: whoever has a
    working link to this version is only reminded, and not before REMIND_AFTER.
    Raises NotThere when nothing is published. Source: handbook, staff.policy.
    """
    take_turn()
    published = newest()
    if published is None:
        raise NotThere
    groups = waiting(readers(published.id), newest_about(PlanLink, Topic.INSTRUCTION), published, at=at, today=today)
    whose = groups.unsent if turn is Turn.FIRST else groups.late
    with written_in(language):
        label = _("Version %(number)s", number=published.number)
    refused = []
    for one in whose[:MOST_AT_ONCE]:
        own = one.language or _language_of_account(one.email) or language
        question = Question(Topic.INSTRUCTION, one.id, label, fingerprint(published.id, one.id))
        try:
            send(PlanLink, question, Recipient(one.name, one.email.strip().lower(), own), sender, at=at)
        except AccountError:
            refused.append(one.name)
    sent = len(whose[:MOST_AT_ONCE]) - len(refused)
    if sent:
        trail.record("instruction.sent", "instruction_version", published.id, number=published.number, quantity=sent)
    return Sending(sent, len(whose[MOST_AT_ONCE:]), refused)


def fingerprint(version_id: UUID, contact_id: UUID) -> str:
    """Return a digest of what somebody is asked: to read this version."""
    return hashlib.sha256(f"{version_id}\n{contact_id}".encode()).hexdigest()


def _language_of_account(email: str) -> Language | None:
    known = user_by_email(email.strip().lower())
    return known.language if known else None


def _asked(link: PersonalLink) -> Instruction | None:
    """Return the instruction a link is about while it is the newest and the person works here."""
    published = newest()
    here = sa.select(Contact.id).where(Contact.id == link.subject_id, Contact.is_staff, Contact.archived_at.is_(None))
    if published is None or link.fingerprint != fingerprint(published.id, link.subject_id):
        return None
    return published if db.session().scalar(here) else None
