"""Where somebody stands in the plan, and somebody else in their place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import (
    Answer,
    Assignment,
    Audience,
    BackupCopy,
    Contact,
    Department,
    FollowUp,
    Lesson,
    LicenceKeeper,
    PlannedTest,
    RecoveryStep,
    TestResult,
)

# What names a contact as a record of what happened: it stays as it was.
RECORDS: Mapping[str, str] = MappingProxyType(
    {
        "instruction_receipt.contact_id": "they read it",
        "payment_approval.contact_id": "they approved it",
        "business_change.contact_id": "they left",
        "correction.contact_id": "they corrected what is held about them",
        "copy_sighting.contact_id": "they saw the copy",
        "kit_copy.keeper_id": "a copy of the kit is where it was taken",
    }
)


@dataclass(frozen=True, slots=True)
class Places:
    """One table in which contacts stand.

    columns: the holder first, then the deputy; item_of: the item of a row; ended: a column that is filled once
    a row is history, which stays as it was.
    """

    model: Any
    columns: tuple[str, ...]
    item_of: Callable[[Any], str]
    ended: str = ""


def _tested(row: FollowUp) -> str:
    result = row.test_result_id and db.session().get(TestResult, (row.tenant_id, row.test_result_id))
    return result.item_id if result else "upkeep.review"


PLACES: tuple[Places, ...] = (
    Places(Assignment, ("contact_id", "deputy_id"), lambda row: str(row.item_id)),
    Places(Answer, ("contact_id",), lambda row: str(row.item_id)),
    Places(Department, ("head_id", "deputy_id"), lambda row: "processes.department-heads"),
    Places(RecoveryStep, ("contact_id",), lambda row: "runbook.recovery"),
    Places(Audience, ("contact_id", "deputy_id"), lambda row: "runbook.informing"),
    Places(BackupCopy, ("keeper_id",), lambda row: "backup.safe-keeping"),
    Places(BackupCopy, ("night_contact_id",), lambda row: "backup.out-of-hours"),
    Places(PlannedTest, ("contact_id",), lambda row: str(row.item_id), "result_id"),
    Places(FollowUp, ("owner_id",), _tested, "closed_on"),
    Places(Lesson, ("owner_id",), lambda row: "upkeep.review", "closed_on"),
    Places(LicenceKeeper, ("contact_id",), lambda row: "upkeep.licences"),
)


def stands_in(contact_id: UUID) -> Sequence[str]:
    """Return the items of the plan in which somebody stands."""
    return sorted({places.item_of(row) for places in PLACES for row in _rows(places, contact_id)})


def replace(contact_id: UUID, other_id: UUID) -> int:
    """Put somebody else wherever `contact_id` stands; return in how many rows. Nobody becomes their own deputy.

    Tasks must be acknowledged anew. Both must be contacts of the organisation.
    """
    rows = [(places, row) for places in PLACES for row in _rows(places, contact_id)]
    for places, row in rows:
        for column in places.columns:
            if getattr(row, column) == contact_id:
                setattr(row, column, other_id)
        holder, *deputies = places.columns
        if deputies and getattr(row, holder) == getattr(row, deputies[0]):
            setattr(row, deputies[0], None)
        if isinstance(row, Assignment) and row.contact_id == other_id:
            row.acknowledged_on = None
    db.session().flush()
    return len(rows)


def _rows(places: Places, contact_id: UUID) -> Sequence[Any]:
    model = places.model
    named = sa.or_(*(getattr(model, column) == contact_id for column in places.columns))
    query = sa.select(model).where(named)
    for column in {"archived_at", places.ended}:
        if column and hasattr(model, column):
            query = query.where(getattr(model, column).is_(None))
    return db.session().scalars(query.order_by(model.id)).all()


def in_service(contact_id: UUID) -> bool:
    """Tell whether somebody is a contact that was not put away."""
    query = sa.select(Contact.id).where(Contact.id == contact_id, Contact.archived_at.is_(None))
    return db.session().scalar(query) is not None
