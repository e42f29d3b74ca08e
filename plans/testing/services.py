"""Write down how a test ended."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import PlanError
from plans.models import Outcome, System, TestResult, TestResultSystem
from plans.shapes import OUTCOMES, RESTORE, kept_at
from plans.turns import known, take_turn


@dataclass(frozen=True, slots=True)
class ResultValues:
    """A test that was done. systems: those a restore covered; cost: in euro; minutes: how long it took."""

    done_on: date
    outcome: Outcome
    done_by: str = ""
    note: str = ""
    party_id: UUID | None = None
    cost: Decimal | None = None
    systems: frozenset[UUID] = frozenset()
    minutes: int | None = None


def add_result(item_id: str, values: ResultValues, *, today: date, row_id: UUID | None = None) -> TestResult:
    """Add a result to an item of the tests. row_id: chosen when the page was made; adding it twice adds one.

    Raises PlanError for a day to come, an outcome this test cannot have, or systems that are not in use.
    Source: handbook, testing.
    """
    if values.done_on > today:
        raise PlanError(_l("This day is still to come."), "done_on")
    if values.outcome not in OUTCOMES[item_id]:
        raise PlanError(_l("Choose one from the list."), "outcome")
    take_turn()
    if (before := known(TestResult, row_id)) is not None:
        return before
    in_use = set(db.session().scalars(sa.select(System.id).where(System.archived_at.is_(None))))
    if values.systems and (kept_at(item_id) != RESTORE or not values.systems <= in_use):
        raise PlanError(_l("Choose from the list."), "systems")
    row = TestResult(
        id=row_id or new_id(),
        item_id=kept_at(item_id),
        done_on=values.done_on,
        outcome=values.outcome,
        done_by=values.done_by,
        party_id=values.party_id,
        cost=values.cost,
        minutes=values.minutes,
        note=values.note,
    )
    db.session().add(row)
    db.session().flush()
    db.session().add_all(TestResultSystem(test_result_id=row.id, system_id=one) for one in sorted(values.systems))
    db.session().flush()
    return row
