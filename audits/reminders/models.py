"""What was reminded of, who was told, and what was answered."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from audits.reminders.ladder import Rung
from core.columns import words
from core.db import Base
from tenants.owned import Area, TenantOwned, owned_fk


class Reminder(TenantOwned, Base):
    """That something reached a threshold on its way to its last valid day and beyond: once per item, version, rung.

    until: its last valid day, which is its version; passed: a later threshold had come, so that nobody is told of
    this one; noted_on: the day it was noted, in the organisation's zone.
    """

    __tablename__ = "reminder"
    __area__ = Area.AUDIT
    __trailed__ = False
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "rule_code", "subject_key", "until", "rung"),
        sa.Index("ix_reminder_noted_on", "tenant_id", "noted_on"),
    )

    rule_code: Mapped[str] = mapped_column(sa.String(60))
    subject_key: Mapped[str] = mapped_column(sa.String(120))
    until: Mapped[date]
    rung: Mapped[Rung] = mapped_column(words(Rung))
    passed: Mapped[bool]
    noted_on: Mapped[date]


class ReminderTold(TenantOwned, Base):
    """That a person was told of a reminder. mail_id: that mail; its Message-ID is made from it.

    times: above 1 where they asked to be reminded again.
    """

    __tablename__ = "reminder_told"
    __area__ = Area.AUDIT
    __trailed__ = False
    __table_args__ = (
        owned_fk("reminder_id", "reminder"),
        sa.UniqueConstraint("tenant_id", "reminder_id", "user_id"),
        sa.Index("ix_reminder_told_user_id", "user_id"),
    )

    reminder_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    mail_id: Mapped[UUID]
    told_at: Mapped[datetime]
    times: Mapped[int]


class HoldKind(StrEnum):
    """How somebody answered a reminder: it is seen to (nobody is reminded), or remind me again (only they wait)."""

    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"


class ReminderHold(TenantOwned, Base):
    """An answer to a reminder of one version of an item. holds_until: the last day on which it is not told of."""

    __tablename__ = "reminder_hold"
    __area__ = Area.AUDIT
    __append_only__ = True
    __table_args__ = (sa.Index("ix_reminder_hold_holds_until", "tenant_id", "holds_until"),)

    rule_code: Mapped[str] = mapped_column(sa.String(60))
    subject_key: Mapped[str] = mapped_column(sa.String(120))
    until: Mapped[date]
    kind: Mapped[HoldKind] = mapped_column(words(HoldKind))
    holds_until: Mapped[date]
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    made_at: Mapped[datetime]


class ReminderRecipient(TenantOwned, Base):
    """Whether a member is reminded, where that is not as usual: owners and editors are, readers are not."""

    __tablename__ = "reminder_recipient"
    __area__ = Area.AUDIT
    __table_args__ = (sa.UniqueConstraint("tenant_id", "user_id"),)

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    gets: Mapped[bool]
