"""What the pages of attractive data show."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import DataSet


@dataclass(frozen=True, slots=True)
class StoredDataSet:
    """A data set in use."""

    id: UUID
    version: int
    name: str
    attractive: bool
    protection: str


def data_sets() -> list[StoredDataSet]:
    """Return the data sets in use, by name."""
    row = DataSet
    query = sa.select(row.id, row.version, row.name, row.attractive, row.protection).where(row.archived_at.is_(None))
    found = (StoredDataSet(*line) for line in db.session().execute(query))
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))
