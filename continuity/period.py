"""The three months: from the day of the declaration, inclusive, clamped to the month's end."""

from dataclasses import dataclass
from datetime import date

from core.clock import add_months


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which continuity is delivered, both inclusive."""

    first_on: date
    last_on: date

    def covers(self, day: date) -> bool:
        """Tell whether continuity is delivered on `day`."""
        return self.first_on <= day <= self.last_on


def period(declared_on: date | None, months: int) -> Period | None:
    """Return the period after a declaration of bankruptcy, None while there is none.

    It ends on the same day number `months` calendar months later: declared on 30 November, three months, is up to
    and including 28 or 29 February.
    Source: scheme.period; rules 3.7 T7, T14.
    """
    return None if declared_on is None else Period(declared_on, add_months(declared_on, months))
