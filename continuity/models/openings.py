"""The opening of a sealed delivery by two officers, one after the other, with why and by whose leave."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class OpeningGround(StrEnum):
    """Why it may be opened: the supplier agrees, or its scheme is at work."""

    AGREEMENT = "agreement"
    ACTIVATION = "activation"


class OpeningState(StrEnum):
    """How far an opening is. Half: one officer opened the outer layer; opened: the second one has the contents."""

    ASKED = "asked"
    ALLOWED = "allowed"
    HALF = "half"
    OPENED = "opened"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class HandoverOpening(TenantOwned, Versioned, Base):
    """One opening of one sealed delivery; it stands at the supplier, which sees every one.

    until: the instant up to which the next step may be taken. decided_*: the supplier's leave, or none was needed.
    first_*, second_*: the officers who opened the outer and the inner layer, by the fingerprint of their key.
    half_secret: what the first one opened, still sealed to the second; emptied when the opening ends. It is called so
    because the trail says of such a column that it changed, and never to what.
    matched: whether what stood inside was what this service says about it, as the second one found.
    """

    __tablename__ = "handover_opening"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("delivery_id", "handover_delivery"),
        sa.CheckConstraint("first_user_id <> second_user_id", name="two_people"),
        sa.Index(
            "uq_handover_opening_live",
            "tenant_id",
            "delivery_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    delivery_id: Mapped[UUID]
    foundation_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"))
    ground: Mapped[OpeningGround] = mapped_column(words(OpeningGround))
    state: Mapped[OpeningState] = mapped_column(words(OpeningState))
    purpose: Mapped[str] = mapped_column(Sealed("handover_opening.purpose", 2000))
    asked_by: Mapped[str] = mapped_column(sa.String(200))
    asked_at: Mapped[datetime]
    until: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_at: Mapped[datetime | None]
    first_user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    first_by: Mapped[str] = mapped_column(sa.String(200), default="")
    first_key: Mapped[str] = mapped_column(sa.String(32), default="")
    first_at: Mapped[datetime | None]
    half_secret: Mapped[str] = mapped_column(Sealed("handover_opening.half_secret", 6000), default="")
    second_user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    second_by: Mapped[str] = mapped_column(sa.String(200), default="")
    second_key: Mapped[str] = mapped_column(sa.String(32), default="")
    second_at: Mapped[datetime | None]
    matched: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Sealed("handover_opening.reason", 2000), default="")
    ended_by: Mapped[str] = mapped_column(sa.String(200), default="")
    ended_at: Mapped[datetime | None]
