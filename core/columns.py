"""Kinds of columns: what a table keeps and what comes back, the same on SQLite and PostgreSQL."""

import enum
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from core.ids import hyphened, id_of


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept in UTC. A naive value is a mistake and raises ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the driver stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(sa.types.TypeDecorator[Decimal]):
    """An amount in euro with two decimals, kept as whole cents so that SQLite keeps it exact."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Turn euros into cents."""
        return None if value is None else int((value * 100).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Turn cents into euros."""
        return None if value is None else Decimal(value).scaleb(-2)


class Id(sa.Uuid[UUID]):
    """An id. Where it is kept as 32 hexadecimal digits it is read without the checks for other ways to write one."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what makes an id of what the driver gives."""
        if dialect.supports_native_uuid and self.native_uuid:
            return None  # the driver gives an id by itself
        return id_of


class IdText(sa.types.TypeDecorator[str]):
    """An id read as its text, for what is written into files: an object for each costs more than all else of it."""

    impl = sa.Uuid
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what makes the text of what the driver gives."""
        return str if dialect.supports_native_uuid else hyphened


class IdDigits(sa.types.TypeDecorator[str]):
    """An id read as its 32 hexadecimal digits, the same on both databases: as one of them keeps it."""

    impl = sa.Uuid
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what makes the digits of what the driver gives."""
        return attrgetter("hex") if dialect.supports_native_uuid else None


def words(kind: type[enum.StrEnum], name: str = "", *, checked: bool = True) -> sa.Enum:
    """Return a column type that holds the values of `kind` as text, checked by the database.

    name: of the check, where a table has several columns of the kind; checked: False where the table has one_of().
    """
    return sa.Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=checked,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def one_of(column: str, kind: type[enum.StrEnum]) -> sa.CheckConstraint:
    """Return the check that words() would make, for a table that gets many rows at once.

    SQLite makes a table of what stands behind IN, anew for each row: a third of what it takes to write one.
    """
    asked = " OR ".join(f"{column} = '{one.value}'" for one in kind)
    return sa.CheckConstraint(asked, name=kind.__name__.lower())
