"""On which days people work in the Netherlands: nobody is reminded on the others."""

from datetime import date
from functools import cache


def is_working_day(day: date) -> bool:
    """Tell whether `day` is no weekend and no public holiday in the Netherlands."""
    return day.weekday() < 5 and day not in _free_days(day.year)


@cache
def _free_days(year: int) -> frozenset[date]:
    import holidays  # a sixth of a second, which most commands and pages need not wait

    return frozenset(holidays.country_holidays("NL", years=year))
