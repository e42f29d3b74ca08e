"""What the pages of the room and of the organisation's answers show, read in the open scope."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.reach import reaches
from audits.room.course import ANSWERED, WAITING, Move, RequestState
from audits.room.models import EvidenceFile, EvidenceRequest, EvidenceStep
from audits.room.waiting import any_open
from core import clock, db
from plans import handbook
from plans.models import TestResult
from tenants.engagements import among_people
from tenants.models import Engagement, User
from tenants.owned import Area


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as lists show it. version: how often it was saved."""

    id: UUID
    engagement_id: UUID
    number: int
    title: str
    asked: str
    item_id: str
    due_on: date
    state: RequestState
    asked_at: datetime
    version: int

    def late(self, today: date) -> bool:
        """Tell whether the organisation should have answered by now."""
        return self.state in WAITING and self.due_on < today


@dataclass(frozen=True, slots=True)
class Assignment:
    """An engagement as the organisation sees it beside its requests. auditor: a name."""

    id: UUID
    reference: str
    auditor: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of an answer. size: bytes."""

    id: UUID
    tenant_id: int
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Pointed:
    """A test result that an answer points at."""

    id: UUID
    title: str
    done_on: date


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of a request. by: the name of who took it; result: None where there is none or the plan is closed."""

    id: UUID
    move: Move
    note: str
    by: str
    at: datetime
    result: Pointed | None
    files: Sequence[KeptFile]


_ASKED = (
    EvidenceRequest.id,
    EvidenceRequest.engagement_id,
    EvidenceRequest.number,
    EvidenceRequest.title,
    EvidenceRequest.asked,
    EvidenceRequest.item_id,
    EvidenceRequest.due_on,
    EvidenceRequest.state,
    EvidenceRequest.asked_at,
    EvidenceRequest.version,
)
_FILE = (
    EvidenceFile.id,
    EvidenceFile.tenant_id,
    EvidenceFile.name,
    EvidenceFile.media_type,
    EvidenceFile.size,
    EvidenceFile.sha256,
)


def requests_of(engagement_id: UUID) -> list[Asked]:
    """Return the requests under one engagement: those the auditor has to look at first, then those that wait."""
    query = sa.select(*_ASKED).where(EvidenceRequest.engagement_id == engagement_id)
    rows: Iterable[Any] = db.session().execute(query)
    return sorted((Asked(*row) for row in rows), key=_turn)


def _turn(one: Asked) -> tuple[bool, bool, int]:
    return one.state not in ANSWERED, one.state not in WAITING, one.number


def request_named(request_id: UUID, *, engagement_id: UUID | None = None) -> Asked | None:
    """Return one request. engagement_id: only when it was made under this engagement."""
    query = sa.select(*_ASKED).where(EvidenceRequest.id == request_id)
    if engagement_id is not None:
        query = query.where(EvidenceRequest.engagement_id == engagement_id)
    row: Any = db.session().execute(query).one_or_none()
    return Asked(*row) if row else None


def requests_here() -> list[tuple[Assignment, list[Asked]]]:
    """Return the requests of the open scope's organisation by engagement, the one that ends last on top.

    Of each engagement those that wait for an answer first, then as they were made.
    """
    query = sa.select(EvidenceRequest.engagement_id, *_ASKED)
    found: dict[UUID, list[Asked]] = defaultdict(list)
    rows: Iterable[Any] = db.session().execute(query)
    for engagement_id, *asked in rows:
        found[engagement_id].append(Asked(*asked))
    newest = _assignments(found).order_by(Engagement.ends_at.desc(), Engagement.id)
    told: Iterable[Any] = db.session().execute(newest)
    return [
        (one, sorted(found[one.id], key=lambda asked: (asked.state not in WAITING, asked.number)))
        for one in (Assignment(*row) for row in told)
    ]


def assignment_named(engagement_id: UUID) -> Assignment:
    """Return an engagement of the open scope's organisation, which must read who its people are."""
    row: Any = db.session().execute(_assignments([engagement_id])).one()
    return Assignment(*row)


def _assignments(ids: Iterable[UUID]) -> sa.Select[*tuple[Any, ...]]:
    query = sa.select(Engagement.id, Engagement.reference, User.name, Engagement.ends_at)
    return query.join(User, User.id == Engagement.auditor_id).where(Engagement.id.in_(list(ids)))


def waiting_here() -> int:
    """Return how many requests under running engagements wait for the organisation. Any empties the session."""
    if not any_open():
        return 0
    with among_people():
        query = (
            sa.select(sa.func.count())
            .select_from(EvidenceRequest)
            .join(
                Engagement,
                sa.and_(
                    Engagement.tenant_id == EvidenceRequest.tenant_id, Engagement.id == EvidenceRequest.engagement_id
                ),
            )
            .where(EvidenceRequest.state.in_(sorted(WAITING)), Engagement.ends_at > clock.now())
        )
        return db.session().scalar(query) or 0


def history(request_id: UUID) -> list[Happened]:
    """Return the steps of a request, first first, with the files of its answers."""
    query = (
        sa.select(EvidenceStep.id, EvidenceStep.move, EvidenceStep.note, User.name, EvidenceStep.made_at,
                  EvidenceStep.result_id)
        .join(User, User.id == EvidenceStep.user_id)
        .where(EvidenceStep.request_id == request_id)
        .order_by(EvidenceStep.made_at, EvidenceStep.id)
    )  # fmt: skip
    rows: list[Any] = list(db.session().execute(query))
    kept, results = _files([row[0] for row in rows]), _results({row[5] for row in rows} - {None})
    return [
        Happened(id_, move, note, by, at, results.get(result_id), kept.get(id_, ()))
        for id_, move, note, by, at, result_id in rows
    ]


def _files(step_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[KeptFile]]:
    query = (
        sa.select(EvidenceFile.step_id, *_FILE)
        .where(EvidenceFile.step_id.in_(step_ids))
        .order_by(EvidenceFile.name, EvidenceFile.id)
    )
    found: dict[UUID, list[KeptFile]] = defaultdict(list)
    rows: Iterable[Any] = db.session().execute(query)
    for step_id, *told in rows:
        found[step_id].append(KeptFile(*told))
    return found


def file_named(request_id: UUID, file_id: UUID) -> KeptFile | None:
    """Return a file of an answer to this request."""
    query = (
        sa.select(*_FILE)
        .join(
            EvidenceStep,
            sa.and_(EvidenceStep.tenant_id == EvidenceFile.tenant_id, EvidenceStep.id == EvidenceFile.step_id),
        )
        .where(EvidenceFile.id == file_id, EvidenceStep.request_id == request_id)
    )
    row: Any = db.session().execute(query).one_or_none()
    return KeptFile(*row) if row else None


def results() -> list[Pointed]:
    """Return the test results an answer can point at, newest first; none where the plan is closed."""
    return list(_results(None).values())


def _results(chosen: Iterable[UUID] | None) -> dict[UUID, Pointed]:
    """Return test results by id. chosen: these, put away or not; None for all that are not put away."""
    if not reaches(Area.PLAN):
        return {}
    query = sa.select(TestResult.id, TestResult.item_id, TestResult.done_on)
    some = TestResult.archived_at.is_(None) if chosen is None else TestResult.id.in_(list(chosen))
    rows: Iterable[Any] = db.session().execute(query.where(some).order_by(TestResult.done_on.desc(), TestResult.id))
    titles = handbook.by_id()
    return {
        id_: Pointed(id_, titles[item_id].title if item_id in titles else item_id, done_on)
        for id_, item_id, done_on in rows
    }
