"""What it means for a row to belong to an organisation."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from core.ids import new_id


class Area(StrEnum):
    """A part of an organisation's data that a scope may or may not reach."""

    PLAN = "plan"
    CONTINUITY = "continuity"
    PEOPLE = "people"
    AUDIT = "audit"
    TRAIL = "trail"


class TenantOwned:
    """A row of one organisation. Its key begins with the organisation, so a foreign key can name both."""

    __area__: ClassVar[Area]
    # Rows are archived, not deleted; a class may say otherwise where no auditor can ask for it.
    __erasable__: ClassVar[bool] = False
    # Rows that are evidence as they were written: a mistake is told by a further row.
    __append_only__: ClassVar[bool] = False
    # The trail writes every change down, except of rows that are themselves records of something.
    __trailed__: ClassVar[bool] = True

    @declared_attr
    def tenant_id(cls) -> Mapped[int]:  # noqa: N805 -- declared_attr passes the class
        """Name the owning organisation; filled in by the lock."""
        return mapped_column(sa.ForeignKey("tenant.id"), primary_key=True, autoincrement=False, sort_order=-2)

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)


class EditConflict(Exception):
    """Somebody saved this row after the page was opened; nothing was written over."""


class Archivable:
    """A row that can be put away without being lost."""

    archived_at: Mapped[datetime | None]


class Versioned:
    """A row two people may edit at once: saving over somebody else's change raises StaleDataError."""

    version: Mapped[int] = mapped_column(default=1)

    def expect_version(self, seen: int) -> None:
        """Make sure nobody saved since `seen` was shown. Raises EditConflict otherwise."""
        if self.version != seen:
            raise EditConflict

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 -- declared_attr passes the class
        return {"version_id_col": cls.version}


@event.listens_for(TenantOwned, "init", propagate=True)
def _give_id(target: TenantOwned, args: tuple[object, ...], kwargs: dict[str, Any]) -> None:
    # Known before the flush, so that other rows and the trail can name it.
    kwargs.setdefault("id", new_id())


def owned_fk(column: str, table: str, *, target: str = "id") -> sa.ForeignKeyConstraint:
    """Return the foreign key (tenant_id, column) to `table`: the database refuses another organisation's row."""
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.{target}"])
