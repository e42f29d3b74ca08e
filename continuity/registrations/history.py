"""What a scheme went through: its steps, and what was filed about its supplier."""

from collections.abc import Sequence

import sqlalchemy as sa

from continuity.models import CaseStage, Registration, SchemeStep, TriggerCase
from core import db

OPEN_STAGES = (CaseStage.FILED, CaseStage.ACTIVATED, CaseStage.ALARM_ASKED)


def open_case(row: Registration) -> TriggerCase | None:
    """Return what was filed about the supplier of this scheme and is not settled."""
    query = sa.select(TriggerCase).where(
        TriggerCase.tenant_id == row.tenant_id,
        TriggerCase.registration_id == row.id,
        TriggerCase.stage.in_(OPEN_STAGES),
    )
    return db.session().scalar(query)


def steps_of(row: Registration) -> Sequence[SchemeStep]:
    """Return the steps of a scheme, newest first."""
    query = sa.select(SchemeStep).where(SchemeStep.tenant_id == row.tenant_id, SchemeStep.registration_id == row.id)
    return db.session().scalars(query.order_by(SchemeStep.taken_at.desc(), SchemeStep.id.desc())).all()


def cases_of(row: Registration) -> Sequence[TriggerCase]:
    """Return what was ever filed about the supplier of a scheme, newest first."""
    query = sa.select(TriggerCase).where(TriggerCase.tenant_id == row.tenant_id, TriggerCase.registration_id == row.id)
    return db.session().scalars(query.order_by(TriggerCase.filed_at.desc(), TriggerCase.id.desc())).all()
