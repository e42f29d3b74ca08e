"""How a column is written in a new migration: a step must outlive the code of its day."""

from typing import Any

import sqlalchemy as sa


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Return the plain type below one of our own, for Alembic; False where it may write what it finds."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{item.impl!r}"
    if kind == "type" and isinstance(item, sa.Uuid):
        return "sa.Uuid()"
    return False
