"""The signs of a calamity: that it is one, and that it is over."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import ActivationSign


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. ends: by which one knows that it is over; else that the plan holds now."""

    id: UUID
    version: int
    position: int
    ends: bool
    text: str


def signs() -> list[Sign]:
    """Return the signs in use, in order, those that it is over last."""
    row = ActivationSign
    query = sa.select(row.id, row.version, row.position, row.ends, row.text).where(row.archived_at.is_(None))
    found = (Sign(*line) for line in db.session().execute(query))
    return sorted(found, key=lambda sign: (sign.ends, sign.position, sign.id))
