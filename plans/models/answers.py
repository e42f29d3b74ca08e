"""Answers to handbook items, who fills which seat, what is left out and why, and published versions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.vault import Sealed, SealedJson
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class Answer(TenantOwned, Versioned, Base):
    """The answer to one handbook item. `values` holds the item's fields (plans/fields.py) by name."""

    __tablename__ = "answer"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("contact_id", "contact"),
        owned_fk("party_id", "external_party"),
        sa.UniqueConstraint("tenant_id", "item_id"),
    )

    item_id: Mapped[str] = mapped_column(sa.String(60))
    values: Mapped[dict[str, Any]] = mapped_column(SealedJson("answer.values"))
    contact_id: Mapped[UUID | None]
    party_id: Mapped[UUID | None]
    answered_on: Mapped[date]
    answered_by: Mapped[str] = mapped_column(sa.String(200))


class Assignment(TenantOwned, Versioned, Base):
    """Somebody in a seat of a handbook item, with a deputy and a task."""

    __tablename__ = "assignment"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("contact_id", "contact"),
        owned_fk("deputy_id", "contact"),
        sa.UniqueConstraint("tenant_id", "item_id", "seat"),
    )

    item_id: Mapped[str] = mapped_column(sa.String(60))
    seat: Mapped[str] = mapped_column(sa.String(40))
    contact_id: Mapped[UUID | None]
    deputy_id: Mapped[UUID | None]
    task: Mapped[str] = mapped_column(Sealed("assignment.task", 2000), default="")
    task_changed_on: Mapped[date | None]
    acknowledged_on: Mapped[date | None]


class Waiver(TenantOwned, Base):
    """An item, or a part of it, left out: why, by whom and until when (inclusive)."""

    __tablename__ = "waiver"
    __area__ = Area.PLAN
    __table_args__ = (
        sa.Index(
            "uq_waiver_current",
            "tenant_id",
            "item_id",
            "part",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.CheckConstraint("length(reason) > 0", name="reason"),
    )

    item_id: Mapped[str] = mapped_column(sa.String(60))
    part: Mapped[str] = mapped_column(sa.String(40), default="")
    reason: Mapped[str] = mapped_column(Sealed("waiver.reason", 2000))
    author: Mapped[str] = mapped_column(sa.String(200))
    starts_on: Mapped[date]
    until: Mapped[date]
    ended_at: Mapped[datetime | None]


class PlanVersion(TenantOwned, Base):
    """A published version of the plan. digest: SHA-256 of its content as JSON."""

    __tablename__ = "plan_version"
    __area__ = Area.PLAN
    __table_args__ = (sa.UniqueConstraint("tenant_id", "number"),)

    number: Mapped[int]
    published_on: Mapped[date]
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(sa.String(200))
    digest: Mapped[str] = mapped_column(sa.String(64))
    note: Mapped[str] = mapped_column(Sealed("plan_version.note", 2000), default="")


class IntervalSetting(TenantOwned, Versioned, Base):
    """A tighter interval than the default (plans/intervals.py). days: whole days."""

    __tablename__ = "interval_setting"
    __area__ = Area.PLAN
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "name"),
        sa.CheckConstraint("days >= 1", name="days"),
    )

    name: Mapped[str] = mapped_column(sa.String(40))
    days: Mapped[int]
