"""Due work: what is to be done once for somebody in one period, as rows that processes take from each other.

A row is planned once (its key is unique), taken for a while (LEASE), and finished in the very transaction in which the
work takes effect. Who dies while holding one lets go of it by itself; who comes late finds that it is no longer theirs,
and what they did is dropped with their transaction. So each piece takes effect once, whoever dies when.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy import CursorResult
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, db
from core.background.work_states import OPEN, TRANSITIONS, Step, WorkState
from core.columns import words
from core.db import Base
from core.ids import new_id
from core.inserting import insert_unless_there

# How long a piece is held without a sign of life.
LEASE = timedelta(minutes=5)
# How long a piece rests after each failed try. After the last one it is given up.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
KEPT = timedelta(days=30)
# Rows in one statement: databases take some thousands of parameters, not any number.
AT_ONCE = 500
# What a piece is about when it is about the installation as a whole.
EVERYTHING = ""

log = structlog.get_logger("work")


class Overtaken(Exception):
    """What was held was taken over by somebody else meanwhile: nothing of it may be kept."""


class DueWork(Base):
    """One piece of work. about: whose, as an id, EVERYTHING for the installation; period: the day it is for.

    due_at: not taken before; while it is taken, the end of the lease. taken_by: of one taking, not of a process.
    """

    __tablename__ = "due_work"
    __table_args__ = (
        sa.UniqueConstraint("kind", "about", "period"),
        sa.Index("ix_due_work_kind_state_due_at", "kind", "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(60))
    about: Mapped[str] = mapped_column(sa.String(64))
    period: Mapped[date]
    state: Mapped[WorkState] = mapped_column(words(WorkState))
    due_at: Mapped[datetime]
    taken_by: Mapped[UUID | None]
    failures: Mapped[int]
    error: Mapped[str] = mapped_column(sa.String(200))
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of work that is held. token: shows that it is ours."""

    id: UUID
    kind: str
    about: str
    period: date
    failures: int
    token: UUID


def plan(kind: str, abouts: Iterable[str], period: date, *, at: datetime) -> None:
    """Write down that this work is due for each of `abouts`; what is planned already stays as it is.

    Pieces of earlier periods that nobody holds are passed over: what was missed is made up for once, by the newest.
    In the transaction that is open. period: a calendar day of whoever it is about.
    """
    named = sorted(set(abouts))
    for start in range(0, len(named), AT_ONCE):
        some = named[start : start + AT_ONCE]
        rows = [_row(kind, about, period, at) for about in some]
        db.session().execute(_insert(db.engine().dialect.name), rows)
        older = (DueWork.kind == kind, DueWork.about.in_(some), DueWork.period < period)
        _move(Step.REPLACE, *older, done_at=at)
        _move(Step.REPLACE_LEFT, *older, DueWork.due_at <= at, done_at=at)


def _row(kind: str, about: str, period: date, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": kind,
        "about": about,
        "period": period,
        "state": WorkState.WAITING,
        "due_at": at,
        "failures": 0,
        "error": "",
    }


@cache
def _insert(dialect: str) -> Any:
    return insert_unless_there(DueWork, dialect).on_conflict_do_nothing(index_elements=["kind", "about", "period"])


def take(kind: str, *, at: datetime, at_most: int = 1, lease: timedelta = LEASE) -> list[Claim]:
    """Take pieces of work whose time has come, at most so many, oldest first; commit before working on them."""
    token = new_id()
    ready = (DueWork.kind == kind, DueWork.state.in_(OPEN), DueWork.due_at <= at)
    chosen = list(
        db.session().scalars(
            sa.select(DueWork.id)
            .where(*ready)
            .order_by(DueWork.due_at, DueWork.id)
            .limit(at_most)
            # Two who ask at once each get pieces of their own; on SQLite the writing transaction sees to that.
            .with_for_update(skip_locked=True)
        )
    )
    if not chosen:
        return []
    for step in (Step.TAKE_OVER, Step.TAKE):
        _move(step, DueWork.id.in_(chosen), *ready, taken_by=token, due_at=at + lease, started_at=at)
    held = sa.select(DueWork.id, DueWork.kind, DueWork.about, DueWork.period, DueWork.failures)
    rows = db.session().execute(held.where(DueWork.taken_by == token).order_by(DueWork.id))
    return [Claim(*row, token) for row in rows]


