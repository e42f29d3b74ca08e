"""Days and times as spreadsheets keep them: numbers that a cell format declares to be a moment."""

import math
import re
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from typing import Final

DAY_SECONDS: Final = 86_400
LAST_SERIAL: Final = 2_958_465  # 31 December 9999 counted from 1900
LEAP_THAT_NEVER_WAS: Final = 60  # 29 February 1900, which spreadsheet programs count and the calendar does not
BEFORE_1900: Final = date(1899, 12, 31)
BASE_1904: Final = date(1904, 1, 1)
MIDNIGHT: Final = time()
FORMAT_CHARACTERS: Final = 255

# Quoted and escaped text, padding, and bracketed colours, currencies and conditions: all but elapsed hours.
DECORATION: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE | re.DOTALL)
GENERAL: Final = ("general", "standard")


class Shown(Enum):
    """Say what a cell format shows of a number."""

    DAY = auto()
    DAY_AND_TIME = auto()
    TIME = auto()


# Formats that files name by number only; 27-36 and 50-58 are days in East Asian editions.
BUILT_IN: Final[dict[int, Shown]] = (
    dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), Shown.DAY)
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), Shown.TIME)
    | {22: Shown.DAY_AND_TIME}
)


def shown_by(format_code: str) -> Shown | None:
    """Tell what a format code shows; None for plain numbers, and for elapsed time ([h]:mm), which is a number."""
    if len(format_code) > FORMAT_CHARACTERS:
        return None
    code = DECORATION.sub("", format_code).lower().split(";")[0]
    if "[" in code or code.strip() in GENERAL:
        return None
    timed = "h" in code or "s" in code
    if "y" in code or "d" in code or ("m" in code and not timed):
        return Shown.DAY_AND_TIME if timed else Shown.DAY
    return Shown.TIME if timed else None


def moment(serial: float, shown: Shown, *, from_1904: bool) -> date | datetime | time | None:
    """Turn a serial number into a date, a datetime without zone (to the second) or a time of day.

    A whole number under a format without time gives a date. None where no such day exists:
    negative, day zero, 29 February 1900, after the year 9999, not finite.
    """
    if not 0 <= serial <= LAST_SERIAL + 1:
        return None
    days = math.floor(serial)
    seconds = round((serial - days) * DAY_SECONDS)
    if shown is Shown.TIME and days == 0:
        return (datetime.combine(BASE_1904, MIDNIGHT) + timedelta(seconds=min(seconds, DAY_SECONDS - 1))).time()
    if seconds == DAY_SECONDS:
        days, seconds = days + 1, 0
    day = _day(days, from_1904=from_1904)
    if day is None or (seconds == 0 and shown is Shown.DAY):
        return day
    return datetime.combine(day, MIDNIGHT) + timedelta(seconds=seconds)


def iso_moment(text: str) -> date | datetime | time | None:
    """Turn an ISO 8601 cell (type "d") into a moment; the zone is dropped, since spreadsheets have none."""
    for read in (date.fromisoformat, datetime.fromisoformat, time.fromisoformat):
        try:
            found: date | datetime | time = read(text)
        except ValueError:
            continue
        return found.replace(tzinfo=None) if isinstance(found, datetime | time) else found
    return None


def _day(days: int, *, from_1904: bool) -> date | None:
    if from_1904:
        days += (BASE_1904 - BEFORE_1900).days + 1
    if days < 1 or days == LEAP_THAT_NEVER_WAS or days > LAST_SERIAL:
        return None
    return BEFORE_1900 + timedelta(days=days if days < LEAP_THAT_NEVER_WAS else days - 1)
