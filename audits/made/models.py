"""Reports that are made in the background, and the schedules by which some are made again and again."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.i18n import Language
from tenants.owned import Area, TenantOwned, owned_fk


class MadeState(StrEnum):
    """How far a report is. REFUSED: whoever asked had no right to it any more when it was to be made."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    REFUSED = "refused"


class Cadence(StrEnum):
    """How often a report is made. A period begins on Monday, on the first of a month or of a quarter."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class ReportSchedule(TenantOwned, Base):
    """A report that is made as of the first day of each period. It is ended, not deleted. name: of the report."""

    __tablename__ = "report_schedule"
    __area__ = Area.AUDIT

    name: Mapped[str] = mapped_column(sa.String(40))
    cadence: Mapped[Cadence] = mapped_column(words(Cadence))
    language: Mapped[Language] = mapped_column(words(Language))
    added_on: Mapped[date]
    added_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]


class SchedulePerson(TenantOwned, Base):
    """Somebody who is told when a report of a schedule is ready, as long as they have the right to it."""

    __tablename__ = "schedule_person"
    __area__ = Area.AUDIT
    __table_args__ = (
        owned_fk("schedule_id", "report_schedule"),
        sa.UniqueConstraint("tenant_id", "schedule_id", "user_id"),
    )

    schedule_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))


class MadeReport(TenantOwned, Base):
    """A report that was asked for, and its file once it is ready.

    name: of the report; asked_by_id: empty when a schedule asked; plan, continuity, trail: the parts it shows, without
    which nobody gets it; clients: of a portfolio, [client, plan, continuity] for each client it tells of; done, total:
    files written of how many; rows: rows written so far; file_gone_at: since when the file is no longer kept.
    """

    __tablename__ = "made_report"
    __area__ = Area.AUDIT
    # That one was asked for, made and fetched are events of their own.
    __trailed__ = False
    __table_args__ = (
        owned_fk("schedule_id", "report_schedule"),
        sa.Index("ix_made_report_asked_at", "tenant_id", "asked_at"),
    )

    name: Mapped[str] = mapped_column(sa.String(40))
    as_of: Mapped[date]
    language: Mapped[Language] = mapped_column(words(Language))
    schedule_id: Mapped[UUID | None]
    asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    plan: Mapped[bool]
    continuity: Mapped[bool]
    trail: Mapped[bool]
    clients: Mapped[list[Any]]
    state: Mapped[MadeState] = mapped_column(words(MadeState))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=1)
    rows: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime | None]
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    file_size: Mapped[int] = mapped_column(default=0)
    file_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    file_gone_at: Mapped[datetime | None]
