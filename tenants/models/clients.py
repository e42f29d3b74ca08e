"""A reseller's way to its clients: lists it brought in, and the invitations it sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed, SealedJson
from tenants.models.access import GrantLevel
from tenants.owned import Area, TenantOwned


class ClientList(TenantOwned, Base):
    """An uploaded list of clients. cells: rows of values, kept until its invitations are sent."""

    __tablename__ = "client_list"
    __area__ = Area.PEOPLE
    __erasable__ = True
    # The trail tells how many were invited from it; each invitation is an entry of its own.
    __trailed__ = False

    file_name: Mapped[str] = mapped_column(sa.String(200))
    cells: Mapped[list[Any]] = mapped_column(SealedJson("client_list.cells"))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    sent_at: Mapped[datetime | None]


class ClientInvitation(TenantOwned, Base):
    """What a reseller asks a client for: to be let in, how far, in which areas. The client decides.

    name, kvk: as the reseller knows the client; client_id: the organisation that answered it with a grant.
    """

    __tablename__ = "client_invitation"
    __area__ = Area.PEOPLE
    __table_args__ = (
        sa.CheckConstraint("plan OR continuity", name="some_area"),
        sa.CheckConstraint("(accepted_at IS NULL) = (client_id IS NULL)", name="client_of_accepted"),
    )

    name: Mapped[str] = mapped_column(sa.String(200))
    kvk: Mapped[str] = mapped_column(sa.String(8), default="")
    email: Mapped[str] = mapped_column(Sealed("client_invitation.email", 254))
    level: Mapped[GrantLevel] = mapped_column(words(GrantLevel))
    plan: Mapped[bool]
    continuity: Mapped[bool]
    invited_by: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    sent_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    client_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tenant.id"))
    withdrawn_at: Mapped[datetime | None]
