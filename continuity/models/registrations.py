"""A registered service, its agreements, its counterparty and who talks to whom."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class SchemeType(StrEnum):
    """The three types of the scheme."""

    HOSTING = "hosting"
    SERVER_MANAGEMENT = "server-management"
    STANDARD_SOFTWARE = "standard-software"


class SchemeState(StrEnum):
    """How far a scheme is. continuity/registrations/states.py names every way from one to another."""

    DRAFT = "draft"
    SUPPLIER_SIGNED = "supplier-signed"
    COUNTERPARTY_KNOWN = "counterparty-known"
    COUNTERPARTY_WILLING = "counterparty-willing"
    COUNTERPARTY_SIGNED = "counterparty-signed"
    OFFERED = "offered"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TRIGGERED = "triggered"
    RUNNING = "running"
    CLOSED = "closed"
    TERMINATED = "terminated"


class AgreementKind(StrEnum):
    """Contract 1 (supplier and foundation), contract 2 (foundation and counterparty), the service contract, and what
    the foundation may do with personal data."""

    FRAMEWORK = "framework"
    SUPPLY = "supply"
    SERVICE = "service"
    PROCESSOR = "processor"


class FeeEvery(StrEnum):
    """How often a fee is paid."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"


class NoticeUnit(StrEnum):
    """In what a period of notice is counted."""

    DAYS = "days"
    MONTHS = "months"


class SchemeParty(StrEnum):
    """The three that must keep talking."""

    COMPANY = "company"
    FOUNDATION = "foundation"
    PARTNER = "partner"


class Registration(TenantOwned, Archivable, Versioned, Base):
    """A service that its supplier registered with a foundation, under one type of the scheme.

    declared_bankrupt_on: the day from which the period runs; it is there exactly while the scheme is triggered,
    running or closed. state: moved by continuity/registrations/states.py alone. buys_hosting, manages_servers,
    supplies_licences: the answers from which the type follows; type_reason: why another one was chosen.
    """

    __tablename__ = "registration"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        sa.Index("ix_registration_foundation_id", "foundation_id"),
        sa.CheckConstraint("duration_months >= 1", name="duration"),
        sa.CheckConstraint(
            "(declared_bankrupt_on IS NOT NULL) = (state IN ('triggered', 'running', 'closed'))", name="declared"
        ),
    )

    service_name: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(Sealed("registration.description", 2000), default="")
    scheme_type: Mapped[SchemeType] = mapped_column(words(SchemeType))
    state: Mapped[SchemeState] = mapped_column(words(SchemeState), default=SchemeState.DRAFT)
    buys_hosting: Mapped[bool] = mapped_column(default=False)
    manages_servers: Mapped[bool] = mapped_column(default=False)
    supplies_licences: Mapped[bool] = mapped_column(default=False)
    type_reason: Mapped[str] = mapped_column(Sealed("registration.type_reason", 1000), default="")
    foundation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tenant.id"))
    scope_understood_on: Mapped[date | None]
    uncovered_services: Mapped[str] = mapped_column(Sealed("registration.uncovered_services", 2000), default="")
    portfolio_changed_on: Mapped[date | None]
    monthly_cost: Mapped[Decimal | None]
    duration_months: Mapped[int] = mapped_column(default=3)
    declared_bankrupt_on: Mapped[date | None]


class Agreement(TenantOwned, Archivable, Versioned, Base):
    """A contract of the scheme. Days are inclusive; the file is kept under its SHA-256.

    notice_on: the last day to give notice, from notice_length before the end where that is told. duration_months: how
    long it promises continuity. follows_id: the earlier agreement that it renews. *_name, *_kvk: what the organisation
    that signed was called when that was recorded, on *_named_on; "" for a party that is no organisation here.
    """

    __tablename__ = "agreement"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        owned_fk("follows_id", "agreement"),
        sa.CheckConstraint("duration_months >= 1", name="duration"),
        sa.CheckConstraint("notice_length >= 0", name="notice"),
    )

    registration_id: Mapped[UUID]
    follows_id: Mapped[UUID | None]
    kind: Mapped[AgreementKind] = mapped_column(words(AgreementKind))
    party: Mapped[str] = mapped_column(sa.String(200))
    reference: Mapped[str] = mapped_column(Sealed("agreement.reference", 200), default="")
    first_signed_on: Mapped[date | None]
    first_signed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    first_name: Mapped[str] = mapped_column(sa.String(200), default="")
    first_kvk: Mapped[str] = mapped_column(sa.String(8), default="")
    first_named_on: Mapped[date | None]
    second_signed_on: Mapped[date | None]
    second_signed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    second_name: Mapped[str] = mapped_column(sa.String(200), default="")
    second_kvk: Mapped[str] = mapped_column(sa.String(8), default="")
    second_named_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    notice_on: Mapped[date | None]
    notice_length: Mapped[int | None]
    notice_unit: Mapped[NoticeUnit] = mapped_column(words(NoticeUnit), default=NoticeUnit.MONTHS)
    duration_months: Mapped[int] = mapped_column(default=3)
    fee: Mapped[Decimal | None]
    fee_every: Mapped[FeeEvery] = mapped_column(words(FeeEvery), default=FeeEvery.MONTH)
    delivers_on: Mapped[bool] = mapped_column(default=False)
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    file_type: Mapped[str] = mapped_column(sa.String(100), default="")
    file_size: Mapped[int | None]
    file_sha256: Mapped[str] = mapped_column(sa.String(64), default="")


class Counterparty(TenantOwned, Archivable, Versioned, Base):
    """The upstream supplier or partner company: knows, is willing and signed are separate dated facts.

    refused_on: the day on which it said, by the link it was sent, that it is not willing.
    """

    __tablename__ = "counterparty"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.Index(
            "uq_counterparty_current",
            "tenant_id",
            "registration_id",
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        ),
    )

    registration_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(200))
    kvk: Mapped[str] = mapped_column(sa.String(8), default="")
    contact_name: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(Sealed("counterparty.phone", 40), default="")
    email: Mapped[str] = mapped_column(Sealed("counterparty.email", 254), default="")
    chosen_on: Mapped[date | None]
    knows_on: Mapped[date | None]
    knows_by: Mapped[str] = mapped_column(sa.String(200), default="")
    willing_on: Mapped[date | None]
    willing_by: Mapped[str] = mapped_column(sa.String(200), default="")
    signed_on: Mapped[date | None]
    signed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    refused_on: Mapped[date | None]
    refused_by: Mapped[str] = mapped_column(sa.String(200), default="")
    refused_why: Mapped[str] = mapped_column(Sealed("counterparty.refused_why", 1000), default="")


class SchemeContact(TenantOwned, Versioned, Base):
    """Whom to call at the company, the foundation or the partner."""

    __tablename__ = "scheme_contact"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.UniqueConstraint("tenant_id", "registration_id", "party"),
    )

    registration_id: Mapped[UUID]
    party: Mapped[SchemeParty] = mapped_column(words(SchemeParty))
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(Sealed("scheme_contact.phone", 40), default="")
    email: Mapped[str] = mapped_column(Sealed("scheme_contact.email", 254), default="")
    confirmed_on: Mapped[date | None]
