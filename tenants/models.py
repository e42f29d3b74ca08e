"""Organisations, people, and who belongs where."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, words
from core.i18n import Language
from core.ids import new_id
from tenants.owned import Area, TenantOwned


class TenantKind(StrEnum):
    """What an organisation is in the field."""

    BUSINESS = "business"
    IT_SUPPLIER = "it_supplier"
    FOUNDATION = "foundation"


class Role(StrEnum):
    """What a member may do in an organisation."""

    OWNER = "owner"
    EDITOR = "editor"
    READER = "reader"


class Tenant(Base):
    """An organisation. It is the boundary: rows of one never meet rows of another."""

    __tablename__ = "tenant"
    __table_args__ = (
        sa.CheckConstraint("length(slug) >= 2", name="slug_length"),
        sa.CheckConstraint("kvk IS NULL OR length(kvk) = 8", name="kvk_length"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(63), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[TenantKind] = mapped_column(words(TenantKind))
    kvk: Mapped[str | None] = mapped_column(sa.String(8))
    rsin: Mapped[str | None] = mapped_column(sa.String(9))
    vat: Mapped[str | None] = mapped_column(sa.String(20))
    language: Mapped[Language] = mapped_column(words(Language))
    zone: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]


class TenantChange(Base):
    """A mark that an organisation changed since it was judged; the sweep takes it away again."""

    __tablename__ = "tenant_change"

    tenant_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int]
    changed_at: Mapped[datetime]


class User(Base):
    """A person who can sign in. Belongs to no organisation by itself."""

    __tablename__ = "user"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[Language | None] = mapped_column(words(Language))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class LoginSession(Base):
    """One browser in which somebody signed in. Only the hash of its token is kept."""

    __tablename__ = "login_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(sa.String(64))
    agent: Mapped[str] = mapped_column(sa.String(200))


class Membership(TenantOwned, Base):
    """A person's role in an organisation, from and until."""

    __tablename__ = "membership"
    __area__ = Area.PEOPLE
    __table_args__ = (
        sa.Index(
            "uq_membership_current",
            "tenant_id",
            "user_id",
            unique=True,
            sqlite_where=sa.text("ends_at IS NULL"),
            postgresql_where=sa.text("ends_at IS NULL"),
        ),
        sa.Index("ix_membership_user_id", "user_id"),
    )

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    role: Mapped[Role] = mapped_column(words(Role))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class TrailEntry(TenantOwned, Base):
    """One thing that happened in an organisation: who, in which role, what changed."""

    __tablename__ = "trail_entry"
    __area__ = Area.TRAIL
    __trailed__ = False
    __table_args__ = (sa.Index("ix_trail_entry_at", "tenant_id", "at"),)

    at: Mapped[datetime]
    user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    actor: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(40))
    request_id: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(60))
    subject_id: Mapped[UUID | None]
    changes: Mapped[dict[str, Any]]


class StoredFile(TenantOwned, Base):
    """A file somebody uploaded: its name and the SHA-256 under which the file store keeps the bytes."""

    __tablename__ = "stored_file"
    __area__ = Area.PLAN

    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    uploaded_at: Mapped[datetime]
