"""Mail that came back later: a report of a mail server (RFC 3464) is read, and noted at the mail it is about.

Anybody may write to the address that takes reports in. So nothing counts but a report whose mail carries a number
that only this installation can make; what else it says is read for a status and thrown away.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CursorResult

from core import db
from core.mail.outbox import OutboxMail
from core.mail.tokens import mail_of

# In bytes. A report brings along the head of a mail of ours, or all of a mail that is small.
LARGEST = 1_000_000
# A report is made of three parts; each boundary is held against every line, so that many of them take long.
MOST_BOUNDARIES = 12
# And mails within mails, which are read one inside the other: some hundreds of them are more than can be read at all.
WITHIN, MOST_WITHIN = b"message/", 12
STATUSES = ("message/delivery-status", "message/global-delivery-status")
WHOLE = ("message/rfc822", "message/global")
HEADS = ("text/rfc822-headers", "message/global-headers")
ARRIVED_FOR = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
UNKNOWN_STATUS = "5.0.0"
# Not lenient about what parses oddly, only never raising: whatever is found is matched against what we made.
PARSER = BytesParser(policy=policy.compat32)


class NotTaken(Exception):
    """What arrived says nothing about a mail of ours; the text says why, and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Report:
    """That a mail did not arrive. status: as RFC 3463 numbers the reasons, 5.1.1 for a mailbox that is not there."""

    mail_id: UUID
    status: str


def read(raw: bytes, arrived_for: Sequence[str] = ()) -> Report:
    """Read a report. raw: a message as a mail server hands it over; arrived_for: to which addresses it came.

    Raises NotTaken for whatever is no report that a mail of ours failed.
    """
    if len(raw) > LARGEST:
        raise NotTaken("it is larger than a report")
    told = raw.lower()
    if told.count(b"boundary") > MOST_BOUNDARIES or told.count(WITHIN) > MOST_WITHIN:
        raise NotTaken("it is made of more parts than a report")
    message = PARSER.parsebytes(raw)
    kind = str(message.get_param("report-type", "")).lower()
    if message.get_content_type() != "multipart/report" or kind != "delivery-status" or not message.is_multipart():
        raise NotTaken("it is no report about delivery")
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    blocks = _blocks(parts)
    about, each = blocks[0], blocks[1:]
    failed = next((block for block in each if _text(block, "Action").lower() == "failed"), None)
    if failed is None:
        raise NotTaken("it tells of no failure")
    mail_id = mail_of([*arrived_for, *_named(message), _text(about, "Original-Envelope-Id"), *_sent(parts)])
    if mail_id is None:
        raise NotTaken("it is about no mail of this service")
    status = STATUS.search(_text(failed, "Status")[:100])
    return Report(mail_id, status.group(1) if status else UNKNOWN_STATUS)


def _blocks(parts: Iterable[Message]) -> Sequence[Message]:
    """Return what is told about the mail, and then about each recipient."""
    for part in parts:
        if part.get_content_type() in STATUSES and part.is_multipart():
            blocks = [block for block in part.get_payload() if isinstance(block, Message)]
            if len(blocks) > 1:
                return blocks
    raise NotTaken("it is no report about delivery")


def _named(message: Message) -> Iterator[str]:
    for name in ARRIVED_FOR:
        yield from (str(value) for value in message.get_all(name, [])[:5])


def _sent(parts: Iterable[Message]) -> Iterator[str]:
    """Yield the Message-ID of what was sent, as the report brings it along."""
    for part in parts:
        kind = part.get_content_type()
        if kind in WHOLE and part.is_multipart():
            yield from (_text(head, "Message-ID") for head in part.get_payload() if isinstance(head, Message))
        elif kind in HEADS:
            told = part.get_payload(decode=True)
            if isinstance(told, bytes):
                yield _text(PARSER.parsebytes(told, headersonly=True), "Message-ID")


def _text(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()


def record(report: Report, *, at: datetime) -> str | None:
    """Note that a mail came back, in the transaction that is open; return to whom it went.

    None where it was noted before. Raises NotTaken for a mail that was cleaned up.
    """
    noted = db.session().execute(
        sa.update(OutboxMail)
        .where(OutboxMail.id == report.mail_id, OutboxMail.bounced_at.is_(None))
        .values(bounced_at=at, bounce_status=report.status)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(noted, CursorResult)
    recipient = db.session().scalar(sa.select(OutboxMail.recipient).where(OutboxMail.id == report.mail_id))
    if recipient is None:
        raise NotTaken("the mail it is about is not kept any more")
    return recipient if noted.rowcount else None
