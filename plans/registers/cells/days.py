"""Days in cells: as a spreadsheet stores them, and as people in the Netherlands write them."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from core.clock import FIRST_DAY, LAST_DAY
from plans.registers.cells.bad import BadCell
from plans.registers.cells.texts import folded, lowered, plain
from plans.registers.shape import Forever


class DayOrder(StrEnum):
    """Which comes first where a day is written with numbers only."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


# Day 0 of a spreadsheet's count, given that it takes 1900 for a leap year.
SERIAL_ZERO = date(1899, 12, 30)
# A two-digit year from here on lies in the last century.
PIVOT = 70
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "january", "jan"),
            ("februari", "february", "feb", "febr"),
            ("maart", "march", "mrt", "mar", "mrt"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "june", "jun"),
            ("juli", "july", "jul"),
            ("augustus", "august", "aug"),
            ("september", "sep", "sept"),
            ("oktober", "october", "okt", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
FOREVER_WORDS = frozenset(
    {
        "onbepaald",
        "onbepaalde tijd",
        "voor onbepaalde tijd",
        "perpetual",
        "forever",
        "eeuwig",
        "eeuwigdurend",
        "onbeperkt",
        "onbeperkt geldig",
        "geen einddatum",
        "nooit",
        "verloopt niet",
        "levenslang",
        "lifetime",
        "never",
        "no end date",
    }
)
# A spreadsheet writes midnight behind a day that somebody once formatted with a time.
TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?$")
WEEKDAY = re.compile(
    r"^(maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)[., ]+"
)
YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|'?\d{2})")
DAY_WORD_YEAR = re.compile(r"(\d{1,2})(?:e|de|ste|st|nd|rd|th)?[-. ]+([a-z]{3,9})[-. ,]+(\d{4}|'?\d{2})")
WORD_DAY_YEAR = re.compile(r"([a-z]{3,9})[. ]+(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})")


def read_day(raw: object, order: DayOrder = DayOrder.DAY_FIRST) -> date | None:
    """Return the calendar day in the cell, or None for an empty one; it lies from 1950 to 2199.

    Takes a day, a moment (its day counts), a spreadsheet's day number, 2027-01-31, 31-1-2027, 31/01/27,
    31 januari 2027 and January 31, 2027. order: how to take 03/04/2027. Raises BadCell for all else.
    """
    if isinstance(raw, datetime):
        return _between(raw.date())
    if isinstance(raw, date):
        return _between(raw)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _from_serial(raw)
    text = plain(raw)
    return _from_text(text, order) if text else None


def read_term(raw: object, order: DayOrder = DayOrder.DAY_FIRST) -> date | Forever | None:
    """Return the last day in the cell, or FOREVER where it says that there is none. Raises BadCell as read_day does."""
    if isinstance(raw, str) and folded(plain(raw)) in FOREVER_WORDS:
        return Forever.FOREVER
    return read_day(raw, order)


def _between(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadCell(_l("The year must lie between 1950 and 2199."))
    return day


def _from_serial(number: float) -> date:
    # Compared before any conversion: infinity and "not a number" fail the comparison as well.
    if not (FIRST_DAY - SERIAL_ZERO).days <= number < (LAST_DAY - SERIAL_ZERO).days + 1:
        raise BadCell(_l("This number is not a day. Write it as 31-01-2027."))
    return SERIAL_ZERO + timedelta(days=int(number))


def _from_text(text: str, order: DayOrder) -> date:
    if re.fullmatch(r"[0-9]{5}", text):
        return _from_serial(int(text))
    bare = TIME_OF_DAY.sub("", text)
    bare = WEEKDAY.sub("", lowered(bare))
    if not bare.isascii():
        raise _unreadable()
    if found := YEAR_FIRST.fullmatch(bare):
        if not found[2] and len(bare) != 8:
            raise _unreadable()
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := YEAR_LAST.fullmatch(bare):
        first, second = int(found[1]), int(found[3])
        day, month = (first, second) if order is DayOrder.DAY_FIRST else (second, first)
        return _day(_year(found[4]), month, day)
    if found := DAY_WORD_YEAR.fullmatch(bare):
        return _day(_year(found[3]), _month(found[2]), int(found[1]))
    if found := WORD_DAY_YEAR.fullmatch(bare):
        return _day(int(found[3]), _month(found[1]), int(found[2]))
    raise _unreadable()


def _unreadable() -> BadCell:
    return BadCell(_l("This is not a day. Write it as 31-01-2027."))


def _month(name: str) -> int:
    if name not in MONTHS:
        raise _unreadable()
    return MONTHS[name]


def _year(text: str) -> int:
    number = int(text.lstrip("'"))
    if len(text.lstrip("'")) == 4:
        return number
    return number + (1900 if number >= PIVOT else 2000)


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise BadCell(_l("There is no such day in the calendar. Look how many days that month has.")) from None
    return _between(found)
