"""What a foundation says to all its registrants: how long notice is, and when is reminded of what.

Suppliers and jobs read it where no scope of the foundation is open; it is no secret.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from continuity.models import FoundationTerms
from core import db

# As long as continuity itself is delivered: a client needs no less to find another supplier. Source: rules 3.7 T15.
NOTICE_MONTHS = 3
# Within so many days the foundation answers, and goes on to deliver what it granted. Source: rules 3.7 T9.
ANSWER_DAYS = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a foundation. days: by matter, where it chose others than usual; from the last day in time."""

    notice_months: int = NOTICE_MONTHS
    answer_days: int = ANSWER_DAYS
    days: Mapping[str, Sequence[int]] = field(default_factory=dict)


USUAL = Terms()


def terms_of(foundation_id: int | None) -> Terms:
    """Return the terms of a foundation, the usual ones where it chose none."""
    row = db.session().get(FoundationTerms, foundation_id) if foundation_id is not None else None
    if row is None:
        return USUAL
    return Terms(row.notice_months, row.answer_days, {name: tuple(days) for name, days in row.days.items()})
