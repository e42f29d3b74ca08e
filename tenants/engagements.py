"""Assignments of an auditor: their own, in whatever organisation, running, to come and ended."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import clock, db
from tenants.lock import Bypass, bypass
from tenants.models import Engagement, Tenant
from tenants.owned import Area
from tenants.relations import in_force, last_day
from tenants.scope import Scope, as_person, close_scope, current_scope, open_scope


class Phase(StrEnum):
    """Whether an assignment is under way."""

    RUNNING = "running"
    COMING = "coming"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Engaged:
    """One assignment of the person who asks. gone: the organisation left; plan, continuity: what it opens."""

    id: UUID
    tenant_id: int
    slug: str
    organisation: str
    zone: str
    gone: bool
    reference: str
    plan: bool
    continuity: bool
    starts_at: datetime
    ends_at: datetime

    @property
    def first_on(self) -> date:
        """Return the first day, in the organisation's zone."""
        return clock.day_of(self.starts_at, self.zone)

    @property
    def last_on(self) -> date:
        """Return the last day, inclusive, in the organisation's zone."""
        return last_day(self.ends_at, self.zone)

    @property
    def areas(self) -> frozenset[Area]:
        """Return which of plan and scheme it opens."""
        opened = {Area.PLAN: self.plan, Area.CONTINUITY: self.continuity}
        return frozenset(area for area, is_open in opened.items() if is_open)

    def phase(self, at: datetime) -> Phase:
        """Return whether it runs at `at`. One that was called off before it began has ended."""
        if self.gone or self.ends_at <= max(at, self.starts_at):
            return Phase.ENDED
        return Phase.RUNNING if self.starts_at <= at else Phase.COMING


def engagements_of(user_id: UUID) -> list[Engaged]:
    """Return every assignment a person has or had: the one that ends last on top."""
    as_person(user_id)
    return _read(_own(user_id).order_by(Engagement.ends_at.desc(), Engagement.id))


def running_here(user_id: UUID, tenant_id: int) -> list[Engaged]:
    """Return the assignments of a person that run now in one organisation: the one that ends last on top."""
    as_person(user_id)
    here = sa.and_(Engagement.tenant_id == tenant_id, Tenant.left_at.is_(None), in_force(Engagement, clock.now()))
    return _read(_own(user_id).where(here).order_by(Engagement.ends_at.desc(), Engagement.id))


def _own(user_id: UUID) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Engagement.id,
            Engagement.tenant_id,
            Tenant.slug,
            Tenant.name,
            Tenant.zone,
            Tenant.left_at.is_not(None),
            Engagement.reference,
            Engagement.plan,
            Engagement.continuity,
            Engagement.starts_at,
            Engagement.ends_at,
        )
        .join(Tenant, Tenant.id == Engagement.tenant_id)
        .where(Engagement.auditor_id == user_id)
    )


def _read(query: sa.Select[*tuple[Any, ...]]) -> list[Engaged]:
    # The person's own relations, of whatever organisation: the only rows the condition lets through.
    rows: Iterable[Any] = db.session().execute(query, execution_options=bypass(Bypass.DOOR))
    return [Engaged(*row) for row in rows]


@contextmanager
def among_people() -> Iterator[None]:
    """Read, inside the block, who audits the open scope's organisation too; what the door opened again after it.

    For members, who may see everybody's assignments, and for what tells of an assignment no more than that there is
    one; the caller makes sure of that. It empties the session.
    """
    own = current_scope()
    close_scope()
    open_scope(Scope(own.tenant_ids, own.reads | {Area.PEOPLE}, frozenset(), own.actor))
    try:
        yield
    finally:
        close_scope()
        open_scope(own)
