"""Who is told of what, and each telling."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Area, TenantOwned, owned_fk

ADDRESS_LENGTH = 500


class HookEvent(StrEnum):
    """What is told. LAPSING: something reached a step of the ladder of reminders; TEST: somebody tries it out."""

    OPENED = "opened"
    CLOSED = "closed"
    LAPSING = "lapsing"
    TEST = "test"


class WebhookState(StrEnum):
    """Whether somebody is told. OFF: by hand; FAILED: because they could not be reached for days."""

    ON = "on"
    OFF = "off"
    FAILED = "failed"
    REMOVED = "removed"


class DeliveryState(StrEnum):
    """How far one telling is. DROPPED: nobody was to be told any more when its turn came."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


class Webhook(TenantOwned, Base):
    """A program of somebody that is told what the audit found. secret: signs; former_secret: also, until then.

    events: values of HookEvent.
    """

    __tablename__ = "webhook"
    __area__ = Area.AUDIT

    name: Mapped[str] = mapped_column(sa.String(120))
    # An address may hold a secret of its own.
    address: Mapped[str] = mapped_column(Sealed("webhook.address", ADDRESS_LENGTH))
    secret: Mapped[str] = mapped_column(Sealed("webhook.secret", 100))
    former_secret: Mapped[str] = mapped_column(Sealed("webhook.former_secret", 100), default="")
    former_until: Mapped[datetime | None]
    events: Mapped[list[Any]]
    state: Mapped[WebhookState] = mapped_column(words(WebhookState))
    added_by: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    added_at: Mapped[datetime]


class WebhookDelivery(TenantOwned, Base):
    """One telling of one event: made in the transaction of the event itself, once for each webhook.

    about_id: the finding or reminder it is about; turn: how often it was planned, tried or not; answer: in our words.
    """

    __tablename__ = "webhook_delivery"
    __area__ = Area.AUDIT
    # Once it was told or given up, and no auditor works here: retention.py.
    __erasable__ = True
    __trailed__ = False
    __table_args__ = (
        owned_fk("webhook_id", "webhook"),
        sa.UniqueConstraint("tenant_id", "webhook_id", "event", "about_id"),
        sa.Index("ix_webhook_delivery_webhook_id", "tenant_id", "webhook_id", "happened_at"),
    )

    webhook_id: Mapped[UUID]
    event: Mapped[HookEvent] = mapped_column(words(HookEvent))
    about_id: Mapped[UUID]
    happened_at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState))
    attempts: Mapped[int]
    turn: Mapped[int]
    tried_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.String(120))
