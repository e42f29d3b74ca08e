"""What the pages of webhooks show."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from audits.webhooks.models import Webhook, WebhookDelivery, WebhookState
from core import db

SHOWN = 50


def webhooks() -> list[Webhook]:
    """Return who is told, by name."""
    found = db.session().scalars(sa.select(Webhook).where(Webhook.state != WebhookState.REMOVED))
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def deliveries(hook_id: UUID) -> Sequence[WebhookDelivery]:
    """Return the newest tellings of a webhook, the newest first."""
    query = sa.select(WebhookDelivery).where(WebhookDelivery.webhook_id == hook_id)
    newest = query.order_by(WebhookDelivery.happened_at.desc(), WebhookDelivery.id.desc()).limit(SHOWN)
    return db.session().scalars(newest).all()
