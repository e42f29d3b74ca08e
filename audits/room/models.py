"""What an auditor asks for, how each request went, and the files of the answers. Nothing of it is ever deleted."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from audits.room.course import Move, RequestState
from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Area, TenantOwned, Versioned, owned_fk

TITLE_LENGTH, TEXT_LENGTH = 200, 4000


class EvidenceRequest(TenantOwned, Versioned, Base):
    """What an auditor asks to see under an engagement. number: within the engagement, from 1 without a gap.

    item_id: the handbook item or duty it is about, "" for none; due_on: inclusive. The row is the organisation's own.
    """

    __tablename__ = "evidence_request"
    __area__ = Area.AUDIT
    __table_args__ = (
        owned_fk("engagement_id", "engagement"),
        sa.UniqueConstraint("tenant_id", "engagement_id", "number"),
    )

    engagement_id: Mapped[UUID]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Sealed("evidence_request.title", TITLE_LENGTH))
    asked: Mapped[str] = mapped_column(Sealed("evidence_request.asked", TEXT_LENGTH))
    item_id: Mapped[str] = mapped_column(sa.String(60))
    due_on: Mapped[date]
    state: Mapped[RequestState] = mapped_column(words(RequestState))
    asked_at: Mapped[datetime]


class EvidenceStep(TenantOwned, Base):
    """One move of a request, with what was written at it. result_id: the test result that an answer points at."""

    __tablename__ = "evidence_step"
    __area__ = Area.AUDIT
    __append_only__ = True
    __table_args__ = (
        owned_fk("request_id", "evidence_request"),
        owned_fk("result_id", "test_result"),
        sa.Index("ix_evidence_step_request_id", "tenant_id", "request_id"),
    )

    request_id: Mapped[UUID]
    move: Mapped[Move] = mapped_column(words(Move))
    note: Mapped[str] = mapped_column(Sealed("evidence_step.note", TEXT_LENGTH))
    result_id: Mapped[UUID | None]
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    made_at: Mapped[datetime]


class EvidenceFile(TenantOwned, Base):
    """A file of an answer. sha256: under which the file store keeps its bytes, encrypted; size: bytes."""

    __tablename__ = "evidence_file"
    __area__ = Area.AUDIT
    __append_only__ = True
    __table_args__ = (
        owned_fk("step_id", "evidence_step"),
        sa.Index("ix_evidence_file_step_id", "tenant_id", "step_id"),
    )

    step_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
