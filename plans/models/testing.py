"""The yearly programme of tests: what is planned, on which sample; the evidence of a result; what must follow."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class SampleOf(StrEnum):
    """From which register a sample is drawn."""

    SYSTEMS = "systems"
    STAFF = "staff"
    PARTIES = "parties"
    ASSETS = "assets"


class PlannedTest(TenantOwned, Archivable, Versioned, Base):
    """A test that is planned for a day, until its result is there.

    sample_ids: the rows that were in the register when the sample was drawn, as hexadecimal ids in order; together
    with the seed and the size they give the sample again (plans/testing/drawing.py). drawn_at: None before the draw.
    """

    __tablename__ = "planned_test"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("contact_id", "contact"),
        owned_fk("result_id", "test_result"),
        sa.UniqueConstraint("tenant_id", "result_id"),
        sa.CheckConstraint("sample_size >= 0", name="sample_size"),
    )

    item_id: Mapped[str] = mapped_column(sa.String(60))
    planned_on: Mapped[date]
    contact_id: Mapped[UUID | None]
    how: Mapped[str] = mapped_column(Sealed("planned_test.how", 1000), default="")
    sample_of: Mapped[SampleOf | None] = mapped_column(words(SampleOf))
    sample_reason: Mapped[str] = mapped_column(Sealed("planned_test.sample_reason", 500), default="")
    sample_seed: Mapped[str] = mapped_column(sa.String(40), default="")
    sample_size: Mapped[int] = mapped_column(default=0)
    sample_ids: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    drawn_at: Mapped[datetime | None]
    drawn_by: Mapped[str] = mapped_column(sa.String(200), default="")
    result_id: Mapped[UUID | None]


class TestEvidence(TenantOwned, Base):
    """A file that proves a result: a log, a screenshot, a report. Added, never changed."""

    __tablename__ = "test_evidence"
    __area__ = Area.PLAN
    __append_only__ = True
    __table_args__ = (
        owned_fk("test_result_id", "test_result"),
        owned_fk("file_id", "stored_file"),
        sa.Index("ix_test_evidence_test_result_id", "tenant_id", "test_result_id"),
    )
    __test__ = False  # pytest would collect the class for its name

    test_result_id: Mapped[UUID]
    file_id: Mapped[UUID]
    added_by: Mapped[str] = mapped_column(sa.String(200))


class FollowUp(TenantOwned, Versioned, Base):
    """Something to be put right after a test: open until somebody writes down what was done.

    due_on: inclusive; whoever closes it tells what was done.
    """

    __tablename__ = "follow_up"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("test_result_id", "test_result"),
        owned_fk("owner_id", "contact"),
        sa.CheckConstraint("closed_on IS NULL OR length(done) > 0", name="closed"),
    )

    test_result_id: Mapped[UUID | None]
    what: Mapped[str] = mapped_column(Sealed("follow_up.what", 500))
    owner_id: Mapped[UUID | None]
    opened_on: Mapped[date]
    due_on: Mapped[date]
    closed_on: Mapped[date | None]
    closed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    done: Mapped[str] = mapped_column(Sealed("follow_up.done", 2000), default="")
