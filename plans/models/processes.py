"""What systems need to work."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from core.db import Base
from tenants.owned import Area, TenantOwned, owned_fk


class SystemNeed(TenantOwned, Base):
    """A system cannot work without another system, an external party or a data set: exactly one of the three."""

    __tablename__ = "system_need"
    __area__ = Area.PLAN
    __erasable__ = True
    __table_args__ = (
        owned_fk("system_id", "system"),
        owned_fk("needed_system_id", "system"),
        owned_fk("party_id", "external_party"),
        owned_fk("data_set_id", "data_set"),
        sa.UniqueConstraint("tenant_id", "system_id", "needed_system_id"),
        sa.UniqueConstraint("tenant_id", "system_id", "party_id"),
        sa.UniqueConstraint("tenant_id", "system_id", "data_set_id"),
        sa.CheckConstraint("needed_system_id IS NULL OR needed_system_id <> system_id", name="other"),
        sa.CheckConstraint(
            "CASE WHEN needed_system_id IS NULL THEN 0 ELSE 1 END + CASE WHEN party_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN data_set_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one",
        ),
    )

    system_id: Mapped[UUID]
    needed_system_id: Mapped[UUID | None]
    party_id: Mapped[UUID | None]
    data_set_id: Mapped[UUID | None]
