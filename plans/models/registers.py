"""Registers: people, parties, departments, systems, data sets and the twelve kinds of asset."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import one_of, words
from core.db import Base
from core.i18n import Language
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class AssetKind(StrEnum):
    """The twelve classes of the inventory; the value is the handbook item without its section."""

    OFFICE_PC = "office-pcs"
    SERVER = "servers"
    BACKUP_UNIT = "backup-units"
    TELEPHONE_SYSTEM = "telephone-system"
    TELEPHONE_LINE = "telephone-lines"
    INTERNET = "internet"
    LICENCE = "licences"
    IP_ADDRESS = "ip-addresses"
    MOBILE_PHONE = "mobile-phones"
    CLOUD_SERVICE = "cloud-services"
    TABLET = "tablets"
    PRINTER = "printers"


class LineUse(StrEnum):
    """What a telephone record is: the exchange or handsets, or lines by what they are used for."""

    EXCHANGE = "exchange"
    HANDSET = "handset"
    VOICE = "voice"
    FAX = "fax"
    ALARM = "alarm"


class SecondStep(StrEnum):
    """What signing in asks for besides a password. NO_ACCOUNT: there is nothing to sign in to."""

    APP = "app"
    KEY = "key"
    MESSAGE = "message"
    NONE = "none"
    NO_ACCOUNT = "no-account"


class PartyKind(StrEnum):
    """What an external party is to the organisation. The first four must be named."""

    IT_ADMINISTRATOR = "it-administrator"
    INSURER = "insurer"
    FACILITY = "facility"
    LAWYER = "lawyer"
    SUPPLIER = "supplier"
    OTHER = "other"


class Impact(StrEnum):
    """How bad an outage is, mildest first."""

    NONE = "none"
    ANNOYING = "annoying"
    SERIOUS = "serious"
    SEVERE = "severe"
    RUINOUS = "ruinous"


class Contact(TenantOwned, Archivable, Versioned, Base):
    """A person of the organisation, or one it must be able to reach. language: None for the organisation's own."""

    __tablename__ = "contact"
    __area__ = Area.PLAN

    name: Mapped[str] = mapped_column(sa.String(200))
    job_title: Mapped[str] = mapped_column(sa.String(200), default="")
    department: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(Sealed("contact.phone", 40), default="")
    phone_2: Mapped[str] = mapped_column(Sealed("contact.phone_2", 40), default="")
    email: Mapped[str] = mapped_column(Sealed("contact.email", 254), default="")
    is_staff: Mapped[bool] = mapped_column(default=True)
    language: Mapped[Language | None] = mapped_column(words(Language))
    confirmed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Sealed("contact.note", 2000), default="")


class ExternalParty(TenantOwned, Archivable, Versioned, Base):
    """A company to call in: IT administrator, insurer, facility company, lawyer, supplier.

    report_within_hours: how soon it must hear of an incident, by the policy or contract.
    """

    __tablename__ = "external_party"
    __area__ = Area.PLAN
    __table_args__ = (
        sa.CheckConstraint(
            "report_within_hours IS NULL OR report_within_hours BETWEEN 1 AND 8760", name="report_within"
        ),
    )

    kind: Mapped[PartyKind] = mapped_column(words(PartyKind))
    name: Mapped[str] = mapped_column(sa.String(200))
    contact_name: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(Sealed("external_party.phone", 40), default="")
    email: Mapped[str] = mapped_column(Sealed("external_party.email", 254), default="")
    reference: Mapped[str] = mapped_column(Sealed("external_party.reference", 200), default="")
    kvk: Mapped[str] = mapped_column(Sealed("external_party.kvk", 20), default="")
    vat: Mapped[str] = mapped_column(Sealed("external_party.vat", 20), default="")
    iban: Mapped[str] = mapped_column(Sealed("external_party.iban", 50), default="")
    report_within_hours: Mapped[int | None]
    confirmed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Sealed("external_party.note", 2000), default="")


class Department(TenantOwned, Archivable, Versioned, Base):
    """A department, who heads it, and how bad it is when it cannot work for so long."""

    __tablename__ = "department"
    __area__ = Area.PLAN
    __table_args__ = (owned_fk("head_id", "contact"), owned_fk("deputy_id", "contact"))

    name: Mapped[str] = mapped_column(sa.String(200))
    head_id: Mapped[UUID | None]
    deputy_id: Mapped[UUID | None]
    uses_no_systems: Mapped[bool] = mapped_column(default=False)
    needs_no_data: Mapped[bool] = mapped_column(default=False)
    impact_4_hours: Mapped[Impact | None] = mapped_column(words(Impact, "impact_4_hours"))
    impact_day: Mapped[Impact | None] = mapped_column(words(Impact, "impact_day"))
    impact_3_days: Mapped[Impact | None] = mapped_column(words(Impact, "impact_3_days"))
    impact_week: Mapped[Impact | None] = mapped_column(words(Impact, "impact_week"))
    impact_longer: Mapped[Impact | None] = mapped_column(words(Impact, "impact_longer"))


