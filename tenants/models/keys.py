"""The data keys of organisations."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.vault import WrappedKey


class TenantKey(Base):
    """A key that confidential columns and files of one organisation are encrypted with; the highest version seals.

    wrapped: under the master key, for this organisation and version only. Older versions stay until nothing is
    sealed with them any more.
    """

    __tablename__ = "tenant_key"

    tenant_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wrapped: Mapped[bytes] = mapped_column(WrappedKey)
    made_at: Mapped[datetime]
