"""What the supplier changed: of a client, and of whatever else its scheme rests on, with the moment it did."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.columns import words
from core.db import Base
from core.vault import SealedJson
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class ChangeStage(StrEnum):
    """What became of it. Made: it counted at once; held: said since the period began, the foundation decides.

    Taken, left: an officer, or the client itself, took something of it over, or nothing. Let through: the trigger was
    a false alarm, so the supplier's word counts again.
    """

    MADE = "made"
    HELD = "held"
    TAKEN = "taken"
    LEFT = "left"
    LET_THROUGH = "let-through"


HELD_CHANGE = "stage = 'held'"


class ClientChange(TenantOwned, Versioned, Base):
    """A change of what is told of a client: what was known before it and what was said, by field.

    before, after: by field of the client, each a text or None; taken: the fields that were taken over, in their order,
    with commas. One of a client is held at a time: the supplier's newest word. Source: rules 3.7 T10.
    """

    __tablename__ = "client_change"
    __area__ = Area.CONTINUITY
    __table_args__ = (
        owned_fk("client_id", "client"),
        sa.Index("ix_client_change_client_id", "tenant_id", "client_id"),
        sa.Index(
            "uq_client_change_held",
            "tenant_id",
            "client_id",
            unique=True,
            sqlite_where=sa.text(HELD_CHANGE),
            postgresql_where=sa.text(HELD_CHANGE),
        ),
    )

    client_id: Mapped[UUID]
    stage: Mapped[ChangeStage] = mapped_column(words(ChangeStage))
    told_at: Mapped[datetime]
    told_by: Mapped[str] = mapped_column(sa.String(200))
    before: Mapped[dict[str, Any]] = mapped_column(SealedJson("client_change.before"))
    after: Mapped[dict[str, Any]] = mapped_column(SealedJson("client_change.after"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")
    taken: Mapped[str] = mapped_column(sa.String(200), default="")


class Part(StrEnum):
    """What of a scheme a supplier can change, but for its clients."""

    REGISTRATION = "registration"
    COUNTERPARTY = "counterparty"
    CONTACT = "contact"
    AGREEMENT = "agreement"
    DEED = "deed"
    ACCEPTANCE = "acceptance"
    CONDITION = "condition"
    ITEM = "item"
    DELIVERY = "delivery"


class SchemeChange(TenantOwned, Versioned, Base):
    """A change of a part of a scheme by its supplier: what stood before it and what was said, where the two differ.

    part_id: the row of that part; before, after: by column, each a text or None; taken: the columns that were taken
    over, in their order, with commas. One of a row is held at a time. Source: rules 3.7 T10.
    """

    __tablename__ = "scheme_change"
    __area__ = Area.CONTINUITY
    __trailed__ = False  # the trail tells of the row that changed
    __table_args__ = (
        owned_fk("registration_id", "registration"),
        sa.Index("ix_scheme_change_registration_id", "tenant_id", "registration_id"),
        sa.Index(
            "uq_scheme_change_held",
            "tenant_id",
            "part_id",
            unique=True,
            sqlite_where=sa.text(HELD_CHANGE),
            postgresql_where=sa.text(HELD_CHANGE),
        ),
    )

    registration_id: Mapped[UUID]
    part: Mapped[Part] = mapped_column(words(Part))
    part_id: Mapped[UUID]
    stage: Mapped[ChangeStage] = mapped_column(words(ChangeStage), default=ChangeStage.MADE)
    # As in the trail: the moment is the one at which it is written.
    told_at: Mapped[datetime] = mapped_column(default=clock.now)
    told_by: Mapped[str] = mapped_column(sa.String(200))
    before: Mapped[dict[str, Any]] = mapped_column(SealedJson("scheme_change.before"))
    after: Mapped[dict[str, Any]] = mapped_column(SealedJson("scheme_change.after"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")
    taken: Mapped[str] = mapped_column(sa.String(400), default="")
