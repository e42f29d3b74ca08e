"""Papers that left the house, the secrets on them, and where copies of the kit went."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, owned_fk


class PaperKind(StrEnum):
    """What is taken away. KIT is the file with everything, encrypted."""

    ALL = "all"
    CARD = "card"
    IT = "it"
    MANAGEMENT = "management"
    STAFF = "staff"
    KIT = "kit"


class Paper(TenantOwned, Base):
    """A paper or kit that somebody made. plan_version: number of the newest version then, 0 before the first.

    changed: the plan differed from that version; digest: SHA-256 of the plan's content; languages: codes, by comma.
    """

    __tablename__ = "paper"
    __area__ = Area.AUDIT
    # Making one is an event of its own, told with the fingerprint of the file.
    __trailed__ = False
    __table_args__ = (sa.Index("ix_paper_made_at", "tenant_id", "made_at"),)

    kind: Mapped[PaperKind] = mapped_column(words(PaperKind))
    languages: Mapped[str] = mapped_column(sa.String(20))
    plan_version: Mapped[int]
    changed: Mapped[bool]
    digest: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(200))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(sa.String(200), default="")


class PaperToken(Base):
    """Which paper the secret in a square belongs to; only its hash is kept. Whoever scans stands outside everything."""

    __tablename__ = "paper_token"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"))
    paper_id: Mapped[UUID]


class KitCopy(TenantOwned, Archivable, Base):
    """Where a copy of an offline kit went: on which medium, to which place, with whom, since which day."""

    __tablename__ = "kit_copy"
    __area__ = Area.PLAN
    __table_args__ = (owned_fk("paper_id", "paper"), owned_fk("keeper_id", "contact"))

    paper_id: Mapped[UUID]
    medium: Mapped[str] = mapped_column(Sealed("kit_copy.medium", 200))
    place: Mapped[str] = mapped_column(Sealed("kit_copy.place", 200))
    keeper_id: Mapped[UUID | None]
    kept_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(sa.String(200))
