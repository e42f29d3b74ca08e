"""Who belongs to the organisation whose scope is open, who is invited, who audits."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from core import db
from tenants import links
from tenants.invitations.services import open_invitations
from tenants.models import Engagement, LinkPurpose, Membership, Role, Seat, User


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs here now."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """An open invitation. works_until: when its newest link grows too old; stale: whether it is."""

    id: UUID
    email: str
    seat: Seat
    role: Role | None
    reference: str
    last_day: date | None
    works_until: datetime
    stale: bool


@dataclass(frozen=True, slots=True)
class Auditor:
    """An assignment that is not over yet."""

    id: UUID
    name: str
    email: str
    reference: str
    plan: bool
    continuity: bool
    starts_at: datetime
    ends_at: datetime


def members() -> list[Member]:
    """Return the members, sorted by name."""
    rows = db.session().execute(
        sa.select(Membership.id, User.id, User.name, User.email, Membership.role, Membership.starts_at)
        .join(User, User.id == Membership.user_id)
        .where(Membership.ends_at.is_(None))
    )
    return sorted((Member(*row) for row in rows), key=lambda member: member.name.casefold())


def invited(at: datetime) -> list[Invited]:
    """Return the open invitations, newest first."""
    life = links.LIFE[LinkPurpose.INVITATION]
    return [
        Invited(one.id, one.email, one.seat, one.role, one.reference, one.ends_on, one.sent_at + life,
                one.sent_at + life <= at)
        for one in open_invitations()
    ]  # fmt: skip


def auditors(at: datetime) -> list[Auditor]:
    """Return the assignments that are not over, the one that ends first on top."""
    rows = db.session().execute(
        sa.select(
            Engagement.id, User.name, User.email, Engagement.reference, Engagement.plan, Engagement.continuity,
            Engagement.starts_at, Engagement.ends_at,
        )
        .join(User, User.id == Engagement.auditor_id)
        .where(Engagement.ends_at > at)
        .order_by(Engagement.ends_at, Engagement.id)
    )  # fmt: skip
    return [Auditor(*row) for row in rows]
