"""Keys of a foundation's officers, and the copies of them that a supplier compared."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from tenants.owned import Area, TenantOwned, Versioned


class KeyState(StrEnum):
    """How far a key is. Pending: whoever sent it did not show yet that they can open what is sealed to it."""

    PENDING = "pending"
    ACTIVE = "active"
    RETIRED = "retired"
    LOST = "lost"


class OfficerKey(TenantOwned, Versioned, Base):
    """The public half of an officer's key; the other half never comes here.

    recipient: an age X25519 public key; fingerprint: what people compare it by. proof_sealed: a random code sealed to
    the key, proof_hash its SHA-256: who sends the code back holds the other half.
    """

    __tablename__ = "officer_key"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "fingerprint"),
        sa.Index(
            "uq_officer_key_active",
            "tenant_id",
            "user_id",
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    recipient: Mapped[str] = mapped_column(sa.String(62))
    fingerprint: Mapped[str] = mapped_column(sa.String(32))
    state: Mapped[KeyState] = mapped_column(words(KeyState))
    proof_sealed: Mapped[str] = mapped_column(sa.String(2000))
    proof_hash: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(sa.String(200), default="")


class TrustedKey(TenantOwned, Versioned, Base):
    """A supplier's own copy of an officer's public key: offered by the foundation, sealed to only once it was compared.

    pinned_at: when somebody of the supplier compared the fingerprint with the officer; ended_at, ended_as: the
    foundation took the key out of use.
    """

    __tablename__ = "trusted_key"
    __area__ = Area.CONTINUITY
    __table_args__ = (sa.UniqueConstraint("tenant_id", "foundation_id", "fingerprint"),)

    foundation_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    recipient: Mapped[str] = mapped_column(sa.String(62))
    fingerprint: Mapped[str] = mapped_column(sa.String(32))
    offered_at: Mapped[datetime]
    pinned_at: Mapped[datetime | None]
    pinned_by: Mapped[str] = mapped_column(sa.String(200), default="")
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[KeyState | None] = mapped_column(words(KeyState))
