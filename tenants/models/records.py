"""What happened, and what was handed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from tenants.owned import Area, TenantOwned


class TrailEntry(TenantOwned, Base):
    """One thing that happened in an organisation: who, in which role, what changed."""

    __tablename__ = "trail_entry"
    __area__ = Area.TRAIL
    __trailed__ = False
    __table_args__ = (sa.Index("ix_trail_entry_at", "tenant_id", "at"),)

    at: Mapped[datetime]
    user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    actor: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(40))
    # On whose behalf: the reseller's name when its staff acts in a client's organisation.
    via: Mapped[str] = mapped_column(sa.String(200), server_default="")
    request_id: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(60))
    subject_id: Mapped[UUID | None]
    changes: Mapped[dict[str, Any]]


class StoredFile(TenantOwned, Base):
    """A file somebody uploaded: its name and the SHA-256 under which the file store keeps the bytes."""

    __tablename__ = "stored_file"
    __area__ = Area.PLAN

    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    uploaded_at: Mapped[datetime]
