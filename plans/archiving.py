"""Put rows that turned out wrong away, and take them back. Nothing an auditor may ask for is deleted."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.errors import NotThere
from plans.models import BusinessChange, RecoveryStep, TestResult
from plans.turns import take_turn


class Kept(StrEnum):
    """The lists of the plan whose rows can be put away."""

    RESULT = "result"
    CHANGE = "change"
    STEP = "step"


Row = TestResult | BusinessChange | RecoveryStep
MODELS: Mapping[Kept, Any] = MappingProxyType(
    {Kept.RESULT: TestResult, Kept.CHANGE: BusinessChange, Kept.STEP: RecoveryStep}
)


def put_away(kind: Kept, row_id: UUID, *, at: datetime) -> Row:
    """Put a row away; doing it twice changes nothing. Raises NotThere."""
    row = _row(kind, row_id)
    row.archived_at = row.archived_at or at
    db.session().flush()
    return row


def put_back(kind: Kept, row_id: UUID) -> Row:
    """Take a row back that was put away; doing it twice changes nothing. Raises NotThere."""
    row = _row(kind, row_id)
    row.archived_at = None
    db.session().flush()
    return row


def _row(kind: Kept, row_id: UUID) -> Row:
    take_turn()
    model = MODELS[kind]
    row: Row | None = db.session().scalar(sa.select(model).where(model.id == row_id))
    if row is None:
        raise NotThere
    return row
