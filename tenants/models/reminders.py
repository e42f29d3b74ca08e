"""How somebody wants to be reminded, and the calendar they read elsewhere."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base


class Frequency(StrEnum):
    """How often somebody is reminded by mail."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class ReminderChoice(Base):
    """What a person chose about reminders; without a row they come daily and there is no calendar.

    calendar_hash: SHA-256 of the secret in the address of their calendar, which exists nowhere else.
    """

    __tablename__ = "reminder_choice"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    frequency: Mapped[Frequency] = mapped_column(words(Frequency))
    calendar_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    calendar_made_at: Mapped[datetime | None]
