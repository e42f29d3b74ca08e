"""The digest: one mail a person a day at most, about all they answer for, and only when there is news."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask import current_app, render_template

from audits.reminders import asked, queries
from audits.reminders.choosing import Noted, due_to, wanted
from audits.reminders.ladder import ESCALATED
from audits.reminders.models import ReminderTold
from core import clock, db, mail
from core.i18n import Language, written_in
from tenants import links
from tenants.models import Capacity, Frequency, LinkPurpose, User
from tenants.owned import Area
from tenants.relations import Standing, standings_of
from tenants.scope import Scope, as_person, open_scope

MAIL = "reminders"
PAGE = "reminders.answer"
SETTINGS = "reminders.choices"
LINES = 40
AUDIT = frozenset({Area.AUDIT})


@dataclass(frozen=True, slots=True)
class Line:
    """What lapses on one day, as the mail says it: the title of the item or duty, and how many of it.

    asked: an auditor waits for it.
    """

    title: str
    until: date
    number: int
    escalated: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class Block:
    """One organisation in the mail. more: how many reminders stand in lines that were left out."""

    organisation: str
    lines: Sequence[Line]
    more: int


def send(user_id: UUID, today: date, *, at: datetime) -> mail.OutboxMail | None:
    """Queue the mail of one person for `today`, when there is something to say; return it.

    Who they are, where they stand and what they chose is read now: access that ended is told nothing. Opens a scope
    of the organisations they answer for and leaves it open. Nothing is committed.
    Source: rules 3.10, 2.
    """
    user = db.session().get(User, user_id)
    if user is None or user.disabled_at is not None or user.erased_at is not None:
        return None
    name, address, language = user.name, user.email, user.language
    choice = queries.choice_of(user_id)
    frequency = choice.frequency if choice else Frequency.DAILY
    as_person(user_id)
    possible = queries.may_answer(standings_of(user_id))
    open_scope(Scope(frozenset(possible), AUDIT, AUDIT))
    places, muted = queries.answering(user_id, possible)
    if not places:
        return None
    noted = queries.noted_for(user_id, places, today)
    found = due_to(user_id, noted, queries.holds(), today)
    owned = {one.tenant_id for one in places.values() if one.capacity is Capacity.OWNER}
    last = queries.last_told_at(user_id)
    told = wanted(found, frequency, owned, muted, clock.day_of(last) if last else None, today)
    if not told:
        return None
    language = language or next(iter(places.values())).language
    sent = _queue(user_id, name, address, language, _blocks(told, places, language), today, at)
    _note(user_id, told, noted, sent.id, at)
    return sent


def _blocks(told: Sequence[Noted], places: Mapping[int, Standing], language: Language) -> list[Block]:
    """Return what the mail says. Of whatever lapses only the item's title: names people gave things stay inside."""
    blocks = []
    with written_in(language):
        for place in sorted(places.values(), key=lambda one: one.name.casefold()):
            counted = Counter(
                (one.version.until, asked.title(one.version.code), one.rung in ESCALATED, _is_asked(one))
                for one in told
                if one.tenant_id == place.tenant_id
            )
            lines = [
                Line(title, until, number, escalated, of_auditor)
                for (until, title, escalated, of_auditor), number in sorted(counted.items(), key=lambda pair: pair[0])
            ]
            if lines:
                more = sum(line.number for line in lines[LINES:])
                blocks.append(Block(" ".join(place.name.split()), lines[:LINES], more))
    return blocks


def _is_asked(one: Noted) -> bool:
    return one.version.code == asked.REQUEST


def _queue(
    user_id: UUID, name: str, address: str, language: Language, blocks: list[Block], today: date, at: datetime
) -> mail.OutboxMail:
    token = links.make(LinkPurpose.REMINDER, about=user_id, email=address, at=at)
    with written_in(language):
        page = render_template(
            "mail/reminders.txt",
            name=" ".join(name.split()),
            blocks=blocks,
            today=today,
            link=links.address(PAGE, token),
            settings_link=links.address(SETTINGS),
            until=at + links.LIFE[LinkPurpose.REMINDER],
            home=current_app.config["SETTINGS"].base_url,
        )
    subject, _, text = page.strip().partition("\n")
    return mail.queue(to=address, subject=subject, text=text.strip() + "\n", language=language, kind=MAIL)


def _note(user_id: UUID, told: Sequence[Noted], noted: Sequence[Noted], mail_id: UUID, at: datetime) -> None:
    """Write down who was told of what. Earlier reminders of the same items count as told with it."""
    versions = {(one.tenant_id, one.version) for one in told}
    ids = {one.reminder_id for one in noted if (one.tenant_id, one.version) in versions}
    before = {
        row.reminder_id: row
        for row in db.session().scalars(
            sa.select(ReminderTold).where(ReminderTold.user_id == user_id, ReminderTold.reminder_id.in_(ids))
        )
    }
    for one in noted:
        if (one.tenant_id, one.version) not in versions:
            continue
        row = before.get(one.reminder_id)
        if row is not None and one not in told:
            continue
        if row is None:
            row = ReminderTold(tenant_id=one.tenant_id, reminder_id=one.reminder_id, user_id=user_id, times=0)
            db.session().add(row)
        row.mail_id, row.told_at, row.times = mail_id, at, row.times + 1
    db.session().flush()
