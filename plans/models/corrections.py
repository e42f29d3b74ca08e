"""What people without an account say is no longer right about them, until the organisation decides."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.vault import Sealed, SealedJson
from tenants.owned import Area, TenantOwned, owned_fk


class Correction(TenantOwned, Base):
    """What a contact or an external party says must change about them: a proposal, never the change itself.

    values: new texts by column; note: in their own words; accepted: None while nobody decided.
    """

    __tablename__ = "correction"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("contact_id", "contact"),
        owned_fk("party_id", "external_party"),
        sa.CheckConstraint("(contact_id IS NULL) <> (party_id IS NULL)", name="one"),
    )

    contact_id: Mapped[UUID | None]
    party_id: Mapped[UUID | None]
    values: Mapped[dict[str, Any]] = mapped_column(SealedJson("correction.values"))
    note: Mapped[str] = mapped_column(Sealed("correction.note", 2000), default="")
    proposed_by: Mapped[str] = mapped_column(sa.String(200))
    proposed_on: Mapped[date]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")
    accepted: Mapped[bool | None]