class System(TenantOwned, Archivable, Versioned, Base):
    """Something the work depends on, and how soon it must be back. rto, rpo: hours.

    scheme_service: what its supplier calls it in a continuity scheme.
    """

    __tablename__ = "system"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("supplier_id", "external_party"),
        sa.CheckConstraint("recovery_priority IS NULL OR recovery_priority >= 1", name="priority"),
        sa.CheckConstraint("rto_hours IS NULL OR rto_hours >= 0", name="rto"),
        sa.CheckConstraint("rpo_hours IS NULL OR rpo_hours >= 0", name="rpo"),
    )

    name: Mapped[str] = mapped_column(sa.String(200))
    recovery_priority: Mapped[int | None]
    rto_hours: Mapped[int | None]
    rpo_hours: Mapped[int | None]
    supplier_id: Mapped[UUID | None]
    in_use_on: Mapped[date | None]
    scheme_service: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(Sealed("system.note", 2000), default="")


class DataSet(TenantOwned, Archivable, Versioned, Base):
    """A body of data: how attractive it is to others and how it is protected."""

    __tablename__ = "data_set"
    __area__ = Area.PLAN

    name: Mapped[str] = mapped_column(sa.String(200))
    attractive: Mapped[bool] = mapped_column(default=False)
    personal: Mapped[bool] = mapped_column(default=False)
    protection: Mapped[str] = mapped_column(Sealed("data_set.protection", 2000), default="")


class DepartmentSystem(TenantOwned, Base):
    """A department uses a system."""

    __tablename__ = "department_system"
    __area__ = Area.PLAN
    __erasable__ = True
    __table_args__ = (
        owned_fk("department_id", "department"),
        owned_fk("system_id", "system"),
        sa.UniqueConstraint("tenant_id", "department_id", "system_id"),
    )

    department_id: Mapped[UUID]
    system_id: Mapped[UUID]


class DepartmentDataSet(TenantOwned, Base):
    """A department needs a data set."""

    __tablename__ = "department_data_set"
    __area__ = Area.PLAN
    __erasable__ = True
    __table_args__ = (
        owned_fk("department_id", "department"),
        owned_fk("data_set_id", "data_set"),
        sa.UniqueConstraint("tenant_id", "department_id", "data_set_id"),
    )

    department_id: Mapped[UUID]
    data_set_id: Mapped[UUID]


class Asset(TenantOwned, Archivable, Versioned, Base):
    """One record of the inventory. Which columns count depends on its kind (plans/registers/inventory.py).

    second_step: of whoever may change its settings, None when nobody said so; second_step_spare: how one gets in when
    the phone or key of the second step is gone. The codes themselves are never kept here.
    """

    __tablename__ = "asset"
    __area__ = Area.PLAN
    __table_args__ = (
        sa.Index("ix_asset_kind", "tenant_id", "kind"),
        one_of("kind", AssetKind),
        one_of("line_use", LineUse),
        one_of("second_step", SecondStep),
    )

    kind: Mapped[AssetKind] = mapped_column(words(AssetKind, checked=False))
    name: Mapped[str] = mapped_column(sa.String(200))
    specification: Mapped[str] = mapped_column(Sealed("asset.specification", 500), default="")
    serial_number: Mapped[str] = mapped_column(Sealed("asset.serial_number", 100), default="")
    imei: Mapped[str] = mapped_column(Sealed("asset.imei", 20), default="")
    location: Mapped[str] = mapped_column(Sealed("asset.location", 200), default="")
    holder: Mapped[str] = mapped_column(sa.String(200), default="")
    supplier: Mapped[str] = mapped_column(sa.String(200), default="")
    administrator: Mapped[str] = mapped_column(sa.String(200), default="")
    ip_address: Mapped[str] = mapped_column(Sealed("asset.ip_address", 60), default="")
    mac_address: Mapped[str] = mapped_column(Sealed("asset.mac_address", 30), default="")
    phone_number: Mapped[str] = mapped_column(Sealed("asset.phone_number", 40), default="")
    website: Mapped[str] = mapped_column(Sealed("asset.website", 200), default="")
    wifi: Mapped[str] = mapped_column(Sealed("asset.wifi", 200), default="")
    line_use: Mapped[LineUse | None] = mapped_column(words(LineUse, checked=False))
    quantity: Mapped[int | None]
    licence_key: Mapped[str] = mapped_column(Sealed("asset.licence_key", 200), default="")
    expires_on: Mapped[date | None]
    perpetual: Mapped[bool] = mapped_column(default=False)
    yearly_cost: Mapped[Decimal | None]
    acquired_on: Mapped[date | None]
    warranty_until: Mapped[date | None]
    holds_business_data: Mapped[bool | None]
    second_step: Mapped[SecondStep | None] = mapped_column(words(SecondStep, checked=False))
    second_step_spare: Mapped[str] = mapped_column(Sealed("asset.second_step_spare", 500), default="")
    confirmed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Sealed("asset.note", 2000), default="")
