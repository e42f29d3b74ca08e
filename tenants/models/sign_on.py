"""Signing in at one's own organisation: its provider, the domain it has proved, and who is who there."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.vault import PlatformSealed
from tenants.owned import Area, TenantOwned


class SignOnProvider(TenantOwned, Base):
    """The OpenID Connect provider of an organisation. proof: what a file on its domain must hold to prove it."""

    __tablename__ = "sign_on_provider"
    __area__ = Area.PEOPLE
    __erasable__ = True
    __table_args__ = (sa.UniqueConstraint("tenant_id"),)

    issuer: Mapped[str] = mapped_column(sa.String(300))
    client_id: Mapped[str] = mapped_column(sa.String(200))
    client_secret: Mapped[str] = mapped_column(PlatformSealed("sign_on.client_secret"))
    domain: Mapped[str] = mapped_column(sa.String(253))
    proof: Mapped[str] = mapped_column(sa.String(64))


class SignOnDomain(Base):
    """An e-mail domain that one organisation has proved to be its own. One domain belongs to one organisation."""

    __tablename__ = "sign_on_domain"

    domain: Mapped[str] = mapped_column(sa.String(253), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"), unique=True)
    proved_at: Mapped[datetime]


class LinkedIdentity(Base):
    """A person as a provider knows them: issuer and subject, which never change, unlike an address.

    Good only for signing in by the provider of the organisation that linked it.
    """

    __tablename__ = "linked_identity"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "issuer", "subject"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"))
    issuer: Mapped[str] = mapped_column(sa.String(300))
    subject: Mapped[str] = mapped_column(sa.String(255))
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    linked_at: Mapped[datetime]
