"""The signs of a calamity."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import ActivationSign


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign."""

    id: UUID
    version: int
    position: int
    text: str


def signs() -> list[Sign]:
    """Return the signs in use, in order."""
    row = ActivationSign
    query = sa.select(row.id, row.version, row.position, row.text).where(row.archived_at.is_(None))
    found = (Sign(*line) for line in db.session().execute(query))
    return sorted(found, key=lambda sign: (sign.position, sign.id))
