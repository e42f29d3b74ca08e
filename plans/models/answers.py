"""Answers to handbook items, who fills which seat, what is left out and why, and published versions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
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


class WaiverState(StrEnum):
    """How far leaving something out is; see plans/items/leaving_out.py for who moves it from which to which.

    Approved stands first: rows of days that were kept before proposals existed were in force.
    """

    APPROVED = "approved"
    PROPOSED = "proposed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


IN_FORCE, WAITING = "ended_at IS NULL AND state = 'approved'", "ended_at IS NULL AND state = 'proposed'"


class Waiver(TenantOwned, Base):
    """An item, or a part of it, left out, or proposed to be: why, by whom, who approved it, until when (inclusive).

    author: who proposed it; decided_by: who approved or refused it; starts_on: the day it was approved, of a proposal
    the day it was proposed; alone: the only owner there was approved what they proposed; refusal: why it was refused.
    Who left something out before approving was a step of its own, approved it by that; of them no account is known.
    """

    __tablename__ = "waiver"
    __area__ = Area.PLAN
    __table_args__ = (
        sa.Index(
            "uq_waiver_current",
            "tenant_id",
            "item_id",
            "part",
            unique=True,
            sqlite_where=sa.text(IN_FORCE),
            postgresql_where=sa.text(IN_FORCE),
        ),
        sa.Index(
            "uq_waiver_waiting",
            "tenant_id",
            "item_id",
            "part",
            unique=True,
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        ),
        sa.CheckConstraint("length(reason) > 0", name="reason"),
        sa.CheckConstraint("alone OR state <> 'approved' OR decided_by_id <> author_id", name="two"),
    )

    item_id: Mapped[str] = mapped_column(sa.String(60))
    part: Mapped[str] = mapped_column(sa.String(40), default="")
    state: Mapped[WaiverState] = mapped_column(words(WaiverState))
    reason: Mapped[str] = mapped_column(Sealed("waiver.reason", 2000))
    author: Mapped[str] = mapped_column(sa.String(200))
    author_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    proposed_on: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    alone: Mapped[bool] = mapped_column(default=False)
    refusal: Mapped[str] = mapped_column(Sealed("waiver.refusal", 1000), default="")
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
    """A tighter interval than the default (plans/intervals.py). days: whole days.

    set_by, set_on, reason: who set it last, when and why; empty where nobody wrote that down.
    """

    __tablename__ = "interval_setting"
    __area__ = Area.PLAN
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "name"),
        sa.CheckConstraint("days >= 1", name="days"),
    )

    name: Mapped[str] = mapped_column(sa.String(40))
    days: Mapped[int]
    set_by: Mapped[str] = mapped_column(sa.String(200), default="")
    set_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Sealed("interval_setting.reason", 1000), default="")
