"""Load the programme of tests and what is still open of many plans as facts."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from core import db
from plans.facts import FollowUpFact, PlannedFact
from plans.models import FollowUp, PlannedTest, TestResult


def load_planned(tenant_ids: Sequence[int]) -> dict[int, list[PlannedFact]]:
    """Return the planned tests by organisation."""
    row = PlannedTest
    query = sa.select(row.tenant_id, row.id, row.item_id, row.planned_on, row.result_id.is_not(None))
    found: dict[int, list[PlannedFact]] = defaultdict(list)
    for line in db.session().execute(query.where(row.tenant_id.in_(tenant_ids), row.archived_at.is_(None))):
        found[line[0]].append(PlannedFact(*line[1:]))
    return found


def load_follow_ups(tenant_ids: Sequence[int]) -> dict[int, list[FollowUpFact]]:
    """Return what is still open after tests by organisation; a result that was put away takes nothing along."""
    row, result = FollowUp, TestResult
    query = (
        sa.select(row.tenant_id, row.id, result.item_id, row.what, row.opened_on, row.due_on)
        .join(result, (result.tenant_id == row.tenant_id) & (result.id == row.test_result_id))
        .where(row.tenant_id.in_(tenant_ids), row.closed_on.is_(None))
    )
    found: dict[int, list[FollowUpFact]] = defaultdict(list)
    for line in db.session().execute(query):
        found[line[0]].append(FollowUpFact(*line[1:]))
    return found
