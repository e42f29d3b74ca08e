"""Settle proposals: whoever saves a row that came from a starter has decided on it."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import StarterLine


def settle(row_ids: Collection[UUID], *, today: date) -> int:
    """Let rows that came from a starter count as the organisation's own; return how many were proposals."""
    query = sa.select(StarterLine).where(StarterLine.row_id.in_(set(row_ids)), StarterLine.settled_on.is_(None))
    found = list(db.session().scalars(query)) if row_ids else []
    for line in found:
        line.settled_on = today
    db.session().flush()
    return len(found)
