"""Have a report made again and again, and end that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from audits.made.models import Cadence, ReportSchedule, SchedulePerson
from core import db
from core.i18n import Language
from tenants.scope import current_scope

MOST = 50


class ScheduleError(Exception):
    """A schedule cannot be as somebody wants it. message: fit to show."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class ScheduleValues:
    """What somebody chose. people: whom to tell."""

    name: str
    cadence: Cadence
    language: Language
    people: frozenset[UUID]


def add(values: ScheduleValues, possible: Collection[UUID], *, today: date) -> ReportSchedule:
    """Have the report made from the next period on. possible: who may be told of reports here.

    Raises ScheduleError for nobody or a stranger to tell, the same report as often in the same language twice, and
    more than MOST schedules.
    """
    if not values.people or not values.people <= set(possible):
        raise ScheduleError(_l("Choose at least one person to tell."))
    running = list(db.session().scalars(sa.select(ReportSchedule).where(ReportSchedule.ended_at.is_(None))))
    if any((one.name, one.cadence, one.language) == (values.name, values.cadence, values.language) for one in running):
        raise ScheduleError(_l("This report is made that often already. End that schedule first."))
    if len(running) >= MOST:
        raise ScheduleError(_l("There are fifty schedules already. End one first."))
    actor = current_scope().actor.user_id
    assert actor is not None
    row = ReportSchedule(
        name=values.name, cadence=values.cadence, language=values.language, added_on=today, added_by_id=actor
    )
    db.session().add(row)
    db.session().flush()
    db.session().add_all(SchedulePerson(schedule_id=row.id, user_id=one) for one in sorted(values.people))
    db.session().flush()
    return row


def end(schedule_id: UUID, *, at: datetime) -> bool:
    """End a schedule; what was made stays. Tell whether there was one that ran. at: aware UTC."""
    row = db.session().scalar(
        sa.select(ReportSchedule).where(ReportSchedule.id == schedule_id, ReportSchedule.ended_at.is_(None))
    )
    if row is None:
        return False
    row.ended_at = at
    db.session().flush()
    return True
