"""What moved a scheme from one state to another, and the proof on which it was triggered."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from continuity.models.registrations import SchemeState
from core import clock
from core.columns import words
from core.db import Base
from core.vault import Sealed
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class By(StrEnum):
    """Who takes a step. Facts: it follows from what somebody recorded, and back when that is withdrawn."""

    FACTS = "facts"
    SUPPLIER = "supplier"
    FOUNDATION = "foundation"
    TWO_OFFICERS = "two-officers"


class TriggerKind(StrEnum):
    """What may happen to a supplier. Only the first starts the period, unless the agreement of a scheme says more."""

    DECLARED_BANKRUPT = "declared-bankrupt"
    CEASED = "ceased"
    END_OF_MAINTENANCE = "end-of-maintenance"
    SUSPENSION_OF_PAYMENTS = "suspension-of-payments"
    TAKE_OVER = "take-over"
    UNPAID_UPSTREAM = "unpaid-upstream"
    SILENCE = "silence"


class TriggerProof(StrEnum):
    """Where what happened can be looked up."""

    INSOLVENCY_REGISTER = "insolvency-register"
    COURT_DECISION = "court-decision"
    TRADE_REGISTER = "trade-register"
    NOTICE = "notice"
    OTHER = "other"


class CaseStage(StrEnum):
    """How far a case is. Signal: kept in mind. Filed: one officer, the second still to come."""

    SIGNAL = "signal"
    FILED = "filed"
    ACTIVATED = "activated"
    REFUSED = "refused"
    ALARM_ASKED = "alarm-asked"
    FALSE_ALARM = "false-alarm"
    CLOSED = "closed"


class SchemeStep(TenantOwned, Base):
    """One step of a scheme, kept as it was taken: who, in which role, when and why."""

    __tablename__ = "scheme_step"
    __area__ = Area.CONTINUITY
    __append_only__ = True
    __trailed__ = False  # the trail tells of the registration that moved
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.Index("ix_scheme_step_registration_id", "tenant_id", "registration_id"),
    )

    registration_id: Mapped[UUID]
    left: Mapped[SchemeState] = mapped_column(words(SchemeState, "left"))
    reached: Mapped[SchemeState] = mapped_column(words(SchemeState, "reached"))
    role: Mapped[By] = mapped_column(words(By))
    taken_by: Mapped[str] = mapped_column(sa.String(200))
    # As in the trail: the moment is the one at which it is written.
    taken_at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str] = mapped_column(Sealed("scheme_step.reason", 1000), default="")


class TriggerSetting(TenantOwned, Versioned, Base):
    """What the agreement of one scheme says of a trigger, where it differs from the usual. starts: it is a trigger."""

    __tablename__ = "trigger_setting"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.UniqueConstraint("tenant_id", "registration_id", "kind"),
    )

    registration_id: Mapped[UUID]
    kind: Mapped[TriggerKind] = mapped_column(words(TriggerKind))
    starts: Mapped[bool]


OPEN_CASE = "stage IN ('filed', 'activated', 'alarm-asked')"


class TriggerCase(TenantOwned, Versioned, Base):
    """What happened to the supplier, how it can be proved, and the two officers who decided on it.

    happened_on: the day of what happened. state_before: where the scheme goes back to when it was a false alarm.
    back_*: who asked to take it back, and why. The database refuses one officer in both places.
    """

    __tablename__ = "trigger_case"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.Index(
            "uq_trigger_case_open",
            "tenant_id",
            "registration_id",
            unique=True,
            sqlite_where=sa.text(OPEN_CASE),
            postgresql_where=sa.text(OPEN_CASE),
        ),
        sa.CheckConstraint("approved_by_id <> filed_by_id", name="two"),
        sa.CheckConstraint("back_approved_by_id <> back_asked_by_id", name="two_back"),
    )

    registration_id: Mapped[UUID]
    kind: Mapped[TriggerKind] = mapped_column(words(TriggerKind))
    stage: Mapped[CaseStage] = mapped_column(words(CaseStage))
    happened_on: Mapped[date]
    proof: Mapped[TriggerProof] = mapped_column(words(TriggerProof))
    reference: Mapped[str] = mapped_column(Sealed("trigger_case.reference", 200), default="")
    note: Mapped[str] = mapped_column(Sealed("trigger_case.note", 2000), default="")
    state_before: Mapped[SchemeState | None] = mapped_column(words(SchemeState, "state_before"))
    filed_at: Mapped[datetime]
    filed_by: Mapped[str] = mapped_column(sa.String(200))
    filed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str] = mapped_column(sa.String(200), default="")
    approved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    refused_reason: Mapped[str] = mapped_column(Sealed("trigger_case.refused_reason", 1000), default="")
    back_reason: Mapped[str] = mapped_column(Sealed("trigger_case.back_reason", 1000), default="")
    back_asked_at: Mapped[datetime | None]
    back_asked_by: Mapped[str] = mapped_column(sa.String(200), default="")
    back_asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    back_approved_at: Mapped[datetime | None]
    back_approved_by: Mapped[str] = mapped_column(sa.String(200), default="")
    back_approved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
