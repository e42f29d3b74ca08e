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
from flask_babel import ngettext

from core import clock
from core.i18n import hours_text, language, moment_text, reader_zone
from plans.calamity.course import Entry, StepState
from plans.calamity.frozen import Frozen
from plans.calamity.reporting import Applies, TermCourse
from plans.calamity.terms import BY_KEY, BY_QUESTION, Asked, Question, Reports
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
        EntryKind.AWARE: _l("Knew of it since"),
        EntryKind.APPLIES: _l("Must be reported"),
        EntryKind.APPLIES_NOT: _l("Need not be reported"),
        EntryKind.TERM_DONE: _l("Reported"),
        EntryKind.TERM_REMINDED: _l("Reminded by mail"),
        EntryKind.TERMS_LEFT: _l("Closed with this still to report"),
    }
)
SHORT = 70
REPORTS = frozenset({EntryKind.APPLIES, EntryKind.APPLIES_NOT, EntryKind.TERM_DONE, EntryKind.TERM_REMINDED})
APPLIES_LABELS: Mapping[Applies, Any] = MappingProxyType(
    {Applies.UNKNOWN: _l("Not known yet"), Applies.YES: _l("Yes"), Applies.NO: _l("No")}
)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words. what: the kind of it; about: step, person or system; text: as somebody wrote it."""

    entry: Entry
    what: str
    about: str
    text: str


def lines(timeline: tuple[Entry, ...], frozen: Frozen, *, whole: bool = False) -> list[Line]:
    """Return the timeline in words, in its order. whole: with steps in full, as in a report; else how they begin."""
    by_id = {one.id.hex: one for one in timeline}
    told = str if whole else short
    return [
        Line(one, str(ENTRY_LABELS[one.kind]), about(one, frozen, by_id, told), text(one, frozen)) for one in timeline
    ]


def text(entry: Entry, frozen: Frozen) -> str:
    """Return what was written; of a reminder who was written to, by the names that the frozen plan has for them."""
    if entry.kind is not EntryKind.TERM_REMINDED:
        return entry.text
    return ", ".join(frozen.name(one) or one for one in entry.text.splitlines())


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
    if entry.kind is EntryKind.AWARE or entry.kind in REPORTS:
        return report_about(entry)
    if entry.kind is EntryKind.RETRACTED and entry.target in by_id:
        gone = by_id[entry.target]
        what = about(gone, frozen, by_id, told) or told(gone.text)
        return ": ".join(filter(None, (str(ENTRY_LABELS[gone.kind]), what)))
    return ""


def report_about(entry: Entry) -> str:
    """Return what of reporting an entry is about, with the moment it tells of."""
    if entry.kind in (EntryKind.TERM_DONE, EntryKind.TERM_REMINDED):
        named = str(BY_KEY[entry.target].title)
    else:
        asked = BY_QUESTION.get(Question(entry.target)) if entry.target else None
        named = str(asked.title) if asked else ""
    moment = moment_text(entry.names_at)
    if entry.kind is not EntryKind.AWARE and moment:
        moment = _("until %(time)s", time=moment)
    return " · ".join(filter(None, (named, moment)))


def until_text(at: datetime, now: datetime, zone: str = "") -> str:
    """Write until when something must be done, with how far away that is: di 24 november 14:05 (over 3 uur).

    zone: an IANA name, "" for the reader's. What is at most three days away is told in hours, as the law counts,
    the last two hours in minutes.
    """
    spoken = language().value
    moment = format_datetime(at, "EEE d MMMM HH:mm", tzinfo=ZoneInfo(zone or reader_zone()), locale=spoken)
    passed, minutes = at < now, int(abs(at - now).total_seconds()) // 60
    if minutes < 2 * 60:
        far = ngettext("%(num)s minute", "%(num)s minutes", minutes)
    elif minutes <= 72 * 60:
        far = ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    else:
        far = ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))
    distance = _("%(span)s ago", span=far) if passed else _("in %(span)s", span=far)
    return f"{moment} ({distance})"


def reporter(frozen: Frozen, reports: Reports) -> str:
    """Return the key of whom the plan names to report, "" where it names nobody."""
    named = {Reports.AUTHORITIES: frozen.reporters.authorities, Reports.CUSTOMERS: frozen.reporters.customers}
    return named.get(reports, "")


def to_text(frozen: Frozen, asked: Asked) -> str:
    """Return who is told: a public body, those whom the law names, or the insurers of the plan."""
    firms = frozen.reporters.insurers if asked.question is Question.INSURER else ()
    return ", ".join(frozen.name(key) for key in firms) or str(asked.to)


def term_state(one: TermCourse, at: datetime) -> tuple[str, str, str]:
    """Return how a term stands: the tone, the icon and the words of its mark."""
    if one.done:
        late = one.late_by(at) > timedelta(0)
        return ("warn", "clock", _("Reported too late")) if late else ("good", "circle-check", _("Reported"))
    if one.applies is Applies.NO:
        return "quiet", "circle-minus", _("Need not be reported")
    if one.late_by(at) > timedelta(0):
        return "bad", "alert-circle", _("The term has passed")
    if one.applies is Applies.UNKNOWN:
        return "soon", "clock", _("Not known yet")
    return "todo", "circle-dashed", _("Still to report")


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
    return _("not promised") if hours is None else hours_text(hours)
