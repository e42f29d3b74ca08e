"""Changes to grants: give, change, withdraw, hand back. The rows are the client's own, and so is their trail."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from tenants import trail
from tenants.errors import AccountError
from tenants.models import GrantLevel, ManagementGrant, Tenant, TenantKind


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a grant goes. ends_at: when it ends by itself, None for until it is withdrawn."""

    level: GrantLevel
    plan: bool
    continuity: bool
    ends_at: datetime | None = None


def find_supplier(said: str, *, own_id: int) -> Tenant:
    """Return the IT supplier that somebody named by its short name or KvK number, exactly.

    own_id: the organisation that asks; it is never its own supplier.
    Raises AccountError when there is none, and when several have this number.
    """
    query = sa.select(Tenant).where(
        Tenant.kind == TenantKind.IT_SUPPLIER,
        Tenant.left_at.is_(None),
        Tenant.id != own_id,
        sa.or_(Tenant.slug == said.strip().lower(), Tenant.kvk == said.replace(" ", "").replace(".", "")),
    )
    found = db.session().scalars(query.limit(2)).all()
    if not found:
        raise AccountError(_l("No IT supplier here has this short name or KvK number."), "supplier")
    if len(found) > 1:
        raise AccountError(_l("Several suppliers have this number. Type the short name instead."), "supplier")
    return found[0]


def give(manager: Tenant, limits: Limits, *, by: UUID, at: datetime) -> ManagementGrant:
    """Let the staff of `manager` into the organisation whose scope is open, from now on.

    What it had until now ends; exactly the same limits change nothing.
    Raises AccountError when the limits open nothing, or end before they begin.
    """
    if not (limits.plan or limits.continuity):
        raise AccountError(_l("Choose at least one part."), "plan")
    if limits.ends_at is not None and limits.ends_at <= at:
        raise AccountError(_l("The last day is past already."), "ends_on")
    current = _not_over(manager.id, at)
    for grant in current:
        if len(current) == 1 and grant.starts_at <= at and _limits_of(grant) == limits:
            return grant
        grant.ends_at, grant.ended_by = at, by
    # The database refuses two without an end: the old row goes first.
    db.session().flush()
    given = ManagementGrant(
        manager_id=manager.id,
        level=limits.level,
        plan=limits.plan,
        continuity=limits.continuity,
        starts_at=at,
        ends_at=limits.ends_at,
        given_by=by,
        ended_by=None,
    )
    db.session().add(given)
    trail.record("grant.changed" if current else "grant.given", "management_grant", given.id, manager=manager.name)
    db.session().flush()
    return given


def withdraw(grant: ManagementGrant, *, by: UUID, at: datetime) -> None:
    """End a grant now: the next request of the reseller's staff finds the door closed. One that is over stays so."""
    _end(grant, "grant.withdrawn", by=by, at=at)


def hand_back(grant: ManagementGrant, *, by: UUID, at: datetime) -> None:
    """End a grant now, as its reseller; inside a scope of the client."""
    _end(grant, "grant.handed_back", by=by, at=at)


def _end(grant: ManagementGrant, action: str, *, by: UUID, at: datetime) -> None:
    if grant.ends_at is not None and grant.ends_at <= at:
        return
    manager = db.session().get_one(Tenant, grant.manager_id)
    grant.ends_at, grant.ended_by = at, by
    trail.record(action, "management_grant", grant.id, manager=manager.name)
    db.session().flush()


def _not_over(manager_id: int, at: datetime) -> list[ManagementGrant]:
    """Return the grants to this reseller that are in force or still to come, held until the end."""
    query = sa.select(ManagementGrant).where(
        ManagementGrant.manager_id == manager_id,
        sa.or_(ManagementGrant.ends_at.is_(None), ManagementGrant.ends_at > at),
    )
    return list(db.session().scalars(query.with_for_update().execution_options(populate_existing=True)))


def _limits_of(grant: ManagementGrant) -> Limits:
    return Limits(grant.level, grant.plan, grant.continuity, grant.ends_at)
