"""Delivery: take what is due, hand it over, note how it went.

A mail is claimed by a conditional update, so that two senders never hold it at once. Who dies while holding one lets
go of it after LEASE. Between handing over and noting it there is a moment in which a sender can die: then the mail
goes out again, under the same Message-ID. Losing one is not possible.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from unicodedata import category
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy import CursorResult

from core import clock, db
from core.mail.carriers import Carrier, Failed, Hand, Refused, Unreachable
from core.mail.outbox import MailState, OutboxMail
from core.mail.tokens import token_of

LEASE = timedelta(minutes=5)
# How long a mail rests after each failed try. After the last one it is given up: three days in all.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
KEPT = timedelta(days=30)
AT_ONCE = 200
OPEN = (MailState.WAITING, MailState.FAILED)

log = structlog.get_logger("mail")


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom mail comes. address: `Name <local@host>` or `local@host`; host: in the Message-ID.

    bounces: the address to which mail comes back, "" for that of the sender.
    """

    address: str
    host: str
    bounces: str = ""

    def return_path(self, mail_id: UUID) -> str:
        """Return the address to which this mail comes back, by which it is known; "" for that of the sender."""
        local, _at, host = self.bounces.rpartition("@")
        return f"{local}+{token_of(mail_id)}@{host}" if self.bounces else ""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of delivery did, in numbers of mails."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    # The server could not be spoken to: what is left waits for the next round.
    down: bool = False


@dataclass(frozen=True, slots=True)
class _Claim:
    id: UUID
    attempts: int
    message: EmailMessage
    tries_left: bool


def deliver(carrier: Carrier, sender: Sender, *, at_most: int = AT_ONCE) -> Round:
    """Send what is due, oldest first, at most so many mails. A server that is down ends the round.

    Outside any transaction: each mail is claimed and noted in transactions of its own.
    """
    dropped = _drop_stale(clock.now())
    waiting = _due(clock.now(), at_most)
    done = Round(given_up=dropped)
    if not waiting:
        return done
    try:
        with carrier.open() as hand:
            for mail_id in waiting:
                done = _deliver_one(hand, sender, mail_id, done)
                if done.down:
                    break
    except Unreachable as error:
        # Nothing was claimed: everything stays due, and the next round tries the server again.
        log.warning("mail waits", reason=str(error), waiting=len(waiting))
        return replace(done, down=True)
    return done


def _deliver_one(hand: Hand, sender: Sender, mail_id: UUID, done: Round) -> Round:
    claim = _claim(mail_id, sender, clock.now())
    if claim is None:
        return done
    try:
        hand.give(claim.message, sender.return_path(claim.id))
    except Refused as error:
        return _note_failure(claim, str(error), done, final=True)
    except Failed as error:
        return _note_failure(claim, str(error), done, final=not claim.tries_left)
    except Unreachable as error:
        return replace(_note_failure(claim, str(error), done, final=not claim.tries_left), down=True)
    _note(claim.id, clock.now(), state=MailState.SENT, error="")
    return replace(done, sent=done.sent + 1)


def _due(at: datetime, at_most: int) -> list[UUID]:
    db.begin(writes=False)
    rows = db.session().scalars(
        sa.select(OutboxMail.id)
        .where(OutboxMail.state.in_(OPEN), OutboxMail.due_at <= at)
        .order_by(OutboxMail.due_at, OutboxMail.id)
        .limit(at_most)
    )
    found = list(rows)
    db.rollback()
    return found


def _claim(mail_id: UUID, sender: Sender, at: datetime) -> _Claim | None:
    """Take the mail for LEASE and return it as a message, or None when somebody else took it first."""
    db.begin(writes=True)
    taken = db.session().execute(
        sa.update(OutboxMail)
        .where(OutboxMail.id == mail_id, OutboxMail.state.in_(OPEN), OutboxMail.due_at <= at)
        .values(due_at=at + LEASE, attempts=OutboxMail.attempts + 1)
    )
    assert isinstance(taken, CursorResult)
    if taken.rowcount != 1:
        db.rollback()
        return None
    row = db.session().get_one(OutboxMail, mail_id, populate_existing=True)
    claim = _Claim(row.id, row.attempts, message_of(row, sender), row.attempts <= len(PAUSES))
    db.commit()
    return claim


def message_of(row: OutboxMail, sender: Sender) -> EmailMessage:
    """Return the mail as it goes over the line. Its Message-ID is the row's, signed: the same at every try."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender.address
    message["To"] = row.recipient
    message["Subject"] = _plain(row.subject or "")
    message["Date"] = format_datetime(row.queued_at)
    message["Message-ID"] = f"<{token_of(row.id)}@{sender.host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.text or "", cte="quoted-printable")
    # Last: setting the content takes every header about content away.
    message["Content-Language"] = row.language.value
    return message


def _plain(subject: str) -> str:
    """Return a subject that no program reads as anything but its signs.

    The library decodes what looks like an encoded word (RFC 2047), and then writes the line ends in it as line ends:
    a name that somebody typed would begin headers of its own.
    """
    return "".join(sign for sign in subject if category(sign) != "Cc").replace("=?", "= ?")


def _note_failure(claim: _Claim, error: str, done: Round, *, final: bool) -> Round:
    log.warning("mail not sent", mail=str(claim.id), reason=error, attempts=claim.attempts, given_up=final)
    at = clock.now()
    if final:
        _note(claim.id, at, state=MailState.GIVEN_UP, error=error)
        return replace(done, given_up=done.given_up + 1)
    db.begin(writes=True)
    db.session().execute(
        sa.update(OutboxMail)
        # Whoever claimed it since decides what happens to it.
        .where(OutboxMail.id == claim.id, OutboxMail.attempts == claim.attempts, OutboxMail.state.in_(OPEN))
        .values(state=MailState.FAILED, due_at=at + PAUSES[claim.attempts - 1], error=error)
    )
    db.commit()
    return replace(done, failed=done.failed + 1)


def _note(mail_id: UUID, at: datetime, *, state: MailState, error: str) -> None:
    """Close the row and forget what it said."""
    db.begin(writes=True)
    db.session().execute(
        sa.update(OutboxMail)
        .where(OutboxMail.id == mail_id, OutboxMail.state != MailState.SENT)
        .values(state=state, done_at=at, error=error, subject=None, text=None)
    )
    db.commit()


def _drop_stale(at: datetime) -> int:
    """Give up what is no longer worth sending, and return how many those were."""
    db.begin(writes=True)
    dropped = db.session().execute(
        sa.update(OutboxMail)
        .where(OutboxMail.state.in_(OPEN), OutboxMail.due_at <= at, OutboxMail.useful_until <= at)
        .values(state=MailState.GIVEN_UP, done_at=at, error="no longer of use", subject=None, text=None)
    )
    assert isinstance(dropped, CursorResult)
    db.commit()
    return int(dropped.rowcount)


def forget_old(at: datetime) -> int:
    """Remove the rows of mails that were done with longer than KEPT ago; return how many."""
    db.begin(writes=True)
    gone = db.session().execute(sa.delete(OutboxMail).where(OutboxMail.done_at < at - KEPT))
    assert isinstance(gone, CursorResult)
    db.commit()
    return int(gone.rowcount)
