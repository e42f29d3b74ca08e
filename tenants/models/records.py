"""What happened, and what was handed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.vault import SealedJson
from tenants.owned import Area, TenantOwned


class TrailHead(Base):
    """The end of one chain of the trail: how many entries it has, and the link of the newest.

    chain: the organisation, or 0 for the events of accounts; seq: number and count of entries, they run from 1
    without a gap. The row is locked by whoever adds to the chain, until the end of that transaction.
    """

    __tablename__ = "trail_head"

    chain: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int]
    # A chain that exists can only be continued under the key it began with.
    link: Mapped[bytes] = mapped_column(info={"needs_master_key": True})


class TrailEntry(TenantOwned, Base):
    """One thing that happened in an organisation: who, in which role and for whom, what changed.

    Never changed after it was written; triggers in the database refuse it. The exceptions they leave open: `changes`
    is sealed anew when keys rotate, and what names a person makes place for `erased_by`.
    seq: number within the organisation, from 1 without a gap; digest: of what can be erased, with a random salt that
    goes with it; link: of the entry before, the digest and all other columns, under a key outside the database.
    """

    __tablename__ = "trail_entry"
    __area__ = Area.TRAIL
    __trailed__ = False
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "seq"),
        sa.Index("ix_trail_entry_at", "tenant_id", "at"),
        sa.Index("ix_trail_entry_subject_id", "tenant_id", "subject_id"),
    )

    seq: Mapped[int]
    at: Mapped[datetime]
    user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    actor: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(40))
    # On whose behalf: the reseller's name when its staff acts in a client's organisation.
    via: Mapped[str] = mapped_column(sa.String(200), server_default="")
    request_id: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(60))
    subject_id: Mapped[UUID | None]
    # What the subject was called when it happened.
    label: Mapped[str] = mapped_column(sa.String(200), server_default="")
    changes: Mapped[dict[str, Any]] = mapped_column(SealedJson("trail_entry.changes"))
    salt: Mapped[bytes | None]
    digest: Mapped[bytes]
    link: Mapped[bytes]
    erased_by: Mapped[int | None]


class AccountEvent(Base):
    """One thing that happened to an account rather than in an organisation: a sign-in, a refusal, a new factor.

    A chain of its own, made as TrailEntry is. A minute later the organisations it concerns have it in theirs.
    """

    __tablename__ = "account_event"
    __table_args__ = (sa.Index("ix_account_event_user_id", "user_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    seq: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
    user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    actor: Mapped[str] = mapped_column(sa.String(200))
    request_id: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(60))
    changes: Mapped[dict[str, Any]]
    salt: Mapped[bytes | None]
    digest: Mapped[bytes]
    link: Mapped[bytes]
    erased_by: Mapped[int | None]


class AccountEventTold(Base):
    """How far the organisations were told of account events. One row."""

    __tablename__ = "account_event_told"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]


class StoredFile(TenantOwned, Base):
    """A file somebody uploaded: its name and the SHA-256 under which the file store keeps the bytes."""

    __tablename__ = "stored_file"
    __area__ = Area.PLAN

    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    uploaded_at: Mapped[datetime]
