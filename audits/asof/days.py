"""Which days can be told: today and those to come from the rows as they are, a day that is over where it was kept."""

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from audits.asof.models import Evaluation
from audits.asof.standing import first_kept
from core import db
from core.i18n import day_text

SHOWN = 24


class NotKept(Exception):
    """Nothing was kept until a day that is over. first: the first day that was; text: says so, fit to show."""

    def __init__(self, day: date, first: date | None) -> None:
        super().__init__(f"nothing was kept until {day}" + (f": the first day that was is {first}" if first else ""))
        self.first = first
        if first is None:
            self.text = _l("No day has been kept yet, so only today and days to come can be told.")
        else:
            self.text = _l(
                "Nothing was kept of %(day)s. The first day that was kept is %(first)s: choose that or a later day.",
                day=day_text(day),
                first=day_text(first),
            )


def expect_kept(day: date, today: date) -> None:
    """Make sure the open scope's one organisation can be told as it was on `day`.

    A day on which nothing differed is told by the one before it. Raises NotKept.
    """
    if day < today:
        first = first_kept()
        if first is None or day < first:
            raise NotKept(day, first)


def kept_days() -> list[date]:
    """Return the newest days on which something differed, newest first, at most SHOWN, and the first of all."""
    query = sa.select(Evaluation.day).order_by(Evaluation.day.desc()).limit(SHOWN)
    found = list(db.session().scalars(query))
    first = first_kept() if len(found) == SHOWN else None
    return found if first is None or first in found else [*found, first]
