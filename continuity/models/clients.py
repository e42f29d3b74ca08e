"""Clients of a registered service, the beneficiary deed, and who accepted which version of it."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, object_session

from core.db import Base
from core.vault import Sealed, SealedJson
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class PublishedDeedChanged(Exception):
    """The code tried to change a deed that clients may have accepted. Always a mistake of ours."""


class DeedVersion(TenantOwned, Versioned, Base):
    """A version of the beneficiary deed; once published its text never changes. sha256: of text and conditions."""

    __tablename__ = "deed_version"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.UniqueConstraint("tenant_id", "registration_id", "number"),
    )

    registration_id: Mapped[UUID]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Sealed("deed_version.text"))
    conditions: Mapped[list[Any]] = mapped_column(SealedJson("deed_version.conditions"))
    published_on: Mapped[date | None]
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")


@event.listens_for(DeedVersion, "before_update")
def _keep_published(_mapper: object, _connection: object, row: DeedVersion) -> None:
    session = object_session(row)
    if session is None or not session.is_modified(row):
        return
    published = sa.inspect(row).attrs.published_on.history
    if any(day is not None for day in (*published.unchanged, *published.deleted)):
        raise PublishedDeedChanged(f"deed version {row.id} was published")


class Client(TenantOwned, Archivable, Versioned, Base):
    """A client of the registered service. monthly_fee: what it will pay the foundation, euro a month."""

    __tablename__ = "client"
    __area__ = Area.CONTINUITY
    __table_args__ = (owned_fk("registration_id", "registration"),)

    registration_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(200))
    kvk: Mapped[str] = mapped_column(sa.String(8), default="")
    email: Mapped[str] = mapped_column(Sealed("client.email", 254), default="")
    monthly_fee: Mapped[Decimal | None]
    invited_on: Mapped[date | None]


class Acceptance(TenantOwned, Versioned, Base):
    """A client accepted a version of the deed: who declared it, in which function, when."""

    __tablename__ = "acceptance"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("client_id", "client"),
        owned_fk("deed_version_id", "deed_version"),
        sa.UniqueConstraint("tenant_id", "client_id", "deed_version_id"),
    )

    client_id: Mapped[UUID]
    deed_version_id: Mapped[UUID]
    accepted_on: Mapped[date]
    accepted_by: Mapped[str] = mapped_column(sa.String(200))
    accepted_as: Mapped[str] = mapped_column(sa.String(200), default="")
    conditions_met_on: Mapped[date | None]
    ended_on: Mapped[date | None]
