"""Links that were mailed, and invitations: what lets somebody in who stands outside."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.ids import new_id
from core.mail.addresses import MARK_LENGTH, marking
from core.vault import PlatformSealed
from tenants.models.access import Role
from tenants.owned import Area, TenantOwned


class LinkPurpose(StrEnum):
    """What a mailed link is good for, and nothing else."""

    INVITATION = "invitation"
    CLIENT = "client"
    RESET = "reset"
    EMAIL_CHANGE = "email_change"
    PLAN = "plan"
    SCHEME = "scheme"
    DEED = "deed"
    REMINDER = "reminder"


class MailedLink(Base):
    """One link in one mail. Only the hash of its secret is kept; it works once, for a short while, for one purpose.

    about: the invitation, client or person it is about; organisation_id: whose row that is, if anybody's; email: the
    address it was sent to, "" where the row it is about keeps that; email_mark: finds it, as it is sealed; opened_at:
    when somebody last looked.
    """

    __tablename__ = "mailed_link"
    __table_args__ = (sa.Index("ix_mailed_link_about", "about"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(words(LinkPurpose))
    about: Mapped[UUID]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tenant.id"))
    email: Mapped[str] = mapped_column(PlatformSealed("mailed_link.email"))
    email_mark: Mapped[str] = mapped_column(sa.String(MARK_LENGTH), default=marking("email"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # Set when it was used, withdrawn, or replaced by a newer one.
    ended_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]


class Seat(StrEnum):
    """What somebody is invited to be."""

    MEMBER = "member"
    AUDITOR = "auditor"


class Invitation(TenantOwned, Base):
    """An invitation into an organisation: as a member with a role, or as an auditor of some areas for some time.

    sent_at: when its newest link was mailed. starts_on, ends_on: of an engagement, days in the organisation's zone.
    """

    __tablename__ = "invitation"
    __area__ = Area.PEOPLE
    __table_args__ = (
        sa.CheckConstraint("(seat = 'member') = (role IS NOT NULL)", name="role_of_member"),
        sa.CheckConstraint("seat = 'member' OR plan OR continuity", name="some_area"),
        sa.CheckConstraint(
            "seat = 'member' OR (starts_on IS NOT NULL AND ends_on IS NOT NULL AND ends_on >= starts_on)",
            name="days_of_auditor",
        ),
    )

    email: Mapped[str] = mapped_column(PlatformSealed("invitation.email"))
    seat: Mapped[Seat] = mapped_column(words(Seat))
    role: Mapped[Role | None] = mapped_column(words(Role))
    reference: Mapped[str] = mapped_column(sa.String(120))
    plan: Mapped[bool]
    continuity: Mapped[bool]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    invited_by: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    sent_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
