"""Changes to rows of the registers, kept so that they can be taken back."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import words
from core.db import Base
from core.vault import Sealed, SealedBytes
from tenants.owned import Area, TenantOwned


class ChangeKind(StrEnum):
    """What was done. BULK: one column of several rows; IMPORTED: a pasted or uploaded sheet; UNDONE: a taking back."""

    ADDED = "added"
    CHANGED = "changed"
    ARCHIVED = "archived"
    RESTORED = "restored"
    CONFIRMED = "confirmed"
    BULK = "bulk"
    IMPORTED = "imported"
    UNDONE = "undone"


class RegisterChange(TenantOwned, Base):
    """What one person changed in the registers in one go, so that it can be taken back for some time.

    register: the slug, empty where rows of several registers changed; rows: how many; label: what the first of them
    is called; content: the rows before and after (plans/registers/undo/steps.py).
    """

    __tablename__ = "register_change"
    __area__ = Area.PLAN
    # The trail holds the changes themselves; this only serves to take them back, and goes when it is too old for that.
    __erasable__ = True
    __trailed__ = False
    __table_args__ = (sa.Index("ix_register_change_made_at", "tenant_id", "made_at"),)

    register: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[ChangeKind] = mapped_column(words(ChangeKind))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(200))
    rows: Mapped[int]
    label: Mapped[str] = mapped_column(Sealed("register_change.label", 200))
    content: Mapped[bytes] = mapped_column(SealedBytes("register_change.content"), deferred=True)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(sa.String(200), default="")
