"""The last day on which an agreement can be given notice."""

from datetime import date, timedelta

from continuity.models import NoticeUnit
from core.clock import add_months


def notice_day(ends_on: date | None, length: int | None, unit: NoticeUnit) -> date | None:
    """Return the last day to give notice: so long before the last day, clamped to the month's end.

    Three months before 31 May is 28 or 29 February. None where the end or the period of notice is not known.
    Source: rules 3.7 T15.
    """
    if ends_on is None or length is None:
        return None
    return ends_on - timedelta(days=length) if unit is NoticeUnit.DAYS else add_months(ends_on, -length)
