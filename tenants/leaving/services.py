"""Leave, and come back: all access ends in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from tenants import parting, trail
from tenants.errors import AccountError
from tenants.leaving.ties import Cover, Hold, ties
from tenants.lock import Bypass, bypass
from tenants.models import (
    Engagement,
    Invitation,
    MailedLink,
    ManagementGrant,
    Membership,
    Tenant,
    TenantKind,
)
from tenants.owned import Area
from tenants.scope import Scope, close_scope, current_scope, open_scope
from tenants.tokens import services as tokens

GRANTS = frozenset({Area.PEOPLE})
ENDING = frozenset({Area.PEOPLE, Area.TRAIL})


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What keeps an organisation from leaving. registrants: organisations that name this foundation."""

    holds: tuple[Hold, ...]
    covers: tuple[Cover, ...]
    registrants: int

    @property
    def any(self) -> bool:
        """Tell whether anything does."""
        return bool(self.holds or self.covers or self.registrants)


def obstacles(tenant: Tenant, today: date) -> Obstacles:
    """Return what keeps the organisation of the open scope from leaving on `today`."""
    asked = ties()
    registrants = asked.registrants(tenant.id) if tenant.kind is TenantKind.FOUNDATION else 0
    return Obstacles(tuple(asked.holds(today)), tuple(asked.covers(today)), registrants)


def leave(tenant: Tenant, typed: str, *, by: UUID, at: datetime, today: date) -> None:
    """Close the organisation of the open scope: every membership, grant, assignment, invitation and token ends at `at`.

    typed: the short name, as proof that this one is meant; by: the owner who decides. The grants that clients gave it
    end in the clients' own trails. Afterwards no scope is open.
    Raises AccountError when another name was typed, somebody left before, or something forbids it (see obstacles).
    """
    # Rows of the organisation may still be made meanwhile: who makes one has what comes next here already.
    db.session().refresh(tenant, with_for_update={"key_share": True})
    if tenant.left_at is not None:
        raise AccountError(_l("This organisation has left already."))
    if typed.strip().lower() != tenant.slug:
        raise AccountError(_l("This is not the short name of this organisation."), "slug")
    if obstacles(tenant, today).any:
        raise AccountError(_l("Leaving is not possible yet: see above why."))
    clients, scope = _clients(tenant.id), current_scope()
    people = db.session().scalars(sa.select(Membership.user_id).where(Membership.ends_at.is_(None))).all()
    ended = _end_relations(by, at)
    tenant.left_at = at
    links = sa.update(MailedLink).where(MailedLink.organisation_id == tenant.id, MailedLink.ended_at.is_(None))
    db.session().execute(links.values(ended_at=at))
    trail.record("organisation.left", "tenant", None, slug=tenant.slug, **ended, clients=len(clients))
    db.session().flush()
    parting.part(tenant.id, people, scope.actor, at=at)
    close_scope()
    if clients:
        _end_grants_of(tenant.id, Scope(frozenset(clients), GRANTS, ENDING, scope.actor), by, at)


def _end_relations(by: UUID, at: datetime) -> dict[str, int]:
    """End whatever opens the organisation of the open scope; return how much of each."""
    session = db.session()
    members = session.scalars(sa.select(Membership).where(Membership.ends_at.is_(None))).all()
    for member in members:
        member.ends_at = max(at, member.starts_at)
    grants = session.scalars(sa.select(ManagementGrant).where(_open_end(ManagementGrant, at))).all()
    engagements = session.scalars(sa.select(Engagement).where(Engagement.ends_at > at)).all()
    for grant in grants:
        grant.ends_at, grant.ended_by = max(at, grant.starts_at), by
    for engagement in engagements:
        engagement.ends_at, engagement.ended_by = max(at, engagement.starts_at), by
    open_ones = sa.select(Invitation).where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    invitations = session.scalars(open_ones).all()
    for invitation in invitations:
        invitation.withdrawn_at = at
    session.flush()
    # Else the programs of an owner who comes back are back with it.
    revoked = tokens.revoke_all(at=at)
    return {
        "memberships": len(members),
        "grants": len(grants),
        "engagements": len(engagements),
        "invitations": len(invitations),
        "tokens": revoked,
    }


def _open_end(model: type[ManagementGrant], at: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(model.ends_at.is_(None), model.ends_at > at)


def _clients(manager_id: int) -> Sequence[int]:
    """Return the organisations that let this one manage them; asked while the person still belongs to it."""
    query = sa.select(ManagementGrant.tenant_id).where(ManagementGrant.manager_id == manager_id)
    return db.session().scalars(query.distinct(), execution_options=bypass(Bypass.DOOR)).all()


def _end_grants_of(manager_id: int, scope: Scope, by: UUID, at: datetime) -> None:
    """End the grants that clients gave, so that none of them comes to life again when the organisation comes back."""
    open_scope(scope)
    mine = sa.select(ManagementGrant).where(ManagementGrant.manager_id == manager_id, _open_end(ManagementGrant, at))
    for grant in db.session().scalars(mine.order_by(ManagementGrant.tenant_id)):
        grant.ends_at, grant.ended_by = max(at, grant.starts_at), by
    db.session().flush()
    close_scope()


def restore(tenant: Tenant) -> None:
    """Open the organisation of the open scope again, for nobody yet: every relation of before stays ended.

    Raises AccountError when it never left.
    """
    if tenant.left_at is None:
        raise AccountError(_l("This organisation is still here."))
    trail.record("organisation.restored", "tenant", None, left_at=tenant.left_at)
    tenant.left_at = None
    db.session().flush()
