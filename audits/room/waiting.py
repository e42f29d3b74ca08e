"""What auditors wait for, of any number of organisations: what reminders, the portfolio and Home count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.reach import SCHEME
from audits.room.course import LETTERED, WAITING
from audits.room.models import EvidenceRequest, EvidenceStep
from core import clock, db
from tenants.engagements import among_people
from tenants.models import Engagement
from tenants.owned import Area
from tenants.prepared import Prepared
from tenants.relations import in_force


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that its organisation has to answer, under an assignment that runs. item_id: "" for none.

    told_at: when the organisation was asked for it last, by a letter.
    """

    tenant_id: int
    request_id: UUID
    item_id: str
    due_on: date
    told_at: datetime

    def within(self, areas: frozenset[Area]) -> bool:
        """Tell whether somebody to whom these areas are open may know of it; what is about no part, anybody may."""
        if not self.item_id:
            return True
        return (Area.CONTINUITY if self.item_id.startswith(SCHEME) else Area.PLAN) in areas


_OPEN = EvidenceRequest.state.in_(sorted(WAITING))
_ANY = Prepared(sa.select(EvidenceRequest.id).where(_OPEN).limit(1))


def any_open() -> bool:
    """Tell whether any request waits for an answer, under whatever assignment: mostly none does."""
    return bool(_ANY.rows())


def waiting() -> list[Waiting]:
    """Return what auditors wait for in the organisations of the open scope, the longest first.

    Where anything is, the session is emptied: whether an assignment runs is read among the people.
    """
    if not any_open():
        return []
    told = sa.func.max(EvidenceStep.made_at)
    asked = (EvidenceRequest.tenant_id, EvidenceRequest.id, EvidenceRequest.item_id, EvidenceRequest.due_on)
    query = (
        sa.select(*asked, told)
        .join(
            Engagement,
            sa.and_(Engagement.tenant_id == EvidenceRequest.tenant_id, Engagement.id == EvidenceRequest.engagement_id),
        )
        .join(
            EvidenceStep,
            sa.and_(EvidenceStep.tenant_id == EvidenceRequest.tenant_id, EvidenceStep.request_id == EvidenceRequest.id),
        )
        .where(_OPEN, in_force(Engagement, clock.now()), EvidenceStep.move.in_(sorted(LETTERED)))
        .group_by(*asked)
        .order_by(EvidenceRequest.due_on, EvidenceRequest.tenant_id, EvidenceRequest.id)
    )
    with among_people():
        rows: Iterable[Any] = db.session().execute(query).all()
    return [Waiting(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Count:
    """How many requests of auditors an organisation has to answer, how many of them late, and the first day."""

    waiting: int
    late: int
    first_on: date


def counted(asked: Iterable[Waiting], areas: Mapping[int, frozenset[Area]], today: date) -> dict[int, Count]:
    """Return the count of each organisation that has any.

    areas: what of each organisation is open to whoever asks; a request about a part that is not, does not count.
    """
    found: dict[int, list[date]] = {}
    for one in asked:
        if one.within(areas.get(one.tenant_id, frozenset())):
            found.setdefault(one.tenant_id, []).append(one.due_on)
    return {
        tenant_id: Count(len(days), sum(day < today for day in days), min(days)) for tenant_id, days in found.items()
    }
