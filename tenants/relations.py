"""Who stands where right now: memberships, grants and engagements in force, read at every request."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from core import clock, db
from core.columns import UtcDateTime
from core.i18n import Language
from tenants.lock import Bypass
from tenants.models import Alarm, Capacity, Engagement, ManagementGrant, Membership, Operator, Role, Tenant, TenantKind
from tenants.owned import Area
from tenants.permissions import Permission as _Permission
from tenants.permissions import TenantState, allowed, demands_strong
from tenants.prepared import Unscoped
from tenants.scope import as_person

# What every relation opens, however narrow: the findings about the areas it does open.
ALWAYS_OPEN = frozenset({Area.AUDIT})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in one organisation: in which capacity, and which areas that opens.

    via: the name of the reseller for which the person acts, or "".
    alarm: the organisation's calamity plan is at work now, told only to whom the plan is open.
    ends_at: when an auditor's assignment ends, None for everybody else.
    """

    tenant_id: int
    slug: str
    name: str
    kind: TenantKind
    language: Language
    zone: str
    state: TenantState
    capacity: Capacity
    areas: frozenset[Area] = frozenset(Area)
    via: str = ""
    via_slug: str = ""
    alarm: Alarm | None = None
    ends_at: datetime | None = None

    def may(self, permission: str) -> bool:
        """Tell whether a button for `permission` makes sense here."""
        return allowed(_Permission(permission), self.capacity, self.kind, self.areas, self.state)

    @property
    def last_on(self) -> date | None:
        """Return the last day of an auditor's assignment, inclusive, in the organisation's zone; None for others."""
        return None if self.ends_at is None else last_day(self.ends_at, self.zone)

    @property
    def demands_strong(self) -> bool:
        """Tell whether this relation asks for a second factor."""
        return demands_strong(self.capacity, self.kind)

    @property
    def member(self) -> bool:
        """Tell whether the person belongs to the organisation itself."""
        return self.capacity in {Capacity.OWNER, Capacity.EDITOR, Capacity.READER}


def last_day(ends_at: datetime, zone: str) -> date:
    """Return the last calendar day before the instant `ends_at`: it may be midnight, which belongs to the next."""
    return clock.day_of(ends_at - datetime.resolution, zone)


