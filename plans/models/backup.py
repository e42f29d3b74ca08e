"""Copies of the back-up as records, and when somebody saw them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class CopyOf(StrEnum):
    """What a copy holds."""

    DATA = "data"
    LICENCES = "licences"
    INSTALLERS = "installers"
    PLAN = "plan"


class Keeping(StrEnum):
    """How a copy is kept safe."""

    SAFE = "safe"
    SPECIALIST = "specialist"
    ENTRUSTED = "entrusted"
    RELATIVE = "relative"
    OTHER = "other"


class MadeEvery(StrEnum):
    """How often a copy of the data is made. OTHER: less often, or when somebody thinks of it."""

    HOUR = "hour"
    FOUR_HOURS = "four-hours"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    OTHER = "other"


class CloudIn(StrEnum):
    """Whether a copy holds what is kept in the cloud. NOTHING: nothing is kept there."""

    YES = "yes"
    NO = "no"
    NOTHING = "nothing"


class Sighted(StrEnum):
    """What was found out: the copy is there, or it could be reached outside office hours."""

    THERE = "there"
    REACHED = "reached"


class BackupCopy(TenantOwned, Archivable, Versioned, Base):
    """One copy: what it holds, where it is, who keeps it and who can reach it at night.

    off_site: outside the building; offline: never connected to a network; key_apart: the key lies elsewhere than the
    copy, None when nobody said so; keeper_id and party_id: a person or a firm; plan_version: of a copy of the plan;
    kept_days: how many days one can go back with a copy of the data, 1 when only the newest state is kept, None when
    nobody said so. Of a copy of the data also: made_every: how often it is made; cloud_in, settings_in: whether it
    holds what is kept in the cloud, and how systems were set up; deletable: whether it can be deleted from the network;
    may_delete: who may. None, or an empty text, when nobody said so.
    The key itself is never kept here.
    """

    __tablename__ = "backup_copy"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("keeper_id", "contact"),
        owned_fk("party_id", "external_party"),
        owned_fk("night_contact_id", "contact"),
        sa.CheckConstraint("plan_version IS NULL OR plan_version >= 1", name="plan_version"),
        sa.CheckConstraint("kept_days IS NULL OR kept_days >= 1", name="kept_days"),
    )

    holds: Mapped[CopyOf] = mapped_column(words(CopyOf))
    name: Mapped[str] = mapped_column(sa.String(200))
    location: Mapped[str] = mapped_column(Sealed("backup_copy.location", 200), default="")
    off_site: Mapped[bool] = mapped_column(default=False)
    offline: Mapped[bool] = mapped_column(default=False)
    keeping: Mapped[Keeping | None] = mapped_column(words(Keeping))
    keeper_id: Mapped[UUID | None]
    party_id: Mapped[UUID | None]
    encryption: Mapped[str] = mapped_column(Sealed("backup_copy.encryption", 200), default="")
    key_place: Mapped[str] = mapped_column(Sealed("backup_copy.key_place", 200), default="")
    key_apart: Mapped[bool | None]
    night_contact_id: Mapped[UUID | None]
    night_how: Mapped[str] = mapped_column(Sealed("backup_copy.night_how", 500), default="")
    plan_version: Mapped[int | None]
    kept_days: Mapped[int | None]
    made_every: Mapped[MadeEvery | None] = mapped_column(words(MadeEvery))
    cloud_in: Mapped[CloudIn | None] = mapped_column(words(CloudIn))
    settings_in: Mapped[bool | None]
    deletable: Mapped[bool | None]
    may_delete: Mapped[str] = mapped_column(Sealed("backup_copy.may_delete", 200), default="")


class BackupCopySystem(TenantOwned, Base):
    """A copy holds the data of a system. A copy of the data without any of these holds that of every system."""

    __tablename__ = "backup_copy_system"
    __area__ = Area.PLAN
    __erasable__ = True
    __table_args__ = (
        owned_fk("copy_id", "backup_copy"),
        owned_fk("system_id", "system"),
        sa.UniqueConstraint("tenant_id", "copy_id", "system_id"),
    )

    copy_id: Mapped[UUID]
    system_id: Mapped[UUID]


class CopySighting(TenantOwned, Base):
    """Somebody saw a copy, or reached it at night; written once and never changed.

    takes_back_id: the earlier sighting that this one declares a mistake, and nothing else; contact_id: who answered a
    personal link; seen_by: the name of whoever wrote it down otherwise; plan_version: the one that was read on it.
    """

    __tablename__ = "copy_sighting"
    __area__ = Area.PLAN
    __append_only__ = True
    __table_args__ = (
        owned_fk("copy_id", "backup_copy"),
        owned_fk("contact_id", "contact"),
        owned_fk("photo_id", "stored_file"),
        owned_fk("takes_back_id", "copy_sighting"),
        sa.Index("ix_copy_sighting_copy_id", "tenant_id", "copy_id"),
        sa.UniqueConstraint("tenant_id", "takes_back_id"),
    )

    copy_id: Mapped[UUID]
    sighted: Mapped[Sighted] = mapped_column(words(Sighted))
    seen_on: Mapped[date]
    seen_at: Mapped[datetime]
    seen_by: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_id: Mapped[UUID | None]
    plan_version: Mapped[int | None]
    photo_id: Mapped[UUID | None]
    takes_back_id: Mapped[UUID | None]
