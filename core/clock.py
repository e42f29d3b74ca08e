"""The only place that asks what time it is. Decisions take a day or an instant as a value."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

DEFAULT_ZONE = "Europe/Amsterdam"
# What people mean when they type a day; months and nights can be added to it.
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str = DEFAULT_ZONE) -> date:
    """Return the calendar day that it now is in `zone` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_of(at: datetime, zone: str = DEFAULT_ZONE) -> date:
    """Return the calendar day of the aware instant `at` in `zone`."""
    return at.astimezone(ZoneInfo(zone)).date()


def add_months(day: date, months: int) -> date:
    """Return the same day number `months` calendar months later, clamped to that month's end.

    30 November plus three months is 28 or 29 February.
    """
    moved: date = day + relativedelta(months=months)
    return moved
