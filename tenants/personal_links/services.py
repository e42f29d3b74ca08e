"""Changes to personal links: send, send again, revoke, answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db, mail
from core.i18n import Language
from tenants import links
from tenants.errors import AccountError
from tenants.lock import mark_changed
from tenants.mail import letters
from tenants.models import PersonalLink, Topic
from tenants.scope import current_scope

Kind = TypeVar("Kind", bound=PersonalLink)
PAGE = "personal.show"
# So often one address is written to about one topic: nobody's mailbox is flooded from here.
LETTERS_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a link goes."""

    name: str
    email: str
    language: Language


@dataclass(frozen=True, slots=True)
class Sender:
    """On whose behalf somebody asks: the organisation by id and name, and the person by name."""

    tenant_id: int
    organisation: str
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which row, what that row is called, and a digest (SHA-256, hexadecimal) of what is asked."""

    topic: Topic
    subject_id: UUID
    label: str
    fingerprint: str


def send(kind: type[Kind], question: Question, to: Recipient, sender: Sender, *, at: datetime) -> Kind:
    """Make a link and mail it. An open one about the same row to the same person opens nothing any more.

    Raises AccountError when there is no address, it is none, or it was written to too often.
    """
    for earlier in _open_about(kind, question.topic, question.subject_id):
        if earlier.email == to.email:
            revoke(earlier, at=at)
    make: Any = kind  # what a table of such rows takes is told by the classes that are mapped
    link: Kind = make(
        topic=question.topic,
        subject_id=question.subject_id,
        label=question.label[:200],
        fingerprint=question.fingerprint,
        name=to.name,
        email=to.email,
        language=to.language,
        sent_by=sender.name,
        sent_at=at,
        answered_at=None,
        revoked_at=None,
    )
    _mail(link, sender, at)
    db.session().add(link)
    db.session().flush()
    return link


def resend(link: PersonalLink, sender: Sender, *, at: datetime) -> None:
    """Mail a fresh link; the earlier one opens nothing any more.

    Raises AccountError when the link is no longer open, or the address was written to too often.
    """
    if not _open_in_turn(link):
        raise AccountError(_l("This link is no longer open."))
    link.sent_at, link.sent_by = at, sender.name
    _mail(link, sender, at)
    db.session().flush()


def revoke(link: PersonalLink, *, at: datetime) -> None:
    """Take a link back: it opens nothing any more. One that is no longer open stays as it is."""
    if link.is_open and _open_in_turn(link):
        link.revoked_at = at
        links.end(link.__purpose__, link.id, at=at)
        db.session().flush()


def revoke_about(kind: type[PersonalLink], topic: Topic, subject_id: UUID, *, at: datetime) -> None:
    """Take back every open link of this topic about this row: it changed, or is gone."""
    for link in _open_about(kind, topic, subject_id):
        revoke(link, at=at)


def forget(
    kind: type[PersonalLink], names: Collection[str], emails: Collection[str], mark: str, *, at: datetime
) -> None:
    """Revoke the links to a person who is erased, and put `mark` in place of the name.

    names, emails: what the person is or was called and mailed at; who has one of each, is this person.
    """
    addresses = {one.strip().casefold() for one in emails}
    for link in db.session().scalars(sa.select(kind).where(kind.name.in_(names))):
        if not link.email or link.email.casefold() in addresses:
            revoke(link, at=at)
            link.label = mark if link.label in names else link.label
            link.name, link.email = mark, ""
    db.session().flush()


def forget_mail(emails: Collection[str], instead: str, *, at: datetime) -> None:
    """Let no question of the open scope's organisation to these addresses leave any more, nor be told where it went.

    instead: the address that takes their place, to which nothing can be sent.
    """
    kinds = [letters.personal_kind(topic) for topic in Topic]
    mail.forget({one.strip().casefold() for one in emails}, kinds, instead, by=current_scope().only_tenant, at=at)


def note_answer(link: PersonalLink, *, at: datetime) -> None:
    """Note that the person answered. The link's secret must have been used up just before, in this transaction."""
    link.answered_at = at
    db.session().flush()


def _open_in_turn(link: PersonalLink) -> bool:
    """Wait for whoever answers it at this moment, and tell whether it is open still."""
    db.session().flush()
    mark_changed(db.session(), [link.tenant_id], tables=())
    db.session().refresh(link)
    return link.is_open


def _open_about(kind: type[Kind], topic: Topic, subject_id: UUID) -> list[Kind]:
    found = db.session().scalars(
        sa.select(kind).where(
            kind.topic == topic, kind.subject_id == subject_id, kind.answered_at.is_(None), kind.revoked_at.is_(None)
        )
    )
    return list(found)


def _mail(link: PersonalLink, sender: Sender, at: datetime) -> None:
    if not link.email:
        raise AccountError(_l("%(name)s has no e-mail address yet.", name=link.name), "email")
    if mail.queued_since(link.email, letters.personal_kind(link.topic), at - timedelta(hours=1)) >= LETTERS_AN_HOUR:
        raise AccountError(_l("This person was written to several times just now. Wait an hour."), "email")
    # The row keeps the address, sealed; the link itself need not tell it.
    token = links.make(link.__purpose__, about=link.id, email="", organisation_id=sender.tenant_id, at=at)
    try:
        letters.personal(
            link.topic,
            link.email,
            link.language,
            name=link.name,
            label=link.label,
            organisation=sender.organisation,
            sender=sender.name,
            link=links.address(PAGE, token),
            until=at + links.LIFE[link.__purpose__],
            by=sender.tenant_id,
        )
    except mail.NotAnAddress:
        raise AccountError(_l("The e-mail address of %(name)s is not right.", name=link.name), "email") from None
