"""What must follow a test: evidence that is added, and what stays open until somebody tells what was done."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.models import Contact, FollowUp, TestEvidence, TestResult
from plans.turns import known, take_turn
from plans.uploads import Upload, keep


@dataclass(frozen=True, slots=True)
class FollowUpValues:
    """Something to be put right. owner_id: who does it; due_on: inclusive."""

    what: str
    due_on: date
    owner_id: UUID | None = None


def add_follow_up(result_id: UUID, values: FollowUpValues, *, today: date, row_id: UUID | None = None) -> FollowUp:
    """Let something follow a result. row_id: chosen when the page was made; adding it twice adds one.

    Raises NotThere, and PlanError for a day that has passed or somebody who is not there.
    """
    if values.due_on < today:
        raise PlanError(_l("This day has passed."), "due_on")
    if values.owner_id is not None and known(Contact, values.owner_id) is None:
        raise PlanError(_l("Choose one from the list."), "owner")
    take_turn()
    if (before := known(FollowUp, row_id)) is not None:
        return before
    row = FollowUp(
        id=row_id or new_id(),
        test_result_id=_result(result_id).id,
        what=values.what,
        owner_id=values.owner_id,
        opened_on=today,
        due_on=values.due_on,
        closed_on=None,
    )
    db.session().add(row)
    db.session().flush()
    return row


def close(follow_up_id: UUID, done: str, *, by: str, today: date) -> FollowUp:
    """Close what was open, telling what was done. Twice changes nothing. Raises NotThere, PlanError without words."""
    take_turn()
    row: FollowUp | None = known(FollowUp, follow_up_id)
    if row is None:
        raise NotThere
    if row.closed_on is None:
        if len(done.strip()) < 3:
            raise PlanError(_l("Tell in a few words what was done."), "done")
        row.closed_on, row.closed_by, row.done = today, by, done
        db.session().flush()
    return row


def add_evidence(result_id: UUID, upload: Upload, *, by: str, at: datetime) -> TestEvidence:
    """Add a file that proves a result. Raises NotThere."""
    take_turn()
    result = _result(result_id)
    row = TestEvidence(test_result_id=result.id, file_id=keep(upload, at=at).id, added_by=by)
    db.session().add(row)
    db.session().flush()
    return row


def _result(result_id: UUID) -> TestResult:
    row: TestResult | None = known(TestResult, result_id)
    if row is None or row.archived_at is not None:
        raise NotThere
    return row
