"""When the day's telling begins, in one place: what is told once a day waits until people are up.

After the night's judgement (WAARBORG_SWEEP_AT), before the day's work: a mail in the night helps nobody.
"""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from core import clock, db
from core.background import work
from core.background.work import EVERYTHING
from core.working_days import is_working_day

FROM_HOUR = 6


def has_begun(at: datetime, zone: str = clock.DEFAULT_ZONE) -> bool:
    """Tell whether the morning has come in a zone; the installation's own when none is named."""
    return at.astimezone(ZoneInfo(zone)).hour >= FROM_HOUR


def plan_today(kind: str, *, after: Collection[str] = ()) -> None:
    """Plan work of `kind` for today, unless it is too early, no working day, or planned already.

    after: kinds of work of which nothing of today may be left to do. Outside any transaction; may run in several
    processes.
    """
    at = clock.now()
    today = clock.day_of(at)
    if not has_begun(at) or not is_working_day(today):
        return
    db.begin(writes=True)
    try:
        if not any(work.left_open(other, today) for other in after):
            work.plan(kind, [EVERYTHING], today, at=at)
            db.commit()
    finally:
        db.rollback()
