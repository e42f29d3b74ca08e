"""Changes to requests for evidence: ask, answer, decide. Each is a step that stays, beside the state it led to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import flag_modified

from audits.room import telling
from audits.room.course import COURSE, Move, moves
from audits.room.models import EvidenceFile, EvidenceRequest, EvidenceStep
from core import db
from core.files import files
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.models import TestResult
from plans.turns import known, take_turn
from plans.uploads import Upload
from tenants.models import Capacity, Engagement
from tenants.owned import EditConflict
from tenants.scope import current_scope

MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for. item_id: the handbook item or duty it is about, "" for none; due_on: inclusive."""

    title: str
    asked: str
    due_on: date
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody says at a move. result_id: a test result that proves it; uploads: files that do."""

    note: str = ""
    result_id: UUID | None = None
    uploads: Sequence[Upload] = ()


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves a request: an account, in which capacity, at which instant (aware UTC)."""

    user_id: UUID
    capacity: Capacity
    at: datetime


def ask(
    engagement_id: UUID, asking: Asking, *, by: Mover, today: date, last_on: date, row_id: UUID | None = None
) -> EvidenceRequest:
    """Ask for evidence under the running engagement of whoever asks; the caller makes sure that it is theirs.

    last_on: its last day, inclusive; row_id: chosen when the page was made, asking twice with it asks once.
    Raises PlanError for a day that has passed or lies after the engagement.
    """
    if asking.due_on < today:
        raise PlanError(_l("This day has passed."), "due_on")
    if asking.due_on > last_on:
        raise PlanError(_l("Your assignment has ended by then."), "due_on")
    take_turn()
    before: EvidenceRequest | None = known(EvidenceRequest, row_id)
    if before is not None:
        return before
    newest = sa.select(sa.func.max(EvidenceRequest.number)).where(EvidenceRequest.engagement_id == engagement_id)
    row = EvidenceRequest(
        id=row_id or new_id(),
        engagement_id=engagement_id,
        number=(db.session().scalar(newest) or 0) + 1,
        title=asking.title,
        asked=asking.asked,
        item_id=asking.item_id,
        due_on=asking.due_on,
        state=COURSE[Move.ASK].target,
        asked_at=by.at,
    )
    db.session().add(row)
    db.session().flush()
    _step(row, Move.ASK, Saying(), by, None)
    return row


def answer(
    request_id: UUID, saying: Saying, *, by: Mover, seen: int | None = None, step_id: UUID | None = None
) -> EvidenceRequest:
    """Answer a request, for the organisation. Raises as `_move`, and PlanError once the engagement has ended."""
    row = _locked(request_id)
    engagement = db.session().scalars(sa.select(Engagement).where(Engagement.id == row.engagement_id)).one()
    if engagement.ends_at <= by.at:
        raise PlanError(_l("This assignment has ended. An answer would not be read any more."))
    if len(saying.uploads) > MOST_FILES:
        raise PlanError(_l("Add at most %(most)s files at once.", most=MOST_FILES), "files")
    if saying.result_id is not None and known(TestResult, saying.result_id) is None:
        raise PlanError(_l("Choose one from the list."), "result")
    return _move(row, Move.ANSWER, saying, by, seen, step_id)


def decide(
    request_id: UUID, move: Move, saying: Saying, *, by: Mover, seen: int | None = None, step_id: UUID | None = None
) -> EvidenceRequest:
    """Accept an answer, send it back or withdraw the request; the caller makes sure that it is the auditor's own.

    Raises as `_move`.
    """
    return _move(_locked(request_id), move, Saying(saying.note), by, seen, step_id)


def _locked(request_id: UUID) -> EvidenceRequest:
    take_turn()
    row: EvidenceRequest | None = known(EvidenceRequest, request_id)
    if row is None:
        raise NotThere
    return row


def _move(
    row: EvidenceRequest, move: Move, saying: Saying, by: Mover, seen: int | None, step_id: UUID | None
) -> EvidenceRequest:
    """Move a request.

    seen: its version on the page, None when no page was seen; step_id: chosen when the page was made, sending the form
    twice moves once. Raises NotThere, EditConflict when it moved meanwhile or cannot move so from where it stands,
    PlanError when nothing is said where something must be.
    """
    if known(EvidenceStep, step_id) is not None:
        return row
    if seen is not None:
        row.expect_version(seen)
    if move not in moves(row.state, by.capacity):
        raise EditConflict
    if COURSE[move].reasoned and not (saying.note.strip() or saying.uploads or saying.result_id):
        empty = _l("Write an answer or add a file.") if move is Move.ANSWER else _l("Say what is still missing.")
        raise PlanError(empty, "note")
    row.state = COURSE[move].target
    # An answer to what was answered already leaves the state as it is; what was seen has changed all the same.
    flag_modified(row, "state")
    _step(row, move, saying, by, step_id)
    db.session().flush()
    return row


def _step(row: EvidenceRequest, move: Move, saying: Saying, by: Mover, step_id: UUID | None) -> None:
    step = EvidenceStep(
        id=step_id or new_id(),
        request_id=row.id,
        move=move,
        note=saying.note,
        result_id=saying.result_id,
        user_id=by.user_id,
        made_at=by.at,
    )
    db.session().add(step)
    db.session().flush()
    for upload in saying.uploads:
        db.session().add(
            EvidenceFile(
                step_id=step.id,
                name=upload.name,
                media_type=upload.media.value,
                size=len(upload.data),
                sha256=files().put(current_scope().only_tenant, upload.data),
            )
        )
    db.session().flush()
    telling.plan(step, at=by.at)
