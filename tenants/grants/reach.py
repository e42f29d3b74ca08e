"""How far a reseller reaches: the clients whose grants to it are in force, each as far as its grant says."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import sqlalchemy as sa

from core import clock, db
from tenants.lock import Bypass, bypass
from tenants.models import Alarm, Capacity, GrantLevel, ManagementGrant, Tenant
from tenants.owned import Area
from tenants.prepared import Unscoped
from tenants.relations import AT, Standing, in_force
from tenants.scope import Scope, change_scope, current_scope


class ClientGrant(NamedTuple):
    """A client of a reseller, and how far it lets the reseller's staff go. kvk: "" where it told none.

    in_calamity: its plan is at work now, in earnest; told to whom it opened the plan.
    A tuple, as hundreds are made for each page of a reseller.
    """

    client_id: int
    slug: str
    name: str
    kvk: str
    level: GrantLevel
    plan: bool
    continuity: bool
    ends_at: datetime | None
    in_calamity: bool = False

    def opens(self, area: Area) -> bool:
        """Tell whether the grant opens `area`, one of plan and continuity."""
        return self.plan if area is Area.PLAN else self.continuity if area is Area.CONTINUITY else False


@dataclass(frozen=True, slots=True)
class Given:
    """A grant that is in force, and since when."""

    grant_id: UUID
    starts_at: datetime
    client: ClientGrant


class Manager(Protocol):
    """Who acts for a reseller: a person who stands in it, or a program."""

    @property
    def tenant_id(self) -> int:
        """Return the reseller."""


_GRANTED = (
    Tenant.id,
    Tenant.slug,
    Tenant.name,
    sa.func.coalesce(Tenant.kvk, ""),
    ManagementGrant.level,
    ManagementGrant.plan,
    ManagementGrant.continuity,
    ManagementGrant.ends_at,
    sa.case((sa.and_(ManagementGrant.plan, Tenant.alarm == Alarm.REAL), sa.true()), else_=sa.false()),
)


def _in_force(*columns: Any) -> sa.Select[*tuple[Any, ...]]:
    """Return the question which grants to the reseller `manager_id` are in force at `at`, the newest last."""
    return (
        sa.select(*columns)
        .select_from(ManagementGrant)
        .join(Tenant, Tenant.id == ManagementGrant.tenant_id)
        .where(
            ManagementGrant.manager_id == sa.bindparam("manager_id"),
            Tenant.left_at.is_(None),
            in_force(ManagementGrant, AT),
        )
        .order_by(ManagementGrant.starts_at)
    )


# Asked for each page of a reseller.
_OF_MANAGER = Unscoped(_in_force(*_GRANTED), Bypass.CLIENTS)


def clients_of(manager: Manager) -> list[ClientGrant]:
    """Return the clients whose grants to this reseller are in force now, unsorted, in one query.

    A client with several grants counts with its newest.
    """
    columns = _OF_MANAGER.all_columns(manager_id=manager.tenant_id, at=clock.now())
    # What `_make` does, without a call of Python for each.
    grants = map(partial(tuple.__new__, ClientGrant), zip(*columns, strict=True))
    return list(dict(zip(columns[0], grants, strict=True)).values())


def given_to(manager: Manager, *, slug: str | None = None) -> list[Given]:
    """Return the same with the grants themselves. slug: only the client of that name."""
    query = _in_force(ManagementGrant.id, ManagementGrant.starts_at, *_GRANTED)
    if slug is not None:
        query = query.where(Tenant.slug == slug)
    told = {"manager_id": manager.tenant_id, "at": clock.now()}
    rows: Iterable[Any] = db.session().execute(query, told, execution_options=bypass(Bypass.CLIENTS))
    return list({row[2]: Given(row[0], row[1], ClientGrant._make(row[2:])) for row in rows}.values())


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
    change_scope(Scope(tenant_ids, areas, frozenset(), own.actor))
    try:
        yield
    finally:
        change_scope(own)


def effective(manager: Standing, level: GrantLevel) -> GrantLevel:
    """Return how far this person goes at a client: whoever only reads at the reseller edits nowhere."""
    return GrantLevel.VIEW if manager.capacity is Capacity.READER else level
