"""Public certificates of cover, and the secrets in their addresses."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class CoverCertificate(TenantOwned, Versioned, Base):
    """A public page that tells whether a client is covered at the moment of asking. It says nothing by itself."""

    __tablename__ = "cover_certificate"
    __area__ = Area.CONTINUITY
    # Making and revoking one are events of their own.
    __trailed__ = False
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        owned_fk("client_id", "client"),
        sa.Index("ix_cover_certificate_client_id", "tenant_id", "client_id"),
    )

    registration_id: Mapped[UUID]
    client_id: Mapped[UUID]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(200))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(sa.String(200), default="")


class CertificateToken(Base):
    """Which certificate the secret in an address belongs to; only its hash is kept. Whoever asks stands outside."""

    __tablename__ = "certificate_token"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"))
    certificate_id: Mapped[UUID]
