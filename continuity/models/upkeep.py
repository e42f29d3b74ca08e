"""What a foundation saw of a delivery, one thing at a time, and when it reminded a supplier."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from tenants.owned import Area, TenantOwned, owned_fk


class CheckKind(StrEnum):
    """What the foundation looks at before a delivery counts. Source: rules 3.6 H5."""

    COMPLETE = "complete"
    READABLE = "readable"
    KEY_FITS = "key-fits"


class HandoverCheck(TenantOwned, Base):
    """One thing that an officer of the foundation saw of a delivery: on which day, and who. All three confirm it."""

    __tablename__ = "handover_check"
    __area__ = Area.CONTINUITY
    __append_only__ = True
    __table_args__ = (
        owned_fk("delivery_id", "handover_delivery"),
        sa.UniqueConstraint("tenant_id", "delivery_id", "kind"),
    )

    delivery_id: Mapped[UUID]
    kind: Mapped[CheckKind] = mapped_column(words(CheckKind))
    checked_on: Mapped[date]
    checked_by: Mapped[str] = mapped_column(sa.String(200))


class SupplierReminder(TenantOwned, Base):
    """A mail in which a foundation listed what a supplier has to hand over. The database keeps it to one a day.

    items: how many were listed; sent_on: in the zone of the foundation.
    """

    __tablename__ = "supplier_reminder"
    __area__ = Area.CONTINUITY
    __append_only__ = True
    __table_args__ = (sa.UniqueConstraint("tenant_id", "foundation_id", "sent_on"),)

    foundation_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"))
    sent_on: Mapped[date]
    sent_by: Mapped[str] = mapped_column(sa.String(200))
    items: Mapped[int]
