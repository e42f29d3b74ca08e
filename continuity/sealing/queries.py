"""Lists about sealed deliveries."""

from uuid import UUID

import sqlalchemy as sa

from continuity.models import HandoverDelivery, HandoverItem
from core import db


def delivery(item: HandoverItem, delivery_id: UUID) -> HandoverDelivery | None:
    """Return one delivery of an item."""
    query = sa.select(HandoverDelivery).where(
        HandoverDelivery.id == delivery_id,
        HandoverDelivery.tenant_id == item.tenant_id,
        HandoverDelivery.handover_item_id == item.id,
    )
    return db.session().scalar(query)
