"""Calendars as a text that programs subscribe to (iCalendar, RFC 5545): whole days only, so no zone can shift them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import category
from uuid import NAMESPACE_URL, uuid5

MEDIA_TYPE = "text/calendar"
LINE_BYTES = 75


@dataclass(frozen=True, slots=True)
class Event:
    """One whole day. uid: the same for the same thing each time the calendar is read, so that it moves with its day."""

    uid: str
    day: date
    summary: str


def uid(name: str, host: str) -> str:
    """Return an identity for what `name` names at `host`, which tells nothing of the name."""
    return f"{uuid5(NAMESPACE_URL, f'https://{host}/{name}')}@{host}"


def calendar_text(name: str, events: Iterable[Event], *, at: datetime) -> str:
    """Return a calendar. at: aware UTC, when it was put together.

    Source: RFC 5545, 3.1 (lines of at most 75 octets), 3.3.11 (text), 3.6.1 (events), 3.8.2.4 (a day is its own end).
    """
    return "".join(f"{part}\r\n" for line in _lines(name, events, at) for part in _folded(line))


def _lines(name: str, events: Iterable[Event], at: datetime) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Waarborg//Waarborg//NL"
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{_text(name)}"
    for event in events:
        yield "BEGIN:VEVENT"
        yield f"UID:{event.uid}"
        yield f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{_day(event.day)}"
        if event.day < date.max:
            yield f"DTEND;VALUE=DATE:{_day(event.day + timedelta(days=1))}"
        yield f"SUMMARY:{_text(event.summary)}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _day(day: date) -> str:
    # strftime writes the year 999 in three digits.
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _text(value: str) -> str:
    """Escape what would end a text or begin another line; control signs have no place in one."""
    plain = "".join(sign for sign in " ".join(value.split()) if category(sign) != "Cc")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Iterator[str]:
    """Cut a line into parts of at most LINE_BYTES octets, never inside a sign; all but the first begin with a blank."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > LINE_BYTES:
            yield part
            part = " "
        part += sign
    yield part
