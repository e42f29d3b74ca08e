"""Load the programme of tests and what is still open of many plans as facts."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from plans.facts import FollowUpFact, PlannedFact
from plans.models import FollowUp, PlannedTest, TestResult
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


def load_planned(tenant_ids: Sequence[int]) -> dict[int, list[PlannedFact]]:
    """Return the planned tests by organisation."""
    found: dict[int, list[PlannedFact]] = defaultdict(list)
    for line in _PLANNED.rows(tenant_ids):
        found[line[0]].append(PlannedFact(*line[1:]))
    return found


def load_follow_ups(tenant_ids: Sequence[int]) -> dict[int, list[FollowUpFact]]:
    """Return what is still open after tests by organisation."""
    found: dict[int, list[FollowUpFact]] = defaultdict(list)
    for line in _FOLLOW_UPS.rows(tenant_ids):
        found[line[0]].append(FollowUpFact(*line[1:]))
    return found
