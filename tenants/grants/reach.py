"""How far a reseller reaches: the clients whose grants to it are in force, each as far as its grant says."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from core import clock, db
from tenants.lock import Bypass, bypass
from tenants.models import Capacity, GrantLevel, ManagementGrant, Tenant
from tenants.owned import Area
from tenants.relations import Standing, in_force
from tenants.scope import Scope, close_scope, current_scope, open_scope


@dataclass(frozen=True, slots=True)
class ClientGrant:
    """A client of a reseller, and how far it lets the reseller's staff go. kvk: "" where it told none."""

    grant_id: UUID
    client_id: int
    slug: str
    name: str
    kvk: str
    level: GrantLevel
    plan: bool
    continuity: bool
    starts_at: datetime
    ends_at: datetime | None

    def opens(self, area: Area) -> bool:
        """Tell whether the grant opens `area`, one of plan and continuity."""
        return {Area.PLAN: self.plan, Area.CONTINUITY: self.continuity}.get(area, False)


class Manager(Protocol):
    """Who acts for a reseller: a person who stands in it, or a program."""

    @property
    def tenant_id(self) -> int:
        """Return the reseller."""


def clients_of(manager: Manager, *, slug: str | None = None) -> list[ClientGrant]:
    """Return the clients whose grants to this reseller are in force now, unsorted, in one query.

    slug: only the client of that name. A client with several grants counts with its newest.
    """
    query = (
        sa.select(
            ManagementGrant.id,
            Tenant.id,
            Tenant.slug,
            Tenant.name,
            sa.func.coalesce(Tenant.kvk, ""),
            ManagementGrant.level,
            ManagementGrant.plan,
            ManagementGrant.continuity,
            ManagementGrant.starts_at,
            ManagementGrant.ends_at,
        )
        .join(Tenant, Tenant.id == ManagementGrant.tenant_id)
        .where(
            ManagementGrant.manager_id == manager.tenant_id,
            Tenant.left_at.is_(None),
            in_force(ManagementGrant, clock.now()),
        )
        .order_by(ManagementGrant.starts_at)
    )
    if slug is not None:
        query = query.where(Tenant.slug == slug)
    rows: Iterable[Any] = db.session().execute(query, execution_options=bypass(Bypass.CLIENTS))
    return list({row[1]: ClientGrant(*row) for row in rows}.values())


@contextmanager
def at_clients(tenant_ids: frozenset[int], areas: frozenset[Area]) -> Iterator[None]:
    """Read `areas` of these clients inside the block, and what the door opened again after it.

    tenant_ids: clients whose grants open all of `areas`; the caller makes sure of that.
    """
    with _reading(tenant_ids, areas):
        yield


@contextmanager
def at_suppliers(tenant_ids: frozenset[int]) -> Iterator[None]:
    """Read, inside the block, the schemes of these suppliers.

    tenant_ids: whose client the organisation that asks says to be; the caller reads no more than what names it.
    """
    with _reading(tenant_ids, frozenset({Area.CONTINUITY})):
        yield


@contextmanager
def _reading(tenant_ids: frozenset[int], areas: frozenset[Area]) -> Iterator[None]:
    own = current_scope()
    close_scope()
    open_scope(Scope(tenant_ids, areas, frozenset(), own.actor))
    try:
        yield
    finally:
        close_scope()
        open_scope(own)


def effective(manager: Standing, level: GrantLevel) -> GrantLevel:
    """Return how far this person goes at a client: whoever only reads at the reseller edits nowhere."""
    return GrantLevel.VIEW if manager.capacity is Capacity.READER else level
