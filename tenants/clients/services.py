"""Changes to invitations of clients: take a list in, send, send again, withdraw, note the answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db, mail
from tenants import links, services, trail
from tenants.clients import queries
from tenants.clients.reading import Line
from tenants.errors import AccountError
from tenants.invitations.services import LETTERS_AN_HOUR, Host
from tenants.mail import letters
from tenants.models import ClientInvitation, ClientList, GrantLevel, LinkPurpose, Tenant
from tenants.turns import one_at_a_time

# Nobody has more clients than this to invite at once, and no mailbox is flooded from here.
OPEN_AT_MOST = 1000
LISTS_KEPT = 20
PAGE = "client_invitations.show"
LETTER = "client_invitation"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reseller asks its clients for."""

    level: GrantLevel
    plan: bool
    continuity: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """How many invitations left, and how many were held back: too many letters to the same address."""

    sent: int = 0
    held: int = 0


def take_in(file_name: str, cells: list[list[Any]], *, by: UUID, at: datetime) -> ClientList:
    """Keep an uploaded list until it is sent; of many the oldest go."""
    earlier = db.session().scalars(sa.select(ClientList).order_by(ClientList.uploaded_at.desc()))
    for old in list(earlier)[LISTS_KEPT - 1 :]:
        db.session().delete(old)
    row = ClientList(file_name=file_name, cells=cells, uploaded_at=at, uploaded_by=by, sent_at=None)
    db.session().add(row)
    db.session().flush()
    return row


def drop(found: ClientList) -> None:
    """Throw a list away."""
    db.session().delete(found)
    db.session().flush()


def put_away(found: ClientList, *, at: datetime) -> None:
    """Note that a list was sent, and forget what it held."""
    found.sent_at, found.cells = at, []
    db.session().flush()


def hold(tenant_id: int) -> None:
    """Let one request of this reseller at a time invite: two that send the same list would invite everybody twice."""
    db.session().scalar(sa.select(Tenant.id).where(Tenant.id == tenant_id).with_for_update(key_share=True))


def send(lines: Iterable[Line], ask: Ask, host: Host, *, at: datetime) -> Sent:
    """Invite the clients of the rows that have no problem. `hold` comes before reading the rows.

    Raises AccountError when nothing is asked for, and when too many invitations are open.
    """
    if not (ask.plan or ask.continuity):
        raise AccountError(_l("Choose at least one part."), "plan")
    good = [line for line in lines if line.problem is None]
    if len(queries.open_invitations()) + len(good) > OPEN_AT_MOST:
        raise AccountError(_l("Too many invitations are open. Withdraw some first."))
    held = 0
    for line in good:
        if _too_often(line.email, at):
            held += 1
            continue
        invitation = ClientInvitation(
            name=line.name, kvk=line.kvk, email=line.email, level=ask.level, plan=ask.plan, continuity=ask.continuity,
            invited_by=host.user_id, sent_at=at, accepted_at=None, client_id=None, withdrawn_at=None,
        )  # fmt: skip
        db.session().add(invitation)
        _write_to(invitation, host, at)
    db.session().flush()
    return Sent(len(good) - held, held)


def resend(invitation: ClientInvitation, host: Host, *, at: datetime) -> None:
    """Write once more, with a new link; the old one opens nothing any more.

    Raises AccountError when the invitation is no longer open, or the address was written to too often.
    """
    _take_turn(invitation)
    if not is_open(invitation):
        raise AccountError(_l("This invitation is no longer open."))
    if _too_often(invitation.email, at):
        raise AccountError(_l("This person was written to several times just now. Wait an hour."))
    invitation.sent_at = at
    _write_to(invitation, host, at)
    db.session().flush()


def withdraw(invitation: ClientInvitation, *, at: datetime) -> None:
    """Take an invitation back; its link opens nothing any more. One that is no longer open stays as it is."""
    _take_turn(invitation)
    if is_open(invitation):
        invitation.withdrawn_at = at
        links.end(LinkPurpose.CLIENT, invitation.id, at=at)
        db.session().flush()


def _take_turn(invitation: ClientInvitation) -> None:
    """Wait for whoever answers it at this moment, and see what became of it."""
    one_at_a_time([invitation.tenant_id])
    db.session().refresh(invitation)


def is_open(invitation: ClientInvitation) -> bool:
    """Tell whether nobody answered or withdrew this invitation; its link may have grown too old all the same."""
    return invitation.accepted_at is None and invitation.withdrawn_at is None


def note_answer(invitation: ClientInvitation, client_id: int, *, at: datetime) -> None:
    """Note, in the reseller's own rows, which organisation answered with a grant."""
    invitation.accepted_at, invitation.client_id = at, client_id
    trail.record("client_invitation.accepted", "client_invitation", invitation.id)
    db.session().flush()


def _too_often(email: str, at: datetime) -> bool:
    return mail.queued_since(email, LETTER, at - timedelta(hours=1)) >= LETTERS_AN_HOUR


def _write_to(invitation: ClientInvitation, host: Host, at: datetime) -> None:
    where = host.where
    token = links.make(
        LinkPurpose.CLIENT, about=invitation.id, email=invitation.email, organisation_id=where.tenant_id, at=at
    )
    known = services.user_by_email(invitation.email)
    letters.client_invitation(
        invitation.email,
        (known.language if known else None) or where.language,
        supplier=where.name,
        client=invitation.name,
        inviter=host.name,
        edits=invitation.level is GrantLevel.EDIT,
        link=links.address(PAGE, token),
        until=at + links.LIFE[LinkPurpose.CLIENT],
        by=where.tenant_id,
    )
