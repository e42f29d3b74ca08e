"""Which personal links are open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from core import db
from tenants.models import MailedLink, PersonalLink, Topic

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that nobody answered yet. works_until: None when it was made too old or forgotten.

    fingerprint: a digest of what was asked, "" in lists that do not compare it.
    """

    id: UUID
    topic: Topic
    label: str
    name: str
    email: str
    sent_by: str
    sent_at: datetime
    works_until: datetime | None
    opened_at: datetime | None
    fingerprint: str = ""

    def works(self, at: datetime) -> bool:
        """Tell whether it still opens something."""
        return self.works_until is not None and self.works_until > at


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. page, last: from 1; total: of all pages."""

    links: tuple[OpenLink, ...]
    page: int
    last: int
    total: int


def open_links(kind: type[PersonalLink], page: int) -> Page:
    """Return the open links of the organisation, newest first."""
    still = (kind.answered_at.is_(None), kind.revoked_at.is_(None))
    total = db.session().scalar(sa.select(sa.func.count(kind.id)).where(*still)) or 0
    last = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), last)
    rows = db.session().execute(
        sa.select(
            kind.id, kind.topic, kind.label, kind.name, kind.email, kind.sent_by, kind.sent_at, MailedLink.expires_at,
            MailedLink.opened_at,
        )
        .outerjoin(MailedLink, _its_secret(kind))
        .where(*still)
        .order_by(kind.sent_at.desc(), kind.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )  # fmt: skip
    return Page(tuple(OpenLink(*row) for row in rows), page, last, total)


def newest_about(kind: type[PersonalLink], topic: Topic) -> dict[UUID, OpenLink]:
    """Return the open links of a topic by the row they are about, the newest where there are several."""
    rows = db.session().execute(
        sa.select(
            kind.subject_id, kind.id, kind.topic, kind.label, kind.name, kind.email, kind.sent_by, kind.sent_at,
            MailedLink.expires_at, MailedLink.opened_at, kind.fingerprint,
        )
        .outerjoin(MailedLink, _its_secret(kind))
        .where(kind.topic == topic, kind.answered_at.is_(None), kind.revoked_at.is_(None))
        .order_by(kind.sent_at, kind.id)
    )  # fmt: skip
    return {subject: OpenLink(*rest) for subject, *rest in rows}


@dataclass(frozen=True, slots=True)
class SentLink:
    """A link that was sent, whatever became of it. label: what it is about; works_until: None when it was replaced."""

    topic: Topic
    label: str
    name: str
    sent_by: str
    sent_at: datetime
    opened_at: datetime | None
    answered_at: datetime | None
    revoked_at: datetime | None
    works_until: datetime | None


def sent_links(kind: type[PersonalLink]) -> list[SentLink]:
    """Return every link of the organisation, newest first, without the addresses they went to."""
    rows = db.session().execute(
        sa.select(
            kind.topic, kind.label, kind.name, kind.sent_by, kind.sent_at, MailedLink.opened_at, kind.answered_at,
            kind.revoked_at, MailedLink.expires_at,
        )
        .outerjoin(MailedLink, _its_secret(kind))
        .order_by(kind.sent_at.desc(), kind.id.desc())
    )  # fmt: skip
    return [SentLink(*row) for row in rows]


def _its_secret(kind: type[PersonalLink]) -> sa.ColumnElement[bool]:
    """Join a link with the one secret of it that was not replaced."""
    return sa.and_(MailedLink.about == kind.id, MailedLink.purpose == kind.__purpose__, MailedLink.ended_at.is_(None))
