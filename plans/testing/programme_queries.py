"""What the pages of the programme show: planned tests, samples, results with evidence, and what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import (
    Asset,
    Contact,
    ExternalParty,
    FollowUp,
    Outcome,
    PlannedTest,
    SampleOf,
    System,
    TestEvidence,
    TestResult,
)
from plans.testing.drawing import drawn
from tenants.models import StoredFile

NAMES_OF: Mapping[SampleOf, Any] = MappingProxyType(
    {
        SampleOf.SYSTEMS: System,
        SampleOf.STAFF: Contact,
        SampleOf.PARTIES: ExternalParty,
        SampleOf.ASSETS: Asset,
    }
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A test on the programme. who: who does it; done_on, outcome: of its result, None as long as there is none."""

    id: UUID
    version: int
    item_id: str
    planned_on: date
    contact_id: UUID | None
    who: str
    how: str
    sample_of: SampleOf | None
    sample_reason: str
    sample_seed: str
    sample_size: int
    sample_ids: list[Any]
    drawn_at: datetime | None
    drawn_by: str
    result_id: UUID | None
    done_on: date | None
    outcome: Outcome | None
    archived: bool

    @property
    def sample(self) -> list[UUID]:
        """Return the rows that were drawn."""
        return [UUID(hex=one) for one in drawn(self.sample_seed, self.sample_ids, self.sample_size)]


@dataclass(frozen=True, slots=True)
class Follow:
    """Something that must follow a test, or did."""

    id: UUID
    version: int
    result_id: UUID | None
    item_id: str
    what: str
    owner_id: UUID | None
    owner: str
    opened_on: date
    due_on: date
    closed_on: date | None
    closed_by: str
    done: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that proves a result. size: bytes."""

    id: UUID
    name: str
    size: int
    uploaded_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A result by itself, with what belongs to it."""

    id: UUID
    item_id: str
    done_on: date
    outcome: Outcome
    done_by: str
    note: str
    minutes: int | None
    archived: bool
    evidence: tuple[Evidence, ...] = ()
    follow_ups: tuple[Follow, ...] = field(default=())


def planned_tests() -> list[Planned]:
    """Return every planned test, those put away too, by day."""
    row, result = PlannedTest, TestResult
    query = (
        sa.select(
            row.id, row.version, row.item_id, row.planned_on, row.contact_id, sa.func.coalesce(Contact.name, ""),
            row.how, row.sample_of, row.sample_reason, row.sample_seed, row.sample_size, row.sample_ids, row.drawn_at,
            row.drawn_by, row.result_id, result.done_on, result.outcome, row.archived_at.is_not(None),
        )
        .outerjoin(Contact, (Contact.tenant_id == row.tenant_id) & (Contact.id == row.contact_id))
        .outerjoin(result, (result.tenant_id == row.tenant_id) & (result.id == row.result_id))
    )  # fmt: skip
    rows: Any = db.session().execute(query)
    found = [Planned(*line) for line in rows]
    return sorted(found, key=lambda one: (one.planned_on, one.item_id, one.id))


def planned_named(planned_id: UUID) -> Planned | None:
    """Return one planned test."""
    return next((one for one in planned_tests() if one.id == planned_id), None)


def sample_names(planned: Planned) -> list[str]:
    """Return the names of the rows that were drawn, in the order of the draw."""
    if planned.sample_of is None:
        return []
    model, wanted = NAMES_OF[planned.sample_of], planned.sample
    rows: Any = db.session().execute(sa.select(model.id, model.name).where(model.id.in_(wanted)))
    names = {row.id: row.name for row in rows}
    return [str(names[one]) for one in wanted if one in names]


def follow_ups(*where: Any) -> list[Follow]:
    """Return what must follow tests: what is open first, by the day it is due."""
    row, result = FollowUp, TestResult
    query = (
        sa.select(
            row.id, row.version, row.test_result_id, sa.func.coalesce(result.item_id, ""), row.what, row.owner_id,
            sa.func.coalesce(Contact.name, ""), row.opened_on, row.due_on, row.closed_on, row.closed_by, row.done,
        )
        .outerjoin(Contact, (Contact.tenant_id == row.tenant_id) & (Contact.id == row.owner_id))
        .outerjoin(result, (result.tenant_id == row.tenant_id) & (result.id == row.test_result_id))
        .where(*where)
    )  # fmt: skip
    rows: Any = db.session().execute(query)
    found = [Follow(*line) for line in rows]
    return sorted(found, key=lambda one: (one.closed_on is not None, one.due_on, one.id))


def finished(result_id: UUID) -> Finished | None:
    """Return one result with its evidence and follow-ups."""
    row = TestResult
    query = sa.select(
        row.id, row.item_id, row.done_on, row.outcome, row.done_by, row.note, row.minutes, row.archived_at.is_not(None)
    ).where(row.id == result_id)
    line = db.session().execute(query).one_or_none()
    if line is None:
        return None
    return Finished(
        *line, evidence=_evidence(result_id), follow_ups=tuple(follow_ups(FollowUp.test_result_id == result_id))
    )


def _evidence(result_id: UUID) -> tuple[Evidence, ...]:
    row, file = TestEvidence, StoredFile
    query = (
        sa.select(row.id, file.name, file.size, file.uploaded_at, row.added_by)
        .join(file, (file.tenant_id == row.tenant_id) & (file.id == row.file_id))
        .where(row.test_result_id == result_id)
        .order_by(file.uploaded_at, row.id)
    )
    return tuple(Evidence(*line) for line in db.session().execute(query))


def evidence_file(result_id: UUID, evidence_id: UUID) -> StoredFile | None:
    """Return the file of a piece of evidence."""
    row = TestEvidence
    query = (
        sa.select(StoredFile)
        .join(row, (row.tenant_id == StoredFile.tenant_id) & (row.file_id == StoredFile.id))
        .where(row.id == evidence_id, row.test_result_id == result_id)
    )
    return db.session().scalar(query)
