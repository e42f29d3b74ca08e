"""The plan as it stood at a moment, and its way from draft to the version in use."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed, SealedBytes
from tenants.owned import Area, TenantOwned, owned_fk


class ProposalState(StrEnum):
    """How far a proposal came. RETURNED: back to draft; IN_USE: it became a version."""

    IN_REVIEW = "in-review"
    APPROVED = "approved"
    RETURNED = "returned"
    IN_USE = "in-use"


class PlanContent(TenantOwned, Base):
    """Everything the plan said at a moment, kept once however often it is named.

    digest: SHA-256 of it as canonical JSON; packed: that JSON, compressed; redacted_at: since when somebody who asked
    to be erased is no longer in it, so that its fingerprint can no longer be made of it.
    """

    __tablename__ = "plan_content"
    __area__ = Area.PLAN
    # A copy of rows whose changes the trail tells; what happens with it is told by its proposal.
    __trailed__ = False
    __table_args__ = (sa.UniqueConstraint("tenant_id", "digest"),)

    digest: Mapped[str] = mapped_column(sa.String(64))
    packed: Mapped[bytes] = mapped_column(SealedBytes("plan_content.packed"), deferred=True)
    kept_at: Mapped[datetime]
    redacted_at: Mapped[datetime | None]


class PlanProposal(TenantOwned, Base):
    """A plan that was sent for review. Each step of it is an event in the trail, with its fingerprint.

    digest: of the content; base_number: the version in use then, 0 for none; approved_on: day in the organisation's
    zone; ended_at, ended_by, reason: when it went back to draft or into use; version_id: the version it became.
    """

    __tablename__ = "plan_proposal"
    __area__ = Area.PLAN
    __trailed__ = False
    __table_args__ = (
        owned_fk("content_id", "plan_content"),
        owned_fk("version_id", "plan_version"),
        sa.Index(
            "uq_plan_proposal_open",
            "tenant_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.UniqueConstraint("tenant_id", "version_id"),
        sa.CheckConstraint("(state IN ('in-review', 'approved')) = (ended_at IS NULL)", name="open"),
        sa.CheckConstraint("state <> 'in-use' OR version_id IS NOT NULL", name="in_use"),
    )

    content_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[ProposalState] = mapped_column(words(ProposalState))
    base_number: Mapped[int]
    note: Mapped[str] = mapped_column(Sealed("plan_proposal.note", 2000), default="")
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str] = mapped_column(sa.String(200))
    approved_at: Mapped[datetime | None]
    approved_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(sa.String(200), default="")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(sa.String(200), default="")
    reason: Mapped[str] = mapped_column(Sealed("plan_proposal.reason", 2000), default="")
    version_id: Mapped[UUID | None]
