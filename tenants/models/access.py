"""Who belongs where, and who else may enter: each relation a row with from and until, read at every request."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.ids import new_id
from tenants.owned import Area, TenantOwned


class Role(StrEnum):
    """What a member may do in an organisation."""

    OWNER = "owner"
    EDITOR = "editor"
    READER = "reader"


class GrantLevel(StrEnum):
    """How far the staff of a reseller may go in the organisation of a client."""

    VIEW = "view"
    EDIT = "edit"


class Capacity(StrEnum):
    """In which relation somebody stands in an organisation: what the policy decides by."""

    OWNER = "owner"
    EDITOR = "editor"
    READER = "reader"
    MANAGER_EDIT = "manager_edit"
    MANAGER_VIEW = "manager_view"
    AUDITOR = "auditor"
    OPERATOR = "operator"


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


class ManagementGrant(TenantOwned, Base):
    """What a client lets the staff of its reseller do: how far, in which areas, from and until.

    The row is the client's own. manager_id: the reseller's organisation.
    """

    __tablename__ = "management_grant"
    __area__ = Area.PEOPLE
    __table_args__ = (
        sa.CheckConstraint("plan OR continuity", name="some_area"),
        sa.CheckConstraint("manager_id <> tenant_id", name="not_itself"),
        sa.Index(
            "uq_management_grant_current",
            "tenant_id",
            "manager_id",
            unique=True,
            sqlite_where=sa.text("ends_at IS NULL"),
            postgresql_where=sa.text("ends_at IS NULL"),
        ),
        # All that a page of a reseller asks of hundreds of grants, in the order in which it counts them.
        sa.Index(
            "ix_management_grant_manager_id",
            "manager_id",
            "starts_at",
            "tenant_id",
            "ends_at",
            "level",
            "plan",
            "continuity",
        ),
    )

    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"))
    level: Mapped[GrantLevel] = mapped_column(words(GrantLevel))
    plan: Mapped[bool]
    continuity: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    given_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    ended_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))


class Engagement(TenantOwned, Base):
    """What an auditor may read of an organisation, and until when; it ends by itself.

    reference: what the parties call the assignment; one assignment over several organisations has one row in each.
    """

    __tablename__ = "engagement"
    __area__ = Area.PEOPLE
    __table_args__ = (
        sa.CheckConstraint("plan OR continuity", name="some_area"),
        sa.CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        sa.Index("ix_engagement_auditor_id", "auditor_id"),
    )

    auditor_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    reference: Mapped[str] = mapped_column(sa.String(120))
    plan: Mapped[bool]
    continuity: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    given_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    ended_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))


class Operator(Base):
    """Somebody who keeps the installation running, from and until: sees accounts, counts and health, no content."""

    __tablename__ = "operator"
    __table_args__ = (
        sa.Index(
            "uq_operator_current",
            "user_id",
            unique=True,
            sqlite_where=sa.text("ends_at IS NULL"),
            postgresql_where=sa.text("ends_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
