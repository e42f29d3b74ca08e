"""Who manages the organisation whose scope is open, now and before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core import db
from tenants.models import GrantLevel, ManagementGrant, Tenant, User

HISTORY_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Given:
    """A grant as the client sees it. given_by, ended_by: names, "" where nobody is known or it ended by itself.

    manager_left: the reseller itself is gone, so the grant opens nothing although nobody withdrew it.
    """

    id: UUID
    manager: str
    level: GrantLevel
    plan: bool
    continuity: bool
    starts_at: datetime
    ends_at: datetime | None
    given_by: str
    ended_by: str
    manager_left: bool


def given(at: datetime) -> tuple[list[Given], list[Given]]:
    """Return the grants that are not over, by the reseller's name, and those that are, the newest end first."""
    giver, ender = aliased(User), aliased(User)
    query = (
        sa.select(
            ManagementGrant.id,
            Tenant.name,
            ManagementGrant.level,
            ManagementGrant.plan,
            ManagementGrant.continuity,
            ManagementGrant.starts_at,
            ManagementGrant.ends_at,
            sa.func.coalesce(giver.name, ""),
            sa.func.coalesce(ender.name, ""),
            Tenant.left_at.is_not(None),
        )
        .join(Tenant, Tenant.id == ManagementGrant.manager_id)
        .outerjoin(giver, giver.id == ManagementGrant.given_by)
        .outerjoin(ender, ender.id == ManagementGrant.ended_by)
        .order_by(ManagementGrant.starts_at.desc())
    )
    rows: Iterable[Any] = db.session().execute(query)
    found = [Given(*row) for row in rows]
    open_now = [one for one in found if one.ends_at is None or one.ends_at > at]
    over = [(one.ends_at, one) for one in found if one.ends_at is not None and one.ends_at <= at]
    newest = sorted(over, key=lambda pair: pair[0], reverse=True)
    return sorted(open_now, key=lambda one: one.manager.casefold()), [one for _ended, one in newest[:HISTORY_SHOWN]]
