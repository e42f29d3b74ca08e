"""Calendars: what programs that follow RFC 5545 read back is what was put in, whatever people call their things."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendars import LINE_BYTES, Event, calendar_text, uid

pytestmark = pytest.mark.once
AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def read_back(text: str) -> list[dict[str, str]]:
    """Read a calendar as a program does: unfold lines, take events apart, undo the escapes."""
    found: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in {"END", ""}:
            plain = value.replace("\\\\", "\0").replace("\\;", ";").replace("\\,", ",").replace("\0", "\\")
            found[-1][name] = plain
    return found


@given(summary=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200), day=st.dates())
def test_any_text_and_day_comes_back_whole(summary: str, day: date) -> None:
    text = calendar_text("Wat verloopt", [Event("one@example", day, summary)], at=AT)
    (event,) = read_back(text)
    assert event["SUMMARY"] == " ".join(summary.split())
    assert event["DTSTART;VALUE=DATE"] == day.isoformat().replace("-", "")
    assert all(len(line.encode()) <= LINE_BYTES for line in text.split("\r\n"))
    assert text.count("BEGIN:") == text.count("END:") == 2


def test_control_signs_and_line_ends_begin_no_line_of_their_own() -> None:
    text = calendar_text("x", [Event("a", date(2028, 2, 28), "a\r\nBEGIN:VEVENT\x00\x1b")], at=AT)
    assert [event["SUMMARY"] for event in read_back(text)] == ["a BEGIN:VEVENT"]


def test_a_day_ends_where_the_next_one_begins_also_in_leap_years() -> None:
    events = [Event("a", date(2028, 2, 28), "x"), Event("b", date(2028, 2, 29), "y"), Event("c", date.max, "z")]
    ends = [event.get("DTEND;VALUE=DATE") for event in read_back(calendar_text("x", events, at=AT))]
    assert ends == ["20280229", "20280301", None]


def test_the_same_thing_keeps_its_identity_and_tells_nothing_of_itself() -> None:
    assert uid("1/backup/plan::", "w.example") == uid("1/backup/plan::", "w.example")
    assert uid("1/backup/plan::", "w.example") != uid("2/backup/plan::", "w.example")
    assert "backup" not in uid("1/backup/plan::", "w.example")
