"""Changes about reminders: answers to them, how often they come, and the calendar."""

import hashlib
import secrets
from collections.abc import Mapping, Set
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from audits.reminders.models import HoldKind, Reminder, ReminderHold, ReminderRecipient
from core import db
from tenants.errors import AccountError
from tenants.models import Frequency, ReminderChoice

# How long an answer may silence a reminder, in days. What nobody sees to by then is told of again.
LONGEST = {HoldKind.ACKNOWLEDGED: 60, HoldKind.SNOOZED: 30}
# 192 bits, as the links in mails.
SECRET_BYTES = 24
SECRET_AT_MOST = 200


def answer(
    reminder_id: UUID,
    kind: HoldKind,
    holds_until: date,
    user_id: UUID,
    *,
    for_all: bool,
    at: datetime,
    today: date,
) -> Reminder | None:
    """Let a reminder of the open scope rest up to and including `holds_until`; return it, None when it is not there.

    Acknowledged: nobody is reminded of this version of the item until then; snoozed: this person is not.
    for_all: whether the person may answer for everybody, as readers may not.
    Raises AccountError when they may not, and when the day is not ahead of `today`, or further than LONGEST.
    """
    if kind is HoldKind.ACKNOWLEDGED and not for_all:
        raise AccountError(_l("Only owners and editors can say so for everybody."), "kind")
    row = db.session().scalar(sa.select(Reminder).where(Reminder.id == reminder_id))
    if row is None:
        return None
    if holds_until <= today:
        raise AccountError(_l("Choose a day after today."), "day")
    if holds_until > today + timedelta(days=LONGEST[kind]):
        raise AccountError(_l("Choose a day within %(days)s days.", days=LONGEST[kind]), "day")
    if _newest_hold(row) == (kind, holds_until, user_id):
        return row  # sent twice, or by a link that somebody opens again and again
    held = ReminderHold(
        rule_code=row.rule_code,
        subject_key=row.subject_key,
        until=row.until,
        kind=kind,
        holds_until=holds_until,
        user_id=user_id,
        made_at=at,
    )
    db.session().add(held)
    db.session().flush()
    return row


def _newest_hold(row: Reminder) -> tuple[HoldKind, date, UUID] | None:
    """Return the newest answer to a reminder of this version of its item: what, until when, by whom."""
    version = (
        ReminderHold.rule_code == row.rule_code,
        ReminderHold.subject_key == row.subject_key,
        ReminderHold.until == row.until,
    )
    query = sa.select(ReminderHold.kind, ReminderHold.holds_until, ReminderHold.user_id).where(*version)
    found = db.session().execute(query.order_by(ReminderHold.made_at.desc(), ReminderHold.id.desc()).limit(1)).first()
    return (found.kind, found.holds_until, found.user_id) if found else None


def choose_recipients(members: Mapping[UUID, bool], wanted: Set[UUID]) -> None:
    """Choose who of the open scope's organisation is reminded.

    members: everybody who belongs there now, and whether they are reminded now; wanted: who shall be.
    """
    known = {row.user_id: row for row in db.session().scalars(sa.select(ReminderRecipient))}
    for user_id, gets in members.items():
        if gets == (user_id in wanted):
            continue
        if user_id in known:
            known[user_id].gets = user_id in wanted
        else:
            db.session().add(ReminderRecipient(user_id=user_id, gets=user_id in wanted))
    db.session().flush()


def choose(user_id: UUID, frequency: Frequency) -> None:
    """Change how often a person is reminded by mail."""
    _choice(user_id).frequency = frequency
    db.session().flush()


def make_calendar(user_id: UUID, *, at: datetime) -> str:
    """Give a person's calendar a new address and return its secret, which exists nowhere else; the old one ends."""
    choice, token = _choice(user_id), secrets.token_urlsafe(SECRET_BYTES)
    choice.calendar_hash, choice.calendar_made_at = _hash(token), at
    db.session().flush()
    return token


def end_calendar(user_id: UUID) -> None:
    """Let nothing open a person's calendar any more."""
    choice = _choice(user_id)
    choice.calendar_hash = choice.calendar_made_at = None
    db.session().flush()


def whose_calendar(token: str) -> UUID | None:
    """Return whose calendar this secret opens, None when nobody's. Changes nothing."""
    if len(token) > SECRET_AT_MOST:
        return None
    return db.session().scalar(sa.select(ReminderChoice.user_id).where(ReminderChoice.calendar_hash == _hash(token)))


def _choice(user_id: UUID) -> ReminderChoice:
    found = db.session().get(ReminderChoice, user_id)
    if found is None:
        found = ReminderChoice(user_id=user_id, frequency=Frequency.DAILY, calendar_hash=None, calendar_made_at=None)
        db.session().add(found)
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
