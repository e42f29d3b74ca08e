"""What the foundation must always hold: documents, logins and other information, each delivery a version."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from continuity.models.officers import KeyState
from core import clock
from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class HandoverKind(StrEnum):
    """What is handed over; decides which duty of the scheme it serves."""

    DOCUMENT = "document"
    LOGIN = "login"
    INFORMATION = "information"


class DeliveryWay(StrEnum):
    """How a delivery reached the foundation: past this service, sealed to two officers, or as a file kept here."""

    OUTSIDE = "outside"
    SEALED = "sealed"
    STORED = "stored"


class ChangeKind(StrEnum):
    """What happened at the supplier, that makes what the foundation holds stale at once."""

    LOGIN = "login"
    PERSON_LEFT = "person-left"
    SECOND_STEP = "second-step"
    SYSTEM = "system"
    OTHER = "other"


class ProofKind(StrEnum):
    """What was tried with a delivery: signing in with it, or taking the service over."""

    LOGIN = "login"
    TAKEOVER = "takeover"


class HandoverItem(TenantOwned, Archivable, Versioned, Base):
    """Something the foundation must hold. It never contains the secret itself, only what and where it is for.

    max_age_days: how old a delivery may get; changed_on: the day a newer version, or a changed login, became known;
    change_kind: what happened that day. secret: it is handed over sealed, or past this service, and never as a file.
    """

    __tablename__ = "handover_item"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.CheckConstraint("max_age_days >= 1", name="max_age"),
    )

    registration_id: Mapped[UUID]
    kind: Mapped[HandoverKind] = mapped_column(words(HandoverKind))
    label: Mapped[str] = mapped_column(sa.String(200))
    service: Mapped[str] = mapped_column(sa.String(200), default="")
    required: Mapped[bool] = mapped_column(default=True)
    owner: Mapped[str] = mapped_column(sa.String(200), default="")
    max_age_days: Mapped[int]
    changed_on: Mapped[date | None]
    change_kind: Mapped[ChangeKind | None] = mapped_column(words(ChangeKind))
    secret: Mapped[bool] = mapped_column(default=True)


class HandoverDelivery(TenantOwned, Versioned, Base):
    """One delivery of an item: a new version with a readable specification, confirmed by the foundation or not yet.

    way: how it was handed over. file_*: what is kept here of it: a sealed delivery, which nobody here can open, or the
    file of a document that is no secret; kept under its SHA-256. reseal_asked_*: the foundation asked to seal it again.

    delivered_on: the day somebody typed. recorded_at: the moment it was recorded, which nobody types; None of what was
    recorded before moments were kept. answered_on: the day of the change that it took away, which made what was held
    until then stale.
    """

    __tablename__ = "handover_delivery"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("handover_item_id", "handover_item"),
        sa.UniqueConstraint("tenant_id", "handover_item_id", "number"),
    )

    handover_item_id: Mapped[UUID]
    number: Mapped[int]
    delivered_on: Mapped[date]
    delivered_by: Mapped[str] = mapped_column(sa.String(200))
    specification: Mapped[str] = mapped_column(Sealed("handover_delivery.specification", 2000))
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    way: Mapped[DeliveryWay] = mapped_column(words(DeliveryWay), default=DeliveryWay.OUTSIDE)
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    file_type: Mapped[str] = mapped_column(sa.String(100), default="")
    file_size: Mapped[int | None]
    file_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    reseal_asked_at: Mapped[datetime | None]
    reseal_asked_by: Mapped[str] = mapped_column(sa.String(200), default="")
    # As in the trail: the moment is the one at which it is written.
    recorded_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    answered_on: Mapped[date | None]

    @property
    def recorded_on(self) -> date | None:
        """Return the day on which it was recorded, None where no moment was kept."""
        return clock.day_of(self.recorded_at) if self.recorded_at else None


class SealedTo(TenantOwned, Versioned, Base):
    """An officer to whom a delivery was sealed, together with each other one, and the code that shows their key fits.

    probe: the code, sealed to this officer alone; probe_hash: its SHA-256; opened_at: when they sent the code back.
    ended_at, ended_as: their key was taken out of use since.
    """

    __tablename__ = "sealed_to"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("delivery_id", "handover_delivery"),
        sa.UniqueConstraint("tenant_id", "delivery_id", "fingerprint"),
    )

    delivery_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(200))
    fingerprint: Mapped[str] = mapped_column(sa.String(32))
    probe: Mapped[bytes] = mapped_column(sa.LargeBinary)
    probe_hash: Mapped[str] = mapped_column(sa.String(64))
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[KeyState | None] = mapped_column(words(KeyState))

    @property
    def fits(self) -> bool:
        """Tell whether the officer showed that their key fits, and still has it."""
        return self.opened_at is not None and self.ended_at is None


class HandoverProof(TenantOwned, Base):
    """What the foundation, or the partner for it, tried with a delivery, and that it worked."""

    __tablename__ = "handover_proof"
    __area__ = Area.CONTINUITY
    __table_args__ = (owned_fk("delivery_id", "handover_delivery"),)

    delivery_id: Mapped[UUID]
    kind: Mapped[ProofKind] = mapped_column(words(ProofKind))
    proved_on: Mapped[date]
    proved_by: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str] = mapped_column(Sealed("handover_proof.note", 2000), default="")
