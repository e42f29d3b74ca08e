"""What a scheme went through: its steps, and what was filed about its supplier."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa

from continuity.models import (
    CaseStage,
    NoticeStage,
    Registration,
    SchemeNotice,
    SchemeState,
    SchemeStep,
    TriggerCase,
    TriggerKind,
)
from core import db
from core.clock import day_of

OPEN_STAGES = (CaseStage.FILED, CaseStage.ACTIVATED, CaseStage.ALARM_ASKED)
# On which a scheme was triggered, and that was not taken back.
BEGUN = (CaseStage.ACTIVATED, CaseStage.ALARM_ASKED, CaseStage.CLOSED)


def open_case(row: Registration) -> TriggerCase | None:
    """Return what was filed about the supplier of this scheme and is not settled."""
    query = sa.select(TriggerCase).where(
        TriggerCase.tenant_id == row.tenant_id,
        TriggerCase.registration_id == row.id,
        TriggerCase.stage.in_(OPEN_STAGES),
    )
    return db.session().scalar(query)


def told_end(row: Registration) -> SchemeNotice | None:
    """Return the newest end of a scheme that was announced and not taken back, also once it is confirmed."""
    query = sa.select(SchemeNotice).where(
        SchemeNotice.tenant_id == row.tenant_id,
        SchemeNotice.registration_id == row.id,
        SchemeNotice.stage != NoticeStage.TAKEN_BACK,
    )
    return db.session().scalar(query.order_by(SchemeNotice.given_at.desc(), SchemeNotice.id.desc()).limit(1))


def steps_of(row: Registration) -> Sequence[SchemeStep]:
    """Return the steps of a scheme, newest first."""
    query = sa.select(SchemeStep).where(SchemeStep.tenant_id == row.tenant_id, SchemeStep.registration_id == row.id)
    return _one_after_the_other(db.session().scalars(query.order_by(SchemeStep.taken_at, SchemeStep.id)))[::-1]


def _one_after_the_other(steps: Iterable[SchemeStep]) -> list[SchemeStep]:
    """Return steps, oldest first, each behind the one that led to it.

    What follows from one save is several steps within a microsecond, which their moments alone do not put in order.
    """
    told: list[SchemeStep] = []
    for _at, group in groupby(steps, key=lambda one: one.taken_at):
        left = list(group)
        while left:
            # The first step of a scheme leaves what no other of its moment reached.
            reached = told[-1].reached if told else None
            follows = (one for one in left if one.left is reached)
            begins = (one for one in left if all(one.left is not other.reached for other in left))
            chosen = next(follows, None) or next(begins, left[0])
            left.remove(chosen)
            told.append(chosen)
    return told


def fell_since(row: Registration, day: date, *, zone: str) -> bool:
    """Tell whether a scheme fell back to a draft on or after `day`: what bound the foundation was withdrawn."""
    return any(one.reached is SchemeState.DRAFT and day_of(one.taken_at, zone) >= day for one in steps_of(row))


def ended_since(row: Registration, day: date, *, zone: str) -> bool:
    """Tell whether a scheme that bound its foundation was ended on or after `day`."""
    ended = [one for one in steps_of(row) if one.reached is SchemeState.TERMINATED]
    return any(one.left is not SchemeState.DRAFT and day_of(one.taken_at, zone) >= day for one in ended)


def cases_of(row: Registration) -> Sequence[TriggerCase]:
    """Return what was ever filed about the supplier of a scheme, newest first."""
    query = sa.select(TriggerCase).where(TriggerCase.tenant_id == row.tenant_id, TriggerCase.registration_id == row.id)
    return db.session().scalars(query.order_by(TriggerCase.filed_at.desc(), TriggerCase.id.desc())).all()


def trigger_of(row: Registration) -> TriggerKind:
    """Return what happened to the supplier of a scheme that was triggered; a bankruptcy where no case was kept."""
    return next((one.kind for one in cases_of(row) if one.stage in BEGUN), TriggerKind.DECLARED_BANKRUPT)


def triggers_of(rows: Iterable[Registration]) -> Mapping[UUID, TriggerKind]:
    """Return what `trigger_of` does for each of `rows` that was triggered, by id, in one query."""
    ids = [row.id for row in rows if row.declared_bankrupt_on is not None]
    query = sa.select(TriggerCase.registration_id, TriggerCase.kind).where(
        TriggerCase.registration_id.in_(ids), TriggerCase.stage.in_(BEGUN)
    )
    newest_last = db.session().execute(query.order_by(TriggerCase.filed_at, TriggerCase.id))
    found: dict[UUID, TriggerKind] = {row[0]: row[1] for row in newest_last}
    return {one: found.get(one, TriggerKind.DECLARED_BANKRUPT) for one in ids}
