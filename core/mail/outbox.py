"""The outbox: what is to be sent, as rows. A row that was never committed is a mail that never leaves."""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, db
from core.columns import words
from core.db import Base
from core.i18n import Language
from core.ids import new_id
from core.mail.addresses import MARK_LENGTH, mark_of, marking
from core.vault import PlatformSealed

ADDRESS_LENGTH = 254
SUBJECT_LENGTH = 200
# How the error of a mail begins whose address the server refused for good.
RECIPIENT_REFUSED = "the mail server refused the recipient"
# One plain address and nothing that could end a header or begin a second address, also once a program has read "=?" as
# the beginning of a word that is encoded.
ADDRESS = re.compile(r"(?:[A-Za-z0-9.!#$%&'*+/?^_`{|}~-]|=(?!\?))+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class MailState(StrEnum):
    """How far a mail is. FAILED will be tried again; GIVEN_UP will not."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"


class NotAnAddress(ValueError):
    """A mail was to go to something that is not one plain e-mail address."""


class OutboxMail(Base):
    """One mail to one person. Subject and text may hold a link that opens a door: sealed, and gone once sent.

    recipient_mark: finds mail to the same address, which is sealed; kind: which letter it is; organisation_id: on whose
    account it is sent, when on anybody's; due_at: not tried before; useful_until: not tried after, because what it says
    is no longer true then; bounced_at: when a mail server told that it did not arrive after all, for the reason that
    bounce_status numbers.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        sa.Index("ix_outbox_mail_state_due_at", "state", "due_at"),
        sa.Index("ix_outbox_mail_recipient_mark", "recipient_mark", "queued_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[int | None] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"))
    kind: Mapped[str] = mapped_column(sa.String(60))
    recipient: Mapped[str] = mapped_column(PlatformSealed("outbox_mail.recipient"))
    recipient_mark: Mapped[str] = mapped_column(sa.String(MARK_LENGTH), default=marking("recipient"))
    language: Mapped[Language] = mapped_column(words(Language))
    subject: Mapped[str | None] = mapped_column(PlatformSealed("outbox_mail.subject"))
    text: Mapped[str | None] = mapped_column(PlatformSealed("outbox_mail.text"))
    state: Mapped[MailState] = mapped_column(words(MailState))
    attempts: Mapped[int]
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    useful_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(200))
    bounced_at: Mapped[datetime | None]
    bounce_status: Mapped[str] = mapped_column(sa.String(12), default="")


def queue(
    *,
    to: str,
    subject: str,
    text: str,
    language: Language,
    kind: str,
    tenant_id: int | None = None,
    useful_until: datetime | None = None,
    among_many: bool = False,
) -> OutboxMail:
    """Put a mail into the outbox, in the transaction that is open: it leaves when that is committed, else never.

    to: one address; subject: one line, blanks and line ends in it become single blanks; text: plain text; among_many:
    whoever queues many flushes them together.
    Raises NotAnAddress when `to` is anything but one plain address.
    """
    if len(to) > ADDRESS_LENGTH or not ADDRESS.fullmatch(to):
        raise NotAnAddress("this is not one plain e-mail address")
    at = clock.now()
    row = OutboxMail(
        id=new_id(),
        organisation_id=tenant_id,
        kind=kind,
        recipient=to,
        language=language,
        subject=" ".join(subject.split())[:SUBJECT_LENGTH],
        text=text,
        state=MailState.WAITING,
        attempts=0,
        queued_at=at,
        due_at=at,
        useful_until=useful_until,
        done_at=None,
        error="",
    )
    db.session().add(row)
    if not among_many:
        db.session().flush()
    return row


def counts() -> dict[MailState, int]:
    """Return how many mails are in each state: whether mail works, without a word of any."""
    rows = db.session().execute(sa.select(OutboxMail.state, sa.func.count().label("number")).group_by(OutboxMail.state))
    return dict.fromkeys(MailState, 0) | {row.state: row.number for row in rows}


def bounced() -> int:
    """Return how many mails came back of those that are still kept."""
    came_back = sa.select(sa.func.count()).select_from(OutboxMail).where(OutboxMail.bounced_at.is_not(None))
    return db.session().scalar(came_back) or 0


def states_of(ids: Iterable[UUID]) -> dict[UUID, MailState]:
    """Return how far these mails are, by id; those that were cleaned up are missing."""
    query = sa.select(OutboxMail.id, OutboxMail.state).where(OutboxMail.id.in_(list(ids)))
    return {row.id: row.state for row in db.session().execute(query)}


def queued_since(recipient: str, kind: str, since: datetime) -> int:
    """Return how many mails of this kind were queued for `recipient` since then."""
    found = db.session().scalar(
        sa.select(sa.func.count())
        .select_from(OutboxMail)
        .where(OutboxMail.recipient_mark == mark_of(recipient), OutboxMail.kind == kind, OutboxMail.queued_at > since)
    )
    return int(found or 0)


def refused(recipients: Iterable[str], *, by: int | None = None) -> dict[str, datetime]:
    """Return which of these addresses the mail server refused when it was last written to, and when that was.

    by: only as far as mail on account of this organisation goes: what others write to whom is none of its business.
    """
    marked = {mark_of(to): to for to in recipients}
    query = (
        sa.select(OutboxMail.recipient_mark, OutboxMail.state, OutboxMail.error, OutboxMail.done_at)
        .where(OutboxMail.recipient_mark.in_(marked), OutboxMail.done_at.is_not(None))
        .order_by(OutboxMail.done_at)
    )
    if by is not None:
        query = query.where(OutboxMail.organisation_id == by)
    newest = {marked[row.recipient_mark]: row for row in db.session().execute(query)}
    return {
        to: row.done_at
        for to, row in newest.items()
        if row.state is MailState.GIVEN_UP and row.error.startswith(RECIPIENT_REFUSED) and row.done_at
    }


def came_back(recipients: Iterable[str], *, by: int) -> dict[str, datetime]:
    """Return from which of these addresses a mail that is still kept came back, and when the newest of them did.

    by: only mail on account of this organisation.
    """
    marked, mine = {mark_of(to): to for to in recipients}, OutboxMail.organisation_id == by
    query = (
        sa.select(OutboxMail.recipient_mark, sa.func.max(OutboxMail.bounced_at))
        .where(OutboxMail.recipient_mark.in_(marked), OutboxMail.bounced_at.is_not(None), mine)
        .group_by(OutboxMail.recipient_mark)
    )
    return {marked[mark]: at for mark, at in db.session().execute(query) if at}


def forget(recipients: Iterable[str], kinds: Iterable[str], instead: str, *, by: int, at: datetime) -> None:
    """Put `instead` in the place of these addresses in mail of these kinds on account of organisation `by`.

    What was not sent yet never is.
    """
    session = db.session()
    mine = sa.update(OutboxMail).where(
        OutboxMail.organisation_id == by,
        OutboxMail.kind.in_(list(kinds)),
        OutboxMail.recipient_mark.in_([mark_of(to) for to in recipients]),
    )
    waiting = OutboxMail.state.in_((MailState.WAITING, MailState.FAILED))
    session.execute(mine.where(waiting).values(state=MailState.GIVEN_UP, done_at=at))
    session.execute(mine.values(recipient=instead, recipient_mark=mark_of(instead), subject=None, text=None))
