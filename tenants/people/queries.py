"""Who belongs to the organisation whose scope is open, who is invited, who audits."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from core import clock, db, mail
from tenants import links
from tenants.invitations.services import open_invitations
from tenants.models import Engagement, LinkPurpose, Membership, Role, Seat, User
from tenants.relations import in_force, last_day
from tenants.scope import current_scope


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs here now. unreached_at: when mail to their address came back."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: Role
    since: datetime
    unreached_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invited:
    """An open invitation. works_until: when its newest link grows too old; stale: whether it is.

    unreached_at: when the mail server refused its address, or mail of ours came back from it.
    """

    id: UUID
    email: str
    seat: Seat
    role: Role | None
    reference: str
    last_day: date | None
    works_until: datetime
    stale: bool
    unreached_at: datetime | None


@dataclass(frozen=True, slots=True)
class Auditor:
    """An assignment that is not over yet."""

    id: UUID
    name: str
    email: str
    reference: str
    plan: bool
    continuity: bool
    first_on: date
    last_on: date


def members() -> list[Member]:
    """Return the members, sorted by name."""
    rows = db.session().execute(
        sa.select(Membership.id, User.id, User.name, User.email, Membership.role, Membership.starts_at, User.bounced_at)
        .join(User, User.id == Membership.user_id)
        .where(Membership.ends_at.is_(None))
    )
    return sorted((Member(*row) for row in rows), key=lambda member: member.name.casefold())


def owners(at: datetime) -> frozenset[UUID]:
    """Return the accounts of the owners of the open scope's organisation who can sign in."""
    query = (
        sa.select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role == Role.OWNER, in_force(Membership, at), User.disabled_at.is_(None))
    )
    return frozenset(db.session().scalars(query))


def invited(at: datetime) -> list[Invited]:
    """Return the open invitations, newest first."""
    life, found = links.LIFE[LinkPurpose.INVITATION], open_invitations()
    addresses = [one.email for one in found]
    here = current_scope().only_tenant
    unreached = (mail.refused(addresses, by=here) | mail.came_back(addresses, by=here)) if found else {}
    return [
        Invited(one.id, one.email, one.seat, one.role, one.reference, one.ends_on, one.sent_at + life,
                one.sent_at + life <= at, unreached.get(one.email))
        for one in found
    ]  # fmt: skip


def auditors(at: datetime, zone: str) -> list[Auditor]:
    """Return the assignments that are not over, the one that ends first on top. zone: of the organisation's days."""
    rows = db.session().execute(
        sa.select(
            Engagement.id, User.name, User.email, Engagement.reference, Engagement.plan, Engagement.continuity,
            Engagement.starts_at, Engagement.ends_at,
        )
        .join(User, User.id == Engagement.auditor_id)
        .where(Engagement.ends_at > at)
        .order_by(Engagement.ends_at, Engagement.id)
    )  # fmt: skip
    return [
        Auditor(id_, name, email, reference, plan, continuity, clock.day_of(start, zone), last_day(end, zone))
        for id_, name, email, reference, plan, continuity, start, end in rows
    ]
