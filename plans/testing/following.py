"""What must follow a test: evidence that is added, and what stays open until somebody tells what was done."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.models import Contact, FollowUp, TestEvidence, TestResult
from plans.turns import expect_seen, known, take_turn
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


@dataclass(frozen=True, slots=True)
class Move:
    """By which day, inclusive, and by whom what is open must be done from now on."""

    due_on: date
    owner_id: UUID | None = None


class AlreadyClosed(Exception):
    """Somebody else closed this with other words; `row` is as they left it."""

    def __init__(self, row: FollowUp) -> None:
        super().__init__("closed by somebody else")
        self.row = row


def move(follow_up_id: UUID, to: Move, *, today: date, seen: str | None = None) -> FollowUp:
    """Give what is open to somebody else, or another day.

    Raises NotThere, also for what was closed; PlanError for a new day that has passed or somebody who is not there;
    EditConflict when somebody else changed it in between.
    """
    take_turn()
    row: FollowUp | None = known(FollowUp, follow_up_id)
    if row is None or row.closed_on is not None:
        raise NotThere
    expect_seen([row], seen)
    # What is late already may be given away as late as it is.
    if to.due_on < today and to.due_on != row.due_on:
        raise PlanError(_l("This day has passed."), "due_on")
    if to.owner_id not in (None, row.owner_id) and known(Contact, to.owner_id) is None:
        raise PlanError(_l("Choose one from the list."), "owner")
    row.due_on, row.owner_id = to.due_on, to.owner_id
    db.session().flush()
    return row


def close(follow_up_id: UUID, done: str, *, by: str, today: date) -> FollowUp:
    """Close what was open, telling what was done. The same twice changes nothing.

    Raises NotThere, PlanError without words, AlreadyClosed when it was closed before with other words.
    """
    take_turn()
    row: FollowUp | None = known(FollowUp, follow_up_id)
    if row is None:
        raise NotThere
    if row.closed_on is None:
        if len(done.strip()) < 3:
            raise PlanError(_l("Tell in a few words what was done."), "done")
        row.closed_on, row.closed_by, row.done = today, by, done
        db.session().flush()
    elif row.done != done:
        raise AlreadyClosed(row)
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
