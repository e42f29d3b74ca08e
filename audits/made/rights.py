"""Who may have which report: decided when it is asked for, when it is made, and again at every click."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import clock, db
from tenants.engagements import Engaged
from tenants.grants.reach import ClientGrant, clients_of
from tenants.models import User
from tenants.owned import Area
from tenants.permissions import Permission
from tenants.relations import Standing, standings_of
from tenants.scope import as_person

TRAIL, PACK, PORTFOLIO = "trail", "pack", "portfolio"


@dataclass(frozen=True, slots=True)
class Shows:
    """What a report tells of. clients: [client, plan, continuity] for each client of a portfolio."""

    plan: bool
    continuity: bool
    trail: bool
    clients: tuple[tuple[int, bool, bool], ...] = ()

    @property
    def areas(self) -> frozenset[Area]:
        """Return the areas it is made of."""
        told = {Area.PLAN: self.plan, Area.CONTINUITY: self.continuity, Area.TRAIL: self.trail}
        return frozenset({Area.AUDIT, *(area for area, shown in told.items() if shown)})


def shows(name: str, standing: Standing) -> Shows | None:
    """Return what the report called `name` would tell somebody who stands there, None when they may not have it."""
    if not standing.may(Permission.REPORT_EXPORT):
        return None
    trail = standing.may(Permission.TRAIL_EXPORT)
    plan, continuity = Area.PLAN in standing.areas, Area.CONTINUITY in standing.areas
    if name == TRAIL:
        return Shows(plan, continuity, trail) if trail else None
    if name == PORTFOLIO:
        if not standing.may(Permission.PORTFOLIO_READ):
            return None
        return Shows(plan, continuity, False, tuple(_told(clients_of(standing))))
    return Shows(plan, continuity, trail and name == PACK)


def may_have(found: Shows, name: str, standing: Standing) -> bool:
    """Tell whether somebody who stands there now may have a report that tells of `found`.

    Of a portfolio every client must still open what the report tells of it.
    """
    now = shows(name, standing)
    if now is None or not found.areas <= now.areas:
        return False
    opened = {client: (plan, continuity) for client, plan, continuity in now.clients}
    return all(
        client in opened and opened[client][0] >= plan and opened[client][1] >= continuity
        for client, plan, continuity in found.clients
    )


def told_by(row: Any) -> Shows:
    """Return what a made report tells of."""
    return Shows(row.plan, row.continuity, row.trail, tuple((one[0], one[1], one[2]) for one in row.clients))


def sees(row: Any, standing: Standing, user_id: UUID, told: Collection[UUID], over: Collection[Engaged]) -> bool:
    """Tell whether somebody may see that the report was made, and have it.

    Members see what was made in their organisation; others what they asked for, and what they are told of. A pack
    holds answers that were given to an auditor in an assignment, so it goes with it although another one runs.
    told: the schedules whose reports they are told of; over: the assignments of an auditor that ended.
    """
    if row.name == PACK and any(one.ends_at > row.asked_at and one.starts_at <= _until(row) for one in over):
        return False
    theirs = standing.member or row.asked_by_id == user_id or row.schedule_id in told
    return theirs and may_have(told_by(row), row.name, standing)


def _until(row: Any) -> datetime:
    made_at: datetime | None = row.made_at
    return made_at or clock.now()


def standing_of(tenant_id: int, user_id: UUID) -> Standing | None:
    """Return where a person stands in the organisation now; None for a stranger and a closed account.

    What the person's own relations show stays open until the scope, or the transaction, is closed (close_scope).
    """
    user = db.session().execute(sa.select(User.disabled_at, User.erased_at).where(User.id == user_id)).first()
    if user is None or user.disabled_at is not None or user.erased_at is not None:
        return None
    as_person(user_id)
    return next((one for one in standings_of(user_id) if one.tenant_id == tenant_id), None)


def _told(grants: Iterable[ClientGrant]) -> Iterable[tuple[int, bool, bool]]:
    return sorted((one.client_id, one.plan, one.continuity) for one in grants)
