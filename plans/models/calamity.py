"""Calamities and exercises: the plan as it was when it was put to work, what happened, what was learned."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed, SealedBytes, SealedJson
from tenants.models import Alarm
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class EntryKind(StrEnum):
    """What is written down while the plan is at work. retracted: an earlier entry does not count after all.

    applies-yes, applies-no: the answer to a question of plans/calamity/terms.py; aware-since: from when on its clocks
    run; term-done: that it was reported; term-reminded, terms-left: written by the service, never by a person.
    """

    STEP_BEGUN = "step-begun"
    STEP_DONE = "step-done"
    STEP_SKIPPED = "step-skipped"
    CALL_REACHED = "call-reached"
    CALL_MISSED = "call-missed"
    CALL_MESSAGE = "call-message"
    SYSTEM_BACK = "system-back"
    DECISION = "decision"
    NOTE = "note"
    HANDOVER = "handover"
    RETRACTED = "retracted"
    AWARE = "aware-since"
    APPLIES = "applies-yes"
    APPLIES_NOT = "applies-no"
    TERM_DONE = "term-done"
    TERM_REMINDED = "term-reminded"
    TERMS_LEFT = "terms-left"


class Calamity(TenantOwned, Base):
    """The plan put to work, in earnest or to exercise. At most one of an organisation is open.

    frozen: what of the plan it runs by, as compressed JSON (plans/calamity/frozen.py), which later changes of the plan
    leave as it was; digest: SHA-256 of that JSON; plan_version: the newest published version then, 0 for none;
    changed: the plan had changed since; signs: texts of those that were seen.
    """

    __tablename__ = "calamity"
    __area__ = Area.PLAN
    __table_args__ = (
        sa.Index(
            "uq_calamity_running",
            "tenant_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.CheckConstraint("closed_at IS NULL OR closed_at >= activated_at", name="closed"),
    )

    kind: Mapped[Alarm] = mapped_column(words(Alarm))
    activated_at: Mapped[datetime]
    activated_by: Mapped[str] = mapped_column(sa.String(200))
    reason: Mapped[str] = mapped_column(Sealed("calamity.reason", 2000), default="")
    signs: Mapped[Any] = mapped_column(SealedJson("calamity.signs"))
    plan_version: Mapped[int]
    changed: Mapped[bool]
    frozen: Mapped[bytes] = mapped_column(SealedBytes("calamity.frozen"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    conclusion: Mapped[str] = mapped_column(Sealed("calamity.conclusion", 4000), default="")


class CalamityEntry(TenantOwned, Base):
    """One thing that happened, never changed afterwards: a mistake is retracted by a further entry.

    target: the number of a step, the key of a person, party or system in what was frozen, or the id of the entry that
    is retracted, or the key of a question or term of reporting; happened_at: when it happened, which on paper is
    earlier than when it was recorded; names_at: the moment it tells of, when somebody became aware or until when was
    agreed, None for all else.
    """

    __tablename__ = "calamity_entry"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("calamity_id", "calamity"),
        sa.Index("ix_calamity_entry_calamity_id", "tenant_id", "calamity_id"),
        sa.CheckConstraint("happened_at <= recorded_at", name="happened"),
    )

    calamity_id: Mapped[UUID]
    kind: Mapped[EntryKind] = mapped_column(words(EntryKind))
    target: Mapped[str] = mapped_column(sa.String(40), default="")
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    names_at: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(Sealed("calamity_entry.text", 2000), default="")


class Lesson(TenantOwned, Versioned, Base):
    """What was learned: what must be done, by whom and by which day (inclusive). Whoever closes it tells what was."""

    __tablename__ = "lesson"
    __area__ = Area.PLAN
    __table_args__ = (
        owned_fk("calamity_id", "calamity"),
        owned_fk("owner_id", "contact"),
        sa.CheckConstraint("closed_on IS NULL OR length(outcome) > 0", name="closed"),
    )

    calamity_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(Sealed("lesson.text", 1000))
    owner_id: Mapped[UUID | None]
    due_on: Mapped[date]
    closed_on: Mapped[date | None]
    closed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    outcome: Mapped[str] = mapped_column(Sealed("lesson.outcome", 1000), default="")
