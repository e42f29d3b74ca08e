"""A client asks the foundation for continuity: what was asked, what became of it, and what to do before it ends."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.columns import words
from core.db import Base
from core.vault import Sealed, SealedJson
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class AskedBy(StrEnum):
    """How a request came to be: by the link of the deed, by its organisation here, or written down by an officer."""

    LINK = "link"
    ORGANISATION = "organisation"
    FOUNDATION = "foundation"


class CameIn(StrEnum):
    """How a request reached the foundation that an officer wrote down."""

    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "e-mail"
    VISIT = "visit"


class RequestState(StrEnum):
    """How far a request is. continuity/requests/states.py names every way from one to another. Source: rules 3.8."""

    ASKED = "asked"
    CHECKING = "checking"
    GRANTED = "granted"
    REFUSED = "refused"
    FEE_DUE = "fee-due"
    SERVED = "served"
    EXITED = "exited"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    FALSE_ALARM = "false-alarm"


class RequestRole(StrEnum):
    """Who takes a step. Scheme: it follows from a step of the scheme itself."""

    CLIENT = "client"
    FOUNDATION = "foundation"
    SCHEME = "scheme"


LIVE_REQUEST = "state IN ('asked', 'checking', 'granted', 'fee-due', 'served')"


class ClientRequest(TenantOwned, Versioned, Base):
    """A client asks for continuity after one trigger. One that is not over exists once for a client and a trigger.

    acceptance_id: of the deed on which it rests; case_id: the trigger; came_in, recorded_by: where an officer wrote
    it down; asked_by, asked_as: who asked, in which function; email: where its mail goes; note: what was said
    besides. checked: the conditions as they stood when it was decided on, in their order, each
    {"met_on": ISO day or None, "why": why it was granted without}; reason: why it was refused or called off, or what
    else was said with the decision; fee_amount: euro for the whole period.
    Source: rules 3.7 T9; 3.5 M2.
    """

    __tablename__ = "client_request"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        owned_fk("client_id", "client"),
        owned_fk("acceptance_id", "acceptance"),
        owned_fk("case_id", "trigger_case"),
        sa.Index("ix_client_request_registration_id", "tenant_id", "registration_id"),
        sa.Index(
            "uq_client_request_live",
            "tenant_id",
            "client_id",
            "case_id",
            unique=True,
            sqlite_where=sa.text(LIVE_REQUEST),
            postgresql_where=sa.text(LIVE_REQUEST),
        ),
        sa.CheckConstraint("fee_amount >= 0", name="fee"),
        sa.CheckConstraint("(recorded_by <> '') = (asked_how = 'foundation')", name="recorded"),
    )

    registration_id: Mapped[UUID]
    client_id: Mapped[UUID]
    acceptance_id: Mapped[UUID]
    case_id: Mapped[UUID]
    asked_how: Mapped[AskedBy] = mapped_column(words(AskedBy))
    came_in: Mapped[CameIn | None] = mapped_column(words(CameIn))
    recorded_by: Mapped[str] = mapped_column(sa.String(200), default="")
    asked_by: Mapped[str] = mapped_column(sa.String(200))
    asked_as: Mapped[str] = mapped_column(sa.String(200), default="")
    email: Mapped[str] = mapped_column(Sealed("client_request.email", 254), default="")
    note: Mapped[str] = mapped_column(Sealed("client_request.note", 2000), default="")
    asked_at: Mapped[datetime]
    state: Mapped[RequestState] = mapped_column(words(RequestState))
    checked: Mapped[list[Any]] = mapped_column(SealedJson("client_request.checked"), default=list)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")
    reason: Mapped[str] = mapped_column(Sealed("client_request.reason", 2000), default="")
    fee_amount: Mapped[Decimal | None]
    fee_due_on: Mapped[date | None]
    fee_paid_on: Mapped[date | None]
    served_on: Mapped[date | None]
    exited_on: Mapped[date | None]


class RequestStep(TenantOwned, Base):
    """One step of a request, kept as it was taken: who, in which role, when and why.

    number: from 1, in the order of the steps; left: None for the first.
    """

    __tablename__ = "request_step"
    __area__ = Area.CONTINUITY
    __append_only__ = True
    __trailed__ = False  # the trail tells of the request that moved
    __table_args__ = (
        owned_fk("request_id", "client_request"),
        sa.UniqueConstraint("tenant_id", "request_id", "number"),
    )

    request_id: Mapped[UUID]
    number: Mapped[int]
    left: Mapped[RequestState | None] = mapped_column(words(RequestState, "left"))
    reached: Mapped[RequestState] = mapped_column(words(RequestState, "reached"))
    role: Mapped[RequestRole] = mapped_column(words(RequestRole))
    taken_by: Mapped[str] = mapped_column(sa.String(200))
    # As in the trail: the moment is the one at which it is written.
    taken_at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str] = mapped_column(Sealed("request_step.reason", 2000), default="")


class ExitTask(TenantOwned, Versioned, Base):
    """One thing a client does before the period ends. position: from 0; due_on: never after the period's last day.

    Source: rules 3.7 T13.
    """

    __tablename__ = "exit_task"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("request_id", "client_request"),
        sa.UniqueConstraint("tenant_id", "request_id", "position"),
    )

    request_id: Mapped[UUID]
    position: Mapped[int]
    label: Mapped[str] = mapped_column(Sealed("exit_task.label", 500))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(Sealed("exit_task.note", 2000), default="")
