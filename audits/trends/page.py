"""What a page of trends shows: the numbers, and the pictures drawn from them, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask_babel import ngettext

from audits.trends.counting import AGE_LABELS, ORDER, Counted, Month, Trends, Week
from audits.trends.drawing import Bar, Picture, areas, columns
from audits.words import SEVERITY_LABELS
from core.i18n import language, number_text

# Two months between names below the picture over time.
NAMED = 2
# The last name would run over the edge within so many weeks of it.
EDGE = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """The numbers of a page and their pictures. closing: None where nothing was closed."""

    trends: Trends
    over_time: Picture
    ages: Picture
    closing: Picture | None
    lapses: Picture

    @property
    def first(self) -> Week:
        """Return the oldest week."""
        return self.trends.weeks[0]

    @property
    def last(self) -> Week:
        """Return how it is now."""
        return self.trends.weeks[-1]

    @property
    def most(self) -> Month:
        """Return the month in which most lapses."""
        return max(self.trends.months, key=lambda month: month.number)


def shown(trends: Trends) -> Shown:
    """Draw the pictures of a page."""
    medians = [(one, trends.closing[one].median) for one in ORDER]
    return Shown(
        trends,
        over_time=areas(
            [(one.value, [week.open.numbers[one] for week in trends.weeks]) for one in ORDER],
            _month_names([week.on for week in trends.weeks]),
        ),
        ages=columns([_stacked(str(AGE_LABELS[age]), counted) for age, counted in trends.ages.items()]),
        closing=columns(
            [Bar(str(SEVERITY_LABELS[one]), days_text(median), [(one.value, median or 0)]) for one, median in medians]
        )
        if any(median is not None for _, median in medians)
        else None,
        lapses=columns(
            [Bar(month_name(one.first), str(one.number or ""), [("lapses", one.number)]) for one in trends.months]
        ),
    )


def days_text(days: float | None) -> str:
    """Write a number of days, halves too, or a dash for none."""
    if days is None:
        return "-"
    return str(ngettext("%(days)s day", "%(days)s days", 1 if days == 1 else 2, days=number_text(days)))


def month_name(day: date) -> str:
    """Write the month of a day as short as it goes: nov."""
    return str(format_date(day, "LLL", locale=language().value)).rstrip(".")


def _stacked(label: str, counted: Counted) -> Bar:
    return Bar(label, str(counted.total), [(one.value, counted.numbers[one]) for one in ORDER])


def _month_names(days: Sequence[date]) -> list[tuple[int, str]]:
    turns = [at for at in range(1, len(days)) if days[at].month != days[at - 1].month]
    return [(at, month_name(days[at])) for at in turns[::NAMED] if at < len(days) - EDGE]
