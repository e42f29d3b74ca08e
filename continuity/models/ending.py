"""The announced end of a scheme, and what a foundation says of its notice and its reminders."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from continuity.models.steps import By
from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class NoticeStage(StrEnum):
    """How far an announced end is. Given: it counts; taken back: the scheme goes on; ended: the foundation said so."""

    GIVEN = "given"
    TAKEN_BACK = "taken-back"
    ENDED = "ended"


OPEN_NOTICE = "stage = 'given'"


class SchemeNotice(TenantOwned, Versioned, Base):
    """An end of a scheme that was announced. last_on: the last day on which it is in force, inclusive.

    role: which side announced it. settled_*: who took it back, or confirmed the end afterwards.
    """

    __tablename__ = "scheme_notice"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.Index(
            "uq_scheme_notice_open",
            "tenant_id",
            "registration_id",
            unique=True,
            sqlite_where=sa.text(OPEN_NOTICE),
            postgresql_where=sa.text(OPEN_NOTICE),
        ),
    )

    registration_id: Mapped[UUID]
    role: Mapped[By] = mapped_column(words(By))
    stage: Mapped[NoticeStage] = mapped_column(words(NoticeStage), default=NoticeStage.GIVEN)
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(sa.String(200))
    last_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Sealed("scheme_notice.reason", 1000))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(sa.String(200), default="")


class FoundationTerms(Versioned, Base):
    """What a foundation says to all its registrants: how long notice is, and on which days is reminded of what.

    notice_months: whole calendar months; answer_days: within how many days it answers a request; days: by matter of
    continuity/terms.py the days before (negative) and after, where it chose others than usual. Read by suppliers and
    by jobs before a scope of the foundation can exist, and told to everybody it concerns.
    """

    __tablename__ = "foundation_terms"
    __table_args__ = (
        sa.CheckConstraint("notice_months >= 1", name="notice"),
        sa.CheckConstraint("answer_days >= 1", name="answer"),
    )

    foundation_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"), primary_key=True, autoincrement=False)
    notice_months: Mapped[int]
    answer_days: Mapped[int]
    days: Mapped[dict[str, Any]]