def in_force(model: Any, at: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Return the condition that a relation holds at `at`.

    The end is also held against the clock of the database: a server whose clock stands still lets nobody stay.
    """
    ends = sa.or_(model.ends_at.is_(None), sa.and_(model.ends_at > at, model.ends_at > sa.func.now()))
    return sa.and_(model.starts_at <= at, ends)


CAPACITY = sa.String(40)
# The person and the instant that are asked about.
USER_ID, AT = sa.bindparam("user_id", type_=sa.Uuid()), sa.bindparam("at", type_=UtcDateTime())
SLUG = sa.bindparam("slug", type_=sa.String())
NO_NAME, NEVER = sa.literal(""), sa.cast(sa.null(), UtcDateTime())


def _relations(*, of_one: bool = False) -> sa.Subquery:
    """Return every relation of the person `user_id` in force at `at`, for the strongest first by rank, then capacity.

    of_one: with the organisation `slug` alone. Each part is narrowed by itself: SQLite makes all of them before it
    looks which are asked for, and staff of a reseller have one with each of its clients.
    """
    parts: list[tuple[Any, sa.Select[*tuple[Any, ...]]]] = [
        (Membership, _as_member()),
        (ManagementGrant, _as_manager()),
        (Engagement, _as_auditor()),
    ]
    if of_one:
        called = sa.select(Tenant.id).where(Tenant.slug == SLUG).scalar_subquery()
        parts = [(model, part.where(model.tenant_id == called)) for model, part in parts]
    return sa.union_all(*(part for _model, part in parts)).subquery("relation")


def _as_member() -> sa.Select[*tuple[Any, ...]]:
    """Select memberships; the columns of the others stand in this order."""
    return sa.select(
        Membership.tenant_id.label("tenant_id"),
        sa.literal(0).label("rank"),
        sa.cast(Membership.role, CAPACITY).label("capacity"),
        sa.true().label("plan"),
        sa.true().label("continuity"),
        NO_NAME.label("via"),
        NO_NAME.label("via_slug"),
        NEVER.label("ends_at"),
    ).where(Membership.user_id == USER_ID, in_force(Membership, AT))


def _as_manager() -> sa.Select[*tuple[Any, ...]]:
    """Select what clients granted to a reseller the person is a member of."""
    manager = sa.orm.aliased(Tenant)
    return (
        sa.select(
            ManagementGrant.tenant_id,
            sa.literal(1),
            # The lesser of both: whoever only reads at the reseller does not edit at its clients.
            sa.case(
                (Membership.role == Role.READER, sa.literal(Capacity.MANAGER_VIEW.value)),
                else_=sa.literal("manager_").concat(sa.cast(ManagementGrant.level, CAPACITY)),
            ),
            ManagementGrant.plan,
            ManagementGrant.continuity,
            manager.name,
            manager.slug,
            NEVER,
        )
        .join(Membership, Membership.tenant_id == ManagementGrant.manager_id)
        .join(manager, manager.id == ManagementGrant.manager_id)
        .where(
            Membership.user_id == USER_ID,
            in_force(Membership, AT),
            in_force(ManagementGrant, AT),
            manager.left_at.is_(None),
        )
    )


def _as_auditor() -> sa.Select[*tuple[Any, ...]]:
    """Select assignments."""
    return sa.select(
        Engagement.tenant_id,
        sa.literal(2),
        sa.literal(Capacity.AUDITOR.value),
        Engagement.plan,
        Engagement.continuity,
        NO_NAME,
        NO_NAME,
        Engagement.ends_at,
    ).where(Engagement.auditor_id == USER_ID, in_force(Engagement, AT))


def _strongest_first(relation: sa.Subquery) -> tuple[sa.ColumnElement[Any], ...]:
    return relation.c.rank, relation.c.capacity, relation.c.via


@cache
def _standings_query(*, of_one: bool) -> Unscoped:
    """Return the question every request asks, made once: putting it together takes longer than answering it."""
    relation = _relations(of_one=of_one)
    query = (
        sa.select(
            Tenant.id,
            Tenant.slug,
            Tenant.name,
            Tenant.kind,
            Tenant.language,
            Tenant.zone,
            relation.c.capacity,
            relation.c.plan,
            relation.c.continuity,
            relation.c.via,
            relation.c.via_slug,
            Tenant.alarm,
            relation.c.ends_at,
        )
        .join(relation, relation.c.tenant_id == Tenant.id)
        .where(Tenant.left_at.is_(None))
        .order_by(*_strongest_first(relation))
    )
    return Unscoped(query.where(Tenant.slug == SLUG) if of_one else query, Bypass.DOOR)


def standings_of(user_id: UUID, *, slug: str | None = None) -> list[Standing]:
    """Return where a person stands now: one line for each organisation that is still here, unsorted.

    slug: only the organisation of that name. Somebody with several relations to one organisation has the strongest.
    """
    told: dict[str, Any] = {"user_id": user_id, "at": clock.now()}
    if slug is not None:
        told["slug"] = slug
    return _strongest(_standings_query(of_one=slug is not None).rows(**told))


def _strongest(rows: Iterable[Any]) -> list[Standing]:
    found: dict[int, Standing] = {}
    for tenant_id, slug, name, kind, language, zone, word, plan, continuity, via, via_slug, alarm, ends_at in rows:
        capacity = Capacity(word)
        areas = _areas(capacity, plan=plan, continuity=continuity)
        known = found.get(tenant_id)
        if known is None:
            found[tenant_id] = Standing(
                tenant_id=tenant_id,
                slug=slug,
                name=name,
                kind=kind,
                language=language,
                zone=zone,
                state=TenantState.ACTIVE,
                capacity=capacity,
                areas=areas,
                via=via,
                via_slug=via_slug,
                alarm=alarm if plan else None,
                ends_at=ends_at,
            )
        elif known.ends_at is not None and ends_at is not None:
            # Two assignments at once open what each of them opens.
            found[tenant_id] = replace(
                known,
                areas=known.areas | areas,
                alarm=known.alarm or (alarm if plan else None),
                ends_at=max(known.ends_at, ends_at),
            )
    return list(found.values())


@cache
def _areas(capacity: Capacity, *, plan: bool, continuity: bool) -> frozenset[Area]:
    if capacity in {Capacity.OWNER, Capacity.EDITOR, Capacity.READER}:
        return frozenset(Area)
    opened = {Area.PLAN: plan, Area.CONTINUITY: continuity}
    areas = ALWAYS_OPEN | {area for area, is_open in opened.items() if is_open}
    # The trail tells about every area, so it is open to an auditor of the whole organisation only.
    return areas | {Area.TRAIL} if capacity is Capacity.AUDITOR and plan and continuity else areas


def find_standing(user_id: UUID, slug: str) -> Standing | None:
    """Return where the person stands in the organisation called `slug` now, or None for a stranger."""
    as_person(user_id)
    return next(iter(standings_of(user_id, slug=slug)), None)


def places_of(user_id: UUID) -> list[Standing]:
    """Return the organisations a person may enter now, sorted by name."""
    as_person(user_id)
    return sorted(standings_of(user_id), key=lambda place: place.name.casefold())


class Entry(NamedTuple):
    """An organisation a person may enter, as a list tells of it. A tuple, as somebody may have hundreds."""

    tenant_id: int
    slug: str
    name: str
    kind: TenantKind
    capacity: Capacity


@cache
def _entries_query() -> Unscoped:
    relation = _relations()
    query = (
        sa.select(Tenant.id, Tenant.slug, Tenant.name, Tenant.kind, relation.c.capacity)
        .join(relation, relation.c.tenant_id == Tenant.id)
        .where(Tenant.left_at.is_(None))
        .order_by(*_strongest_first(relation))
    )
    return Unscoped(query, Bypass.DOOR)


def entries_of(user_id: UUID) -> list[Entry]:
    """Return the organisations a person may enter now, sorted by name: the same as places_of(), as a list needs them.

    What somebody may do in each of hundreds is worked out where they enter it.
    """
    as_person(user_id)
    ids, slugs, names, kinds, words = _entries_query().all_columns(user_id=user_id, at=clock.now())
    # The strongest relation stands first: the last to be told wins.
    every = zip(ids, slugs, names, kinds, map(Capacity, words), strict=True)
    found = {one[0]: Entry._make(one) for one in reversed(list(every))}
    return sorted(found.values(), key=lambda one: one.name.casefold())


def is_operator(user_id: UUID) -> bool:
    """Tell whether a person operates the installation now."""
    query = sa.select(Operator.id).where(Operator.user_id == user_id, in_force(Operator, clock.now()))
    return db.session().scalar(query.limit(1)) is not None
