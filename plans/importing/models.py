"""Uploaded spreadsheets while they are being brought in, one row per file and one per sheet."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import SealedBytes
from tenants.owned import Area, TenantOwned, Versioned, owned_fk


class SheetState(StrEnum):
    """How far a sheet is. DROPPED: its cells were thrown away without being brought in."""

    UPLOADED = "uploaded"
    MAPPED = "mapped"
    APPLIED = "applied"
    DROPPED = "dropped"


class ImportBatch(TenantOwned, Base):
    """One uploaded file. sha256: of its bytes, which are not kept; only its cells are, until they are brought in."""

    __tablename__ = "import_batch"
    __area__ = Area.PLAN
    __table_args__ = (sa.Index("ix_import_batch_uploaded_at", "tenant_id", "uploaded_at"),)

    file_name: Mapped[str] = mapped_column(sa.String(255))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str] = mapped_column(sa.String(200))


class ImportSheet(TenantOwned, Versioned, Base):
    """One sheet of an uploaded file. position: from 1; row_count: filled rows below the guessed headings.

    cells: the sheet (plans/importing/cells.py), empty once it was brought in or dropped; layout: what was chosen to
    be in it, at first a guess; chosen: the columns (plans/importing/mapping.py), None until somebody chose;
    report: what could not be used, in the language of who brought it in; put_away: records that were no longer in the
    file; change_id: the change to the registers by which all of it can be taken back (plans/registers/undo), which is
    thrown away sooner than this.
    """

    __tablename__ = "import_sheet"
    __area__ = Area.PLAN
    __table_args__ = (owned_fk("batch_id", "import_batch"), sa.UniqueConstraint("tenant_id", "batch_id", "position"))

    batch_id: Mapped[UUID]
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(255))
    hidden: Mapped[bool]
    row_count: Mapped[int]
    state: Mapped[SheetState] = mapped_column(words(SheetState), default=SheetState.UPLOADED)
    layout: Mapped[str] = mapped_column(sa.String(40))
    chosen: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    cells: Mapped[bytes] = mapped_column(SealedBytes("import_sheet.cells"), deferred=True)
    report: Mapped[bytes] = mapped_column(SealedBytes("import_sheet.report"), default=b"", deferred=True)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    put_away: Mapped[int] = mapped_column(default=0)
    change_id: Mapped[UUID | None]
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[str] = mapped_column(sa.String(200), default="")
