"""Asking a client to accept the deed, what it declared, and which organisation here says that it is the client."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from continuity.models.clients import Addressee, Authority
from core.columns import words
from core.db import Base
from core.i18n import Language
from core.vault import Sealed
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class DeclarationKind(StrEnum):
    """What was declared. LATE: an acceptance after the trigger; ADMIT, REFUSE: what the foundation answered to one."""

    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    LATE = "late"
    ADMIT = "admit"
    REFUSE = "refuse"


class DeedInvitation(TenantOwned, Versioned, Base):
    """One client asked to accept one version of the deed. What opens its link stands in `MailedLink`, as a hash.

    mail_id: its newest mail in the outbox; reminders: how often it was sent again; viewed_at: when the person first
    pressed on; code_hash, code_until: of the code that was mailed to this address, "" once it was used.
    """

    __tablename__ = "deed_invitation"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("client_id", "client"),
        owned_fk("deed_version_id", "deed_version"),
        sa.UniqueConstraint("tenant_id", "client_id", "deed_version_id"),
    )

    client_id: Mapped[UUID]
    deed_version_id: Mapped[UUID]
    email: Mapped[str] = mapped_column(Sealed("deed_invitation.email", 254))
    language: Mapped[Language] = mapped_column(words(Language))
    sent_by: Mapped[str] = mapped_column(sa.String(200))
    sent_at: Mapped[datetime]
    mail_id: Mapped[UUID | None]
    reminders: Mapped[int] = mapped_column(default=0)
    viewed_at: Mapped[datetime | None]
    code_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    code_until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Declaration(TenantOwned, Base):
    """What somebody declared about a version of the deed: evidence, as it was said.

    name, declared_as, authority: who declared it, in which function, and how that person may bind the client;
    note: the reason, or what proves the authority; email: the address whose code confirmed it; deed_sha256: of the
    version that was shown; receipt_sha256: of the PDF that was kept; answers_id: the late acceptance it answers.
    Source: rules 3.4 B3, B7, B8; decisions (is a click a declaration).
    """

    __tablename__ = "declaration"
    __area__ = Area.CONTINUITY
    __append_only__ = True
    __table_args__ = (
        owned_fk("client_id", "client"),
        owned_fk("deed_version_id", "deed_version"),
        owned_fk("answers_id", "declaration"),
        sa.UniqueConstraint("tenant_id", "answers_id"),
        sa.Index("ix_declaration_client_id", "tenant_id", "client_id"),
    )

    client_id: Mapped[UUID]
    deed_version_id: Mapped[UUID]
    kind: Mapped[DeclarationKind] = mapped_column(words(DeclarationKind))
    name: Mapped[str] = mapped_column(sa.String(200))
    declared_as: Mapped[str] = mapped_column(sa.String(200))
    authority: Mapped[Authority | None] = mapped_column(words(Authority))
    addressee: Mapped[Addressee | None] = mapped_column(words(Addressee))
    note: Mapped[str] = mapped_column(Sealed("declaration.note", 2000))
    email: Mapped[str] = mapped_column(Sealed("declaration.email", 254))
    declared_at: Mapped[datetime]
    deed_sha256: Mapped[str] = mapped_column(sa.String(64))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    file_type: Mapped[str] = mapped_column(sa.String(100))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    receipt_sha256: Mapped[str] = mapped_column(sa.String(64))
    answers_id: Mapped[UUID | None]


class CoverClaim(TenantOwned, Base):
    """An organisation says that it is a client of a supplier's scheme; the supplier's own row names it in return.

    supplier_id, client_id: whose client it is and which; both sides must say so for anything to be shown.
    service: what the service was called then. Source: rules 3.2 P1.
    """

    __tablename__ = "cover_claim"
    __area__ = Area.CONTINUITY
    __table_args__ = (sa.Index("ix_cover_claim_supplier_id", "supplier_id"),)

    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"))
    client_id: Mapped[UUID]
    service: Mapped[str] = mapped_column(sa.String(200))
    claimed_by: Mapped[str] = mapped_column(sa.String(200))
    claimed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
