"""Organisations, and the mark that one changed."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.i18n import Language


class TenantKind(StrEnum):
    """What an organisation is in the field."""

    BUSINESS = "business"
    IT_SUPPLIER = "it_supplier"
    FOUNDATION = "foundation"


class Alarm(StrEnum):
    """That the calamity plan of an organisation is at work, in earnest or to exercise."""

    REAL = "real"
    EXERCISE = "exercise"


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
    # Set when the organisation leaves: from then on nobody enters it any more.
    left_at: Mapped[datetime | None]
    # Its plan is at work now: every page says so, also those that read nothing of the plan.
    alarm: Mapped[Alarm | None] = mapped_column(words(Alarm))
    # For how many years it can be told how a day stood.
    kept_years: Mapped[int] = mapped_column(default=7, server_default="7")


class TenantChange(Base):
    """A mark that an organisation changed since it was judged; the sweep takes it away again.

    tables: the names of the tables that changed, each between spaces; `*` stands for any.
    """

    __tablename__ = "tenant_change"

    tenant_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int]
    changed_at: Mapped[datetime]
    tables: Mapped[str] = mapped_column(sa.Text, server_default=" * ")
