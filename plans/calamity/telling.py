"""A calamity in words: times, spans, and what was written down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core import clock
from core.i18n import language, reader_zone
from plans.calamity.course import Entry, StepState
from plans.calamity.frozen import Frozen
from plans.models import EntryKind
from plans.runbook.day_plan import as_clock
from tenants.models import Alarm

KIND_LABELS: Mapping[Alarm, Any] = MappingProxyType({Alarm.REAL: _l("Calamity"), Alarm.EXERCISE: _l("Exercise")})
STATE_LABELS: Mapping[StepState, Any] = MappingProxyType(
    {
        StepState.TO_DO: _l("To do"),
        StepState.UNDER_WAY: _l("Under way"),
        StepState.DONE: _l("Done"),
        StepState.SKIPPED: _l("Skipped"),
    }
)
ENTRY_LABELS: Mapping[EntryKind, Any] = MappingProxyType(
    {
        EntryKind.STEP_BEGUN: _l("Step begun"),
        EntryKind.STEP_DONE: _l("Step done"),
        EntryKind.STEP_SKIPPED: _l("Step skipped"),
        EntryKind.CALL_REACHED: _l("Reached"),
        EntryKind.CALL_MISSED: _l("Not reached"),
        EntryKind.CALL_MESSAGE: _l("Left a message"),
        EntryKind.SYSTEM_BACK: _l("Works again"),
        EntryKind.DECISION: _l("Decision"),
        EntryKind.NOTE: _l("Note"),
        EntryKind.HANDOVER: _l("Handed over to"),
        EntryKind.RETRACTED: _l("Taken back"),
    }
)
SHORT = 70


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words. what: the kind of it; about: step, person or system; text: as somebody wrote it."""

    entry: Entry
    what: str
    about: str

    @property
    def text(self) -> str:
        """Return what was written."""
        return self.entry.text


def lines(timeline: tuple[Entry, ...], frozen: Frozen, *, whole: bool = False) -> list[Line]:
    """Return the timeline in words, in its order. whole: with steps in full, as in a report; else how they begin."""
    by_id = {one.id.hex: one for one in timeline}
    told = str if whole else short
    return [Line(one, str(ENTRY_LABELS[one.kind]), about(one, frozen, by_id, told)) for one in timeline]


def about(entry: Entry, frozen: Frozen, by_id: Mapping[str, Entry], told: Callable[[str], str]) -> str:
    """Return what an entry is about, "" where its text says it all."""
    if entry.kind in (EntryKind.STEP_BEGUN, EntryKind.STEP_DONE, EntryKind.STEP_SKIPPED):
        step = frozen.step(int(entry.target))
        return f"{entry.target}. {told(step.text)}" if step else entry.target
    if entry.kind in (EntryKind.CALL_REACHED, EntryKind.CALL_MISSED, EntryKind.CALL_MESSAGE):
        return frozen.name(entry.target)
    if entry.kind is EntryKind.SYSTEM_BACK:
        system = frozen.system(entry.target)
        return system.name if system else ""
    if entry.kind is EntryKind.RETRACTED and entry.target in by_id:
        gone = by_id[entry.target]
        what = about(gone, frozen, by_id, told) or told(gone.text)
        return ": ".join(filter(None, (str(ENTRY_LABELS[gone.kind]), what)))
    return ""


def short(text: str) -> str:
    """Return the beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def hour_text(at: datetime, began_at: datetime) -> str:
    """Write a moment as people say it during the day, with the day when it is another one: 14:02, 23 nov 02:10."""
    zone = reader_zone()
    same = clock.day_of(at, zone) == clock.day_of(began_at, zone)
    pattern = "HH:mm" if same else "d MMM HH:mm"
    return str(format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=language().value))


def span_text(span: timedelta) -> str:
    """Write a span in hours and minutes: 1:05."""
    return as_clock(max(int(span.total_seconds()) // 60, 0))


def promised_text(hours: int | None) -> str:
    """Write within how many hours something was promised."""
    return _("not promised") if hours is None else as_clock(hours * 60)