def renew(claims: Sequence[Claim], *, at: datetime, lease: timedelta = LEASE) -> None:
    """Hold on to what takes long, in the transaction that is open. What is no longer ours stays somebody else's."""
    _move(Step.RENEW, *_held(claims), due_at=at + lease)


def finish(claims: Sequence[Claim], *, at: datetime) -> None:
    """Note that the work is done, in the transaction in which it takes effect.

    Raises Overtaken when any of it is no longer held: the transaction must be dropped.
    """
    if _move(Step.FINISH, *_held(claims), done_at=at, error="") != len(claims):
        raise Overtaken


def put_off(claim: Claim, reason: str, *, at: datetime) -> None:
    """Note that a try failed, in the transaction that is open: it rests, and is given up after the last pause.

    reason: in our own words, nothing that anybody typed. Nothing happens when it is no longer held.
    """
    told = {"failures": claim.failures + 1, "error": reason[:200]}
    if claim.failures < len(PAUSES):
        _move(Step.PUT_OFF, *_held([claim]), due_at=at + PAUSES[claim.failures], taken_by=None, **told)
    else:
        _move(Step.GIVE_UP, *_held([claim]), done_at=at, **told)


def _held(claims: Sequence[Claim]) -> tuple[sa.ColumnElement[bool], ...]:
    return DueWork.id.in_([one.id for one in claims]), DueWork.taken_by.in_({one.token for one in claims})


def _move(step: Step, *where: sa.ColumnElement[bool], **values: Any) -> int:
    """Take one step of the table, where the rows are still in its first state; return how many did."""
    one = TRANSITIONS[step]
    moved = db.session().execute(
        sa.update(DueWork)
        .where(DueWork.state == one.source, *where)
        .values(state=one.target, **values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(moved, CursorResult)
    return int(moved.rowcount)


def work_off(
    kind: str, do: Callable[[Sequence[Claim]], None], *, at_once: int = 1, lease: timedelta = LEASE
) -> tuple[int, int]:
    """Do all work of this kind whose time has come; return how many pieces were done, and how many failed.

    do: works on some pieces, and finishes them in the transaction in which it takes effect; of pieces that fail
    together each is tried alone. Outside any transaction. Whatever goes wrong is logged and put off.
    """
    done = failed = 0
    while claims := _taken(kind, at_once, lease):
        alone = [[one] for one in claims]
        groups = [list(claims), *alone] if len(claims) > 1 else alone
        whole = groups.pop(0)
        if _tried(do, whole, last=not groups):
            done += len(whole)
            continue
        if not groups:
            failed += 1
        for group in groups:
            fine = _tried(do, group, last=True)
            done, failed = done + fine, failed + (not fine)
    return done, failed


def _taken(kind: str, at_once: int, lease: timedelta) -> list[Claim]:
    db.begin(writes=True)
    try:
        claims = take(kind, at=clock.now(), at_most=at_once, lease=lease)
        db.commit()
    finally:
        db.rollback()
    return claims


def _tried(do: Callable[[Sequence[Claim]], None], claims: Sequence[Claim], *, last: bool) -> bool:
    """Work on `claims`; tell whether it went well. last: a failure is put off, not tried again at once."""
    try:
        do(claims)
    except Overtaken:
        log.warning("work was taken over", kind=claims[0].kind, pieces=len(claims))
        return False
    except Exception as error:  # one that cannot be done must not stop the others
        db.rollback()
        if last:
            log.error("work failed", kind=claims[0].kind, about=claims[0].about, exc_info=error)
            note_failure(claims[0], error)
        return False
    return True


def note_failure(claim: Claim, error: Exception) -> None:
    """Put a piece off in a transaction of its own. Only the kind of the error is kept: its text may tell anything."""
    db.begin(writes=True)
    try:
        put_off(claim, type(error).__name__, at=clock.now())
        db.commit()
    finally:
        db.rollback()


def left_open(kind: str, period: date) -> int:
    """Return how many pieces of this kind and period are yet to be done."""
    query = sa.select(sa.func.count()).select_from(DueWork)
    return (
        db.session().scalar(query.where(DueWork.kind == kind, DueWork.period == period, DueWork.state.in_(OPEN))) or 0
    )


def forget_old(at: datetime) -> int:
    """Remove what was done with longer than KEPT ago, in the transaction that is open; return how much."""
    gone = db.session().execute(sa.delete(DueWork).where(DueWork.done_at < at - KEPT))
    assert isinstance(gone, CursorResult)
    return int(gone.rowcount)
