"""The audiences of one's own."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import Audience


@dataclass(frozen=True, slots=True)
class Informed:
    """An audience, who informs it and how."""

    id: UUID
    version: int
    name: str
    contact_id: UUID | None
    deputy_id: UUID | None
    how: str
    report_within_hours: int | None


def audiences() -> list[Informed]:
    """Return the audiences in use, by name."""
    row = Audience
    query = sa.select(
        row.id, row.version, row.name, row.contact_id, row.deputy_id, row.how, row.report_within_hours
    ).where(row.archived_at.is_(None))
    found = (Informed(*line) for line in db.session().execute(query))
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))
