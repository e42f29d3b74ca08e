"""Changes to who belongs here: another role, the end of a membership or of an assignment."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from tenants import parting, services, trail
from tenants.errors import AccountError
from tenants.invitations.services import withdraw_those_of
from tenants.models import Engagement, Membership, Role
from tenants.scope import current_scope
from tenants.tokens import services as tokens
from tenants.turns import one_at_a_time


def give_role(tenant_id: int, user_id: UUID, role: Role, *, at: datetime) -> Membership:
    """Let a person belong to the organisation whose scope is open, or give them another role there.

    Raises AccountError when the last owner would be one no more.
    """
    query = sa.select(Membership).where(Membership.user_id == user_id, Membership.ends_at.is_(None))
    current = db.session().scalar(query)
    if current is not None and current.role is not role:
        return change_role(current, role, at=at)
    return services.add_member(tenant_id, user_id, role, at=at)


def change_role(membership: Membership, role: Role, *, at: datetime) -> Membership:
    """Give a member another role from now on; the old one stays in the books.

    Raises AccountError when the last owner would be one no more, or the membership ended meanwhile.
    """
    _take_turn(membership)
    if role is not Role.OWNER:
        _keep_an_owner(membership)
    before, user_id = membership.role, membership.user_id
    changed = services.add_member(membership.tenant_id, user_id, role, at=at)
    if changed.role is not before:
        trail.record("role.changed", "membership", changed.id, role=[before.value, role.value], user_id=str(user_id))
    if role is not Role.OWNER:
        withdraw_those_of(user_id, at=at)
        tokens.revoke_those_of(user_id, at=at)
    db.session().flush()
    if role is Role.READER:
        parting.part(changed.tenant_id, [user_id], current_scope().actor, at=at)
    return changed


def end_membership(membership: Membership, *, at: datetime) -> None:
    """End a membership now: the next request of that person finds the door closed.

    Raises AccountError when it is the last owner's, or ended meanwhile.
    """
    _take_turn(membership)
    _keep_an_owner(membership)
    membership.ends_at = at
    withdraw_those_of(membership.user_id, at=at)
    tokens.revoke_those_of(membership.user_id, at=at)
    db.session().flush()
    parting.part(membership.tenant_id, [membership.user_id], current_scope().actor, at=at)


def end_engagement(engagement: Engagement, *, by: UUID, at: datetime) -> None:
    """End an assignment now, or before it began. One that is over stays as it is."""
    if engagement.ends_at > at:
        engagement.ends_at, engagement.ended_by = max(at, engagement.starts_at), by
        db.session().flush()


def _take_turn(membership: Membership) -> None:
    """Wait for whoever changes who belongs here at this moment. Raises AccountError when it ended meanwhile."""
    one_at_a_time([membership.tenant_id])
    db.session().refresh(membership)
    if membership.ends_at is not None:
        raise AccountError(_l("This membership has ended already."))


def _keep_an_owner(leaving: Membership) -> None:
    """Raise AccountError when nobody but `leaving` is an owner."""
    # Locked, so that two owners who send each other away at once do not both succeed.
    owners = db.session().scalars(
        sa.select(Membership)
        .where(Membership.role == Role.OWNER, Membership.ends_at.is_(None))
        .order_by(Membership.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if leaving.role is Role.OWNER and all(owner.id == leaving.id for owner in owners):
        raise AccountError(_l("This is the last owner. Make somebody else owner first."), "role")
