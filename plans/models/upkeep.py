"""What keeps a plan true: test results, recovery steps, the staff instruction and its receipts."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.i18n import Language
from core.vault import Sealed
from tenants.owned import Archivable, Area, TenantOwned, Versioned, owned_fk


class Outcome(StrEnum):
    """How a test ended; recorded: something was found out rather than passed."""

    PASSED = "passed"
    FAILED = "failed"
    RECORDED = "recorded"


class TestResult(TenantOwned, Archivable, Base):
    """One test of a handbook item: when, how it ended, what it cost. minutes: how long it took, as measured."""

    __tablename__ = "test_result"
    __area__ = Area.PLAN
    __table_args__ = (owned_fk("party_id", "external_party"), sa.Index("ix_test_result_item", "tenant_id", "item_id"))
    __test__ = False  # pytest would collect the class for its name

    item_id: Mapped[str] = mapped_column(sa.String(60))
    done_on: Mapped[date]
    outcome: Mapped[Outcome] = mapped_column(words(Outcome))
    done_by: Mapped[str] = mapped_column(sa.String(200), default="")
    party_id: Mapped[UUID | None]
    cost: Mapped[Decimal | None]
    minutes: Mapped[int | None]
    note: Mapped[str] = mapped_column(Sealed("test_result.note", 2000), default="")


class TestResultSystem(TenantOwned, Base):
    """A system that a restore test covered."""

    __tablename__ = "test_result_system"
    __area__ = Area.PLAN
    __erasable__ = True
    __table_args__ = (
        owned_fk("test_result_id", "test_result"),
        owned_fk("system_id", "system"),
        sa.UniqueConstraint("tenant_id", "test_result_id", "system_id"),
    )
    __test__ = False

    test_result_id: Mapped[UUID]
    system_id: Mapped[UUID]


class RecoveryStep(TenantOwned, Archivable, Versioned, Base):
    """A step of the recovery, in order of position; a step may bring one system back.

    minutes: how long it takes; contact_id: who does it.
    """

    __tablename__ = "recovery_step"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("system_id", "system"),
        owned_fk("contact_id", "contact"),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes"),
    )

    position: Mapped[int]
    text: Mapped[str] = mapped_column(Sealed("recovery_step.text", 2000))
    system_id: Mapped[UUID | None]
    minutes: Mapped[int | None]
    contact_id: Mapped[UUID | None]


class RecoveryStepNeed(TenantOwned, Base):
    """A step of the recovery that cannot begin before another one is done."""

    __tablename__ = "recovery_step_need"
    __area__ = Area.PLAN
    __erasable__ = True
    __table_args__ = (
        owned_fk("step_id", "recovery_step"),
        owned_fk("needed_id", "recovery_step"),
        sa.UniqueConstraint("tenant_id", "step_id", "needed_id"),
        sa.CheckConstraint("step_id <> needed_id", name="other"),
    )

    step_id: Mapped[UUID]
    needed_id: Mapped[UUID]


class InstructionVersion(TenantOwned, Base):
    """A published staff instruction. parts: the handbook ids it contains.

    text: in `language`; translation: in the other one, "" in versions from before there was one; digest: SHA-256 of
    all of it, "" in those versions.
    """

    __tablename__ = "instruction_version"
    __area__ = Area.PLAN
    __table_args__ = (sa.UniqueConstraint("tenant_id", "number"),)

    number: Mapped[int]
    published_on: Mapped[date]
    published_by: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(Sealed("instruction_version.text"))
    language: Mapped[Language] = mapped_column(words(Language))
    translation: Mapped[str] = mapped_column(Sealed("instruction_version.translation"), default="")
    parts: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(sa.String(64), default="")


class InstructionReceipt(TenantOwned, Base):
    """A member of staff acknowledged a version of the instruction. by_link: by themselves, else somebody noted it."""

    __tablename__ = "instruction_receipt"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("instruction_version_id", "instruction_version"),
        owned_fk("contact_id", "contact"),
        sa.UniqueConstraint("tenant_id", "instruction_version_id", "contact_id"),
    )

    instruction_version_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    acknowledged_on: Mapped[date]
    by_link: Mapped[bool] = mapped_column(default=False)
