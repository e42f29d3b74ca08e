"""What changed in the business, and which items of the plan somebody must look at because of it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, owned_fk


class Happening(StrEnum):
    """What happened to the business."""

    MOVED = "moved"
    MERGED = "merged"
    NEW_SYSTEM = "new_system"
    PERSON_LEFT = "person_left"
    NEW_SUPPLIER = "new_supplier"
    OTHER = "other"


class BusinessChange(TenantOwned, Archivable, Base):
    """Something that changed in the business, so that the plan must change with it. contact_id: who left."""

    __tablename__ = "business_change"
    __area__ = Area.PLAN
    __table_args__ = (owned_fk("contact_id", "contact"),)

    kind: Mapped[Happening] = mapped_column(words(Happening), default=Happening.OTHER)
    contact_id: Mapped[UUID | None]
    reported_on: Mapped[date]
    what: Mapped[str] = mapped_column(Sealed("business_change.what", 2000))
    reported_by: Mapped[str] = mapped_column(sa.String(200))


class ChangedItem(TenantOwned, Base):
    """An item of the plan that a change in the business touches, until somebody looked at it.

    settled_on: when somebody did; still_right: they found that nothing had to change.
    """

    __tablename__ = "changed_item"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("change_id", "business_change"),
        sa.UniqueConstraint("tenant_id", "change_id", "item_id"),
        sa.Index("ix_changed_item_item_id", "tenant_id", "item_id"),
    )

    change_id: Mapped[UUID]
    item_id: Mapped[str] = mapped_column(sa.String(60))
    settled_on: Mapped[date | None]
    settled_by: Mapped[str] = mapped_column(sa.String(200), default="")
    still_right: Mapped[bool] = mapped_column(default=False)
