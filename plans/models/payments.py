"""What a director approved of the agreements about payments."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.vault import Sealed
from tenants.owned import Area, TenantOwned, owned_fk


class PaymentApproval(TenantOwned, Base):
    """The agreements about payments as a director approved them: never changed, a later one has the next number.

    text: what they said, as canonical JSON; digest: its SHA-256; contact_id: the director who approved by a personal
    link, None for an owner with an account.
    """

    __tablename__ = "payment_approval"
    __area__ = Area.PLAN
    __table_args__ = (owned_fk("contact_id", "contact"), sa.UniqueConstraint("tenant_id", "number"))

    number: Mapped[int]
    text: Mapped[str] = mapped_column(Sealed("payment_approval.text"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    approved_on: Mapped[date]
    approved_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(sa.String(200))
    contact_id: Mapped[UUID | None]
