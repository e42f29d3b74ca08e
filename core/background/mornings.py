"""Planning what is told of on working days, in the morning: once a day, whichever process is first."""

from zoneinfo import ZoneInfo

from core import clock, db
from core.background import work
from core.background.work import EVERYTHING
from core.working_days import is_working_day

# From this hour on, in the zone of the installation: a mail in the night helps nobody.
FROM_HOUR = 7


def plan_today(kind: str) -> None:
    """Plan work of `kind` for today, unless it is too early, no working day, or planned already.

    Outside any transaction; may run in several processes.
    """
    at = clock.now()
    today = clock.day_of(at)
    if at.astimezone(ZoneInfo(clock.DEFAULT_ZONE)).hour < FROM_HOUR or not is_working_day(today):
        return
    db.begin(writes=True)
    try:
        work.plan(kind, [EVERYTHING], today, at=at)
        db.commit()
    finally:
        db.rollback()
