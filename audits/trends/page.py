"""What a page of trends shows: the numbers, and the pictures drawn from them, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from babel.dates import format_date
from flask_babel import ngettext

from audits.findings.words import SEVERITY_LABELS
from audits.trends.clients import ClientTrends
from audits.trends.counting import AGE_LABELS, ORDER, Age, Counted, Month, Trends, Week
from audits.trends.drawing import Bar, Picture, areas, columns
from core.i18n import language, number_text

T = TypeVar("T", Trends, ClientTrends)
# Two months between names below the picture over time.
NAMED = 2
# The last name would run over the edge within so many weeks of it.
EDGE = 2


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """The numbers of a page and their pictures. ends: how much was open, oldest first, the last of them now.

    closing: None where nothing was closed.
    """

    trends: T
    ends: tuple[Week, ...]
    months: tuple[Month, ...]
    over_time: Picture
    ages: Picture
    closing: Picture | None
    lapses: Picture

    @property
    def first(self) -> Week:
        """Return how it was the longest ago of which something is known."""
        return self.ends[0]

    @property
    def last(self) -> Week:
        """Return how it is now."""
        return self.ends[-1]

    @property
    def most(self) -> Month:
        """Return the month in which most lapses."""
        return max(self.months, key=lambda month: month.number)


def shown(trends: Trends) -> Shown[Trends]:
    """Draw the pictures of a page."""
    medians = [(one, trends.closing[one].median) for one in ORDER]
    bars = [Bar(str(SEVERITY_LABELS[one]), days_text(median), [(one.value, median or 0)]) for one, median in medians]
    closing = columns(bars) if any(median is not None for _, median in medians) else None
    return _drawn(trends, trends.known, _month_names([week.on for week in trends.known]), closing)


def shown_clients(trends: ClientTrends) -> Shown[ClientTrends]:
    """Draw the pictures of the page of a reseller."""
    closing = _by_age(trends.closed) if trends.number_closed else None
    names = [(at, month_name(end.on)) for at, end in enumerate(trends.ends[:-1])]
    return _drawn(trends, trends.ends, names[::NAMED], closing)


def _drawn(trends: T, ends: tuple[Week, ...], names: Sequence[tuple[int, str]], closing: Picture | None) -> Shown[T]:
    """Draw what both pages show. names: of months, each with the place of the end it stands below."""
    lapses = [Bar(month_name(one.first), str(one.number or ""), [("lapses", one.number)]) for one in trends.months]
    return Shown(
        trends,
        ends,
        trends.months,
        over_time=areas([(one.value, [end.open.numbers[one] for end in ends]) for one in ORDER], names),
        ages=_by_age(trends.ages),
        closing=closing,
        lapses=columns(lapses),
    )


def days_text(days: float | None) -> str:
    """Write a number of days, halves too, or a dash for none."""
    if days is None:
        return "-"
    return str(ngettext("%(days)s day", "%(days)s days", 1 if days == 1 else 2, days=number_text(days)))


def month_name(day: date) -> str:
    """Write the month of a day as short as it goes: nov."""
    return str(format_date(day, "LLL", locale=language().value)).rstrip(".")


def _by_age(found: Mapping[Age, Counted]) -> Picture:
    return columns(
        [
            Bar(str(AGE_LABELS[age]), str(counted.total), [(one.value, counted.numbers[one]) for one in ORDER])
            for age, counted in found.items()
        ]
    )


def _month_names(days: Sequence[date]) -> list[tuple[int, str]]:
    turns = [at for at in range(1, len(days)) if days[at].month != days[at - 1].month]
    return [(at, month_name(days[at])) for at in turns[::NAMED] if at < len(days) - EDGE]
