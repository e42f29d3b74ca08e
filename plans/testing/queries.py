"""What the pages of tests show."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import ExternalParty, Outcome, System, TestResult, TestResultSystem


@dataclass(frozen=True, slots=True)
class Result:
    """A result of a test. party: the name of the supplier it is about; systems: the names a restore covered."""

    id: UUID
    done_on: date
    outcome: Outcome
    done_by: str
    party: str | None
    cost: Decimal | None
    note: str
    archived: bool
    systems: tuple[str, ...] = ()
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class TestedSystem:
    """A system in use that a restore may cover. rto_hours: how long it may be away, where somebody said so."""

    __test__ = False  # pytest would collect the class for its name

    id: UUID
    name: str
    in_use_on: date | None
    rto_hours: int | None


def results(item_id: str) -> list[Result]:
    """Return the results of an item, newest first, those put away too."""
    row = TestResult
    query = (
        sa.select(
            row.id,
            row.done_on,
            row.outcome,
            row.done_by,
            ExternalParty.name,
            row.cost,
            row.note,
            row.archived_at,
            row.minutes,
        )
        .outerjoin(ExternalParty, (ExternalParty.tenant_id == row.tenant_id) & (ExternalParty.id == row.party_id))
        .where(row.item_id == item_id)
    )
    covered = _covered(item_id)
    found = [
        Result(
            *line[:7],
            archived=line.archived_at is not None,
            systems=tuple(covered[line.id]),
            minutes=line.minutes,
        )
        for line in db.session().execute(query)
    ]
    return sorted(found, key=lambda one: (one.done_on, one.id), reverse=True)


def _covered(item_id: str) -> dict[UUID, list[str]]:
    link = TestResultSystem
    query = (
        sa.select(link.test_result_id, System.name)
        .join(System, (System.tenant_id == link.tenant_id) & (System.id == link.system_id))
        .join(TestResult, (TestResult.tenant_id == link.tenant_id) & (TestResult.id == link.test_result_id))
        .where(TestResult.item_id == item_id)
        .order_by(System.name)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for result_id, name in db.session().execute(query):
        found[result_id].append(name)
    return found


def tested_systems() -> list[TestedSystem]:
    """Return the systems in use, by name."""
    query = sa.select(System.id, System.name, System.in_use_on, System.rto_hours).where(System.archived_at.is_(None))
    return sorted((TestedSystem(*line) for line in db.session().execute(query)), key=lambda one: one.name.casefold())
