"""Lists of openings, and one with all that deciding about it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from continuity.handovers.queries import addressed
from continuity.models import HandoverDelivery, HandoverItem, HandoverOpening, OpeningState, Registration
from continuity.officers.queries import published
from continuity.openings.services import Deposit, holders
from core import db
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Listed:
    """An opening, and what it is about."""

    opening: HandoverOpening
    item: HandoverItem
    delivery: HandoverDelivery


def openings(registration_ids: Sequence[UUID]) -> dict[UUID, list[Listed]]:
    """Return the openings of what was handed over for these registrations, the newest first, in one query."""
    query = (
        sa.select(HandoverOpening, HandoverItem, HandoverDelivery)
        .join(
            HandoverDelivery,
            sa.and_(
                HandoverDelivery.tenant_id == HandoverOpening.tenant_id,
                HandoverDelivery.id == HandoverOpening.delivery_id,
            ),
        )
        .join(
            HandoverItem,
            sa.and_(
                HandoverItem.tenant_id == HandoverDelivery.tenant_id,
                HandoverItem.id == HandoverDelivery.handover_item_id,
            ),
        )
        .where(HandoverItem.registration_id.in_(registration_ids))
        .order_by(HandoverOpening.asked_at.desc(), HandoverOpening.id.desc())
    )
    found: dict[UUID, list[Listed]] = {one: [] for one in registration_ids}
    for row in db.session().execute(query):
        found[row[1].registration_id].append(Listed(*row))
    return found


def opening(owner: Registration, opening_id: UUID) -> Listed | None:
    """Return one opening when it is about something handed over for `owner`."""
    return next((one for one in openings([owner.id])[owner.id] if one.opening.id == opening_id), None)


def of_delivery(owner: Registration, delivery: HandoverDelivery) -> list[Listed]:
    """Return the openings of one delivery, the newest first."""
    return [one for one in openings([owner.id])[owner.id] if one.delivery.id == delivery.id]


def waiting_for_leave(registration_id: UUID) -> int:
    """Return how many openings of a service wait for the supplier's answer."""
    return sum(one.opening.state is OpeningState.ASKED for one in openings([registration_id])[registration_id])


def deposit(owner: Registration, item: HandoverItem, delivery: HandoverDelivery) -> Deposit:
    """Return a delivery with the officers who can open it now."""
    keys = published(owner.foundation_id) if owner.foundation_id is not None else []
    return Deposit(owner, item, delivery, holders(addressed([delivery])[delivery.id], keys))


def address_of(tenant_id: int) -> str:
    """Return what stands for an organisation in addresses, and inside what it sealed."""
    return db.session().scalars(sa.select(Tenant.slug).where(Tenant.id == tenant_id)).one()
