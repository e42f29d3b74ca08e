"""What an organisation makes its own: rows that came from the starter of a branch, and items it added itself."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed
from plans.handbook import Section
from tenants.owned import Archivable, Area, TenantOwned, Versioned


class LineKind(StrEnum):
    """What a line of a starter becomes; the value is the table of its row."""

    DEPARTMENT = "department"
    SYSTEM = "system"
    DATA_SET = "data_set"
    PARTY = "external_party"
    ANSWER = "answer"
    TEST = "planned_test"


class StarterLine(TenantOwned, Base):
    """A row that came from the starter of a branch. While settled_on is empty it is a proposal: nothing counts as in
    order by it alone. line: of the catalogue (plans/starters), once for each organisation.
    """

    __tablename__ = "starter_line"
    __area__ = Area.PLAN
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "line"),
        sa.Index("ix_starter_line_row_id", "tenant_id", "row_id"),
    )

    line: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[LineKind] = mapped_column(words(LineKind))
    item_id: Mapped[str] = mapped_column(sa.String(60))
    row_id: Mapped[UUID]
    settled_on: Mapped[date | None]


class OwnKind(StrEnum):
    """How an item of the organisation's own is answered."""

    TEXT = "text"
    DAY = "day"
    YES_NO = "yes_no"


class OwnItem(TenantOwned, Archivable, Versioned, Base):
    """An item that the organisation added to a section. Its answer and waivers stand under `own.` and its id.

    interval_days: how long an answer counts, in days; None: until somebody changes it.
    """

    __tablename__ = "own_item"
    __area__ = Area.PLAN
    __table_args__ = (sa.CheckConstraint("interval_days IS NULL OR interval_days >= 1", name="interval_days"),)

    section: Mapped[Section] = mapped_column(words(Section))
    title: Mapped[str] = mapped_column(Sealed("own_item.title", 200))
    help: Mapped[str] = mapped_column(Sealed("own_item.help", 2000), default="")
    kind: Mapped[OwnKind] = mapped_column(words(OwnKind))
    interval_days: Mapped[int | None]
    added_on: Mapped[date]
    added_by: Mapped[str] = mapped_column(sa.String(200))
