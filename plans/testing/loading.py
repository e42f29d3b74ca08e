"""Load the tests of many plans as facts: the results, the programme and what is still open."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from plans.facts import FollowUpFact, PlannedFact, ResultFact
from plans.models import FollowUp, PlannedTest, TestResult, TestResultSystem
from tenants.prepared import Prepared

_PLANNED = Prepared(
    sa.select(
        PlannedTest.tenant_id,
        PlannedTest.id,
        PlannedTest.item_id,
        PlannedTest.planned_on,
        PlannedTest.result_id.is_not(None),
    ).where(PlannedTest.archived_at.is_(None))
)
# A result that was put away takes nothing along.
_FOLLOW_UPS = Prepared(
    sa.select(FollowUp.tenant_id, FollowUp.id, TestResult.item_id, FollowUp.what, FollowUp.opened_on, FollowUp.due_on)
    .join(TestResult, (TestResult.tenant_id == FollowUp.tenant_id) & (TestResult.id == FollowUp.test_result_id))
    .where(FollowUp.closed_on.is_(None))
)
_COVERED = Prepared(sa.select(TestResultSystem.tenant_id, TestResultSystem.test_result_id, TestResultSystem.system_id))
_RESULTS = Prepared(
    sa.select(
        TestResult.tenant_id,
        TestResult.id,
        TestResult.item_id,
        TestResult.done_on,
        TestResult.outcome,
        TestResult.cost,
        TestResult.note,
        TestResult.minutes,
    ).where(TestResult.archived_at.is_(None))
)
# What each of the lists below is read from.
PLANNED, FOLLOW_UPS, RESULTS = (_PLANNED,), (_FOLLOW_UPS,), (_COVERED, _RESULTS)


def load_results(tenant_ids: Sequence[int]) -> dict[int, list[ResultFact]]:
    """Return the results of tests by organisation, each with the systems it covered."""
    systems: dict[UUID, set[UUID]] = defaultdict(set)
    for _one, result_id, system_id in _COVERED.rows(tenant_ids):
        systems[result_id].add(system_id)
    found: dict[int, list[ResultFact]] = defaultdict(list)
    for one, row_id, item_id, done_on, outcome, cost, note, minutes in _RESULTS.rows(tenant_ids):
        covers = frozenset(systems[row_id])
        found[one].append(ResultFact(row_id, item_id, done_on, outcome, cost, note, covers, minutes))
    return found


def load_planned(tenant_ids: Sequence[int]) -> dict[int, list[PlannedFact]]:
    """Return the planned tests by organisation."""
    found: dict[int, list[PlannedFact]] = defaultdict(list)
    for line in _PLANNED.rows(tenant_ids):
        found[line[0]].append(PlannedFact._make(line[1:]))
    return found


def load_follow_ups(tenant_ids: Sequence[int]) -> dict[int, list[FollowUpFact]]:
    """Return what is still open after tests by organisation."""
    found: dict[int, list[FollowUpFact]] = defaultdict(list)
    for line in _FOLLOW_UPS.rows(tenant_ids):
        found[line[0]].append(FollowUpFact._make(line[1:]))
    return found
