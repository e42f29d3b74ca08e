"""Tokens by which programs act in an organisation, within some scopes and until a day."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from tenants.owned import Area, TenantOwned


class ApiToken(TenantOwned, Base):
    """What a program may do in this organisation, and until when. Its secret stands in `ApiKey`, as a hash.

    scopes: values of tenants.tokens.scopes.TokenScope; made_by: the owner who made it, with whom it ends.
    """

    __tablename__ = "api_token"
    __area__ = Area.PEOPLE
    __table_args__ = (sa.CheckConstraint("expires_at > made_at", name="expires_after_made"),)

    name: Mapped[str] = mapped_column(sa.String(120))
    scopes: Mapped[list[Any]]
    made_by: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ApiKey(Base):
    """Which token a secret belongs to, and how much it was used lately. Whoever calls stands outside everything.

    spent_until: milliseconds since 1970 until which its calls so far are paid for, one call costing a fixed time;
    used_at: when it was used last.
    """

    __tablename__ = "api_key"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"), index=True)
    token_id: Mapped[UUID]
    spent_until: Mapped[int] = mapped_column(sa.BigInteger)
    used_at: Mapped[datetime | None]
