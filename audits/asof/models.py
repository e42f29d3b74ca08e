"""Kept evaluations: the newest judgement of each day, and the rows of the organisation as they were then."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.vault import SealedBytes
from tenants.owned import Area, TenantOwned


class Evaluation(TenantOwned, Base):
    """How an organisation stood at the end of a day; a day without one stood as the day before it.

    day: in the organisation's zone; made_with: version of the product; parts: {table: digest of kept_rows} for every
    table that held rows; judged: what was found, packed by audits/asof/judged.py, and judged_digest its digest.
    """

    __tablename__ = "evaluation"
    __area__ = Area.AUDIT
    __trailed__ = False
    __erasable__ = True
    __table_args__ = (sa.UniqueConstraint("tenant_id", "day"),)

    day: Mapped[date]
    kept_at: Mapped[datetime]
    rule_set: Mapped[str] = mapped_column(sa.String(40))
    made_with: Mapped[str] = mapped_column(sa.String(40))
    parts: Mapped[dict[str, Any]]
    judged: Mapped[bytes] = mapped_column(SealedBytes("evaluation.judged"))
    judged_digest: Mapped[str] = mapped_column(sa.String(40))
    faults: Mapped[int]
    warnings: Mapped[int]
    notices: Mapped[int]


class KeptRows(TenantOwned, Base):
    """All rows of one table of an organisation at some moment, found by their digest: kept once, however many days.

    of_table: the table's name; digest: keyed, as what is in a table could be guessed; first_on: the first day that
    needs it; content: packed by audits/asof/rows.py.
    """

    __tablename__ = "kept_rows"
    __area__ = Area.AUDIT
    __trailed__ = False
    __erasable__ = True
    __table_args__ = (sa.UniqueConstraint("tenant_id", "of_table", "digest"),)

    of_table: Mapped[str] = mapped_column(sa.String(60))
    digest: Mapped[str] = mapped_column(sa.String(40))
    first_on: Mapped[date]
    content: Mapped[bytes] = mapped_column(SealedBytes("kept_rows.content"))
