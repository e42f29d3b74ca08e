"""Lists, invitations and clients of the reseller whose scope is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from core import db
from tenants import links
from tenants.clients.reading import Known
from tenants.grants.reach import ClientGrant
from tenants.models import ClientInvitation, ClientList, GrantLevel, LinkPurpose


class InvitationState(StrEnum):
    """How an invitation stands."""

    OPEN = "open"
    STALE = "stale"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation. works_until: when its newest link grows too old."""

    id: UUID
    name: str
    kvk: str
    email: str
    level: GrantLevel
    plan: bool
    continuity: bool
    sent_at: datetime
    works_until: datetime
    state: InvitationState


def invitations(at: datetime) -> list[Invited]:
    """Return every invitation, open ones first, then the newest."""
    life, found = links.LIFE[LinkPurpose.CLIENT], []
    for one in db.session().scalars(sa.select(ClientInvitation).order_by(ClientInvitation.sent_at.desc())):
        until = one.sent_at + life
        if one.accepted_at is not None:
            state = InvitationState.ACCEPTED
        elif one.withdrawn_at is not None:
            state = InvitationState.WITHDRAWN
        else:
            state = InvitationState.OPEN if until > at else InvitationState.STALE
        asked = one.level, one.plan, one.continuity
        found.append(Invited(one.id, one.name, one.kvk, one.email, *asked, one.sent_at, until, state))
    return sorted(found, key=lambda one: one.state in {InvitationState.ACCEPTED, InvitationState.WITHDRAWN})


def open_invitations() -> list[ClientInvitation]:
    """Return the invitations that nobody answered or withdrew."""
    query = sa.select(ClientInvitation).where(
        ClientInvitation.accepted_at.is_(None), ClientInvitation.withdrawn_at.is_(None)
    )
    return list(db.session().scalars(query))


def known(clients: Iterable[ClientGrant]) -> Known:
    """Return who needs no invitation. clients: whose grants are in force."""
    mine = list(clients)
    ids = {client.client_id for client in mine}
    waiting = open_invitations()
    accepted = db.session().scalars(sa.select(ClientInvitation).where(ClientInvitation.accepted_at.is_not(None)))
    answered = [one for one in accepted if one.client_id in ids]
    return Known(
        client_kvks=frozenset(client.kvk for client in mine if client.kvk) | {one.kvk for one in answered if one.kvk},
        client_emails=frozenset(one.email for one in answered),
        invited_kvks=frozenset(one.kvk for one in waiting if one.kvk),
        invited_emails=frozenset(one.email for one in waiting),
    )


def lists() -> list[ClientList]:
    """Return the lists that wait to be sent, newest first."""
    query = sa.select(ClientList).where(ClientList.sent_at.is_(None)).order_by(ClientList.uploaded_at.desc())
    return list(db.session().scalars(query))
