"""Who is asked about a licence whose supplier is no external party."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from core.db import Base
from tenants.owned import Area, TenantOwned, owned_fk


class LicenceKeeper(TenantOwned, Base):
    """The contact or the external party that knows whether a licence is right; a licence has one at most."""

    __tablename__ = "licence_keeper"
    __area__ = Area.PLAN
    __erasable__ = True
    __table_args__ = (
        owned_fk("asset_id", "asset"),
        owned_fk("contact_id", "contact"),
        owned_fk("party_id", "external_party"),
        sa.UniqueConstraint("tenant_id", "asset_id"),
        sa.CheckConstraint("(contact_id IS NULL) <> (party_id IS NULL)", name="one"),
    )

    asset_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    party_id: Mapped[UUID | None]
