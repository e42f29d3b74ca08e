"""What the foundation must always hold: documents, logins and other information, each delivery a version."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, words
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class HandoverKind(StrEnum):
    """What is handed over; decides which duty of the scheme it serves."""

    DOCUMENT = "document"
    LOGIN = "login"
    INFORMATION = "information"


class HandoverItem(TenantOwned, Archivable, Versioned, Base):
    """Something the foundation must hold. It never contains the secret itself, only what and where it is for.

    max_age_days: how old a delivery may get; changed_on: the day a newer version, or a changed login, became known.
    """

    __tablename__ = "handover_item"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.CheckConstraint("max_age_days >= 1", name="max_age"),
    )

    registration_id: Mapped[UUID]
    kind: Mapped[HandoverKind] = mapped_column(words(HandoverKind))
    label: Mapped[str] = mapped_column(sa.String(200))
    service: Mapped[str] = mapped_column(sa.String(200), default="")
    required: Mapped[bool] = mapped_column(default=True)
    owner: Mapped[str] = mapped_column(sa.String(200), default="")
    max_age_days: Mapped[int]
    changed_on: Mapped[date | None]


class HandoverDelivery(TenantOwned, Versioned, Base):
    """One delivery of an item: a new version with a readable specification, confirmed by the foundation or not yet."""

    __tablename__ = "handover_delivery"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("handover_item_id", "handover_item"),
        sa.UniqueConstraint("tenant_id", "handover_item_id", "number"),
    )

    handover_item_id: Mapped[UUID]
    number: Mapped[int]
    delivered_on: Mapped[date]
    delivered_by: Mapped[str] = mapped_column(sa.String(200))
    specification: Mapped[str] = mapped_column(Sealed("handover_delivery.specification", 2000))
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[str] = mapped_column(sa.String(200), default="")
