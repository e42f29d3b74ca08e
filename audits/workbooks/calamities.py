"""The workbook of calamities and exercises that are over: how they went, hours against promises, the log, lessons."""

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _

from audits.workbooks.material import Material
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value
from plans.calamity import telling
from plans.calamity.course import StepState
from plans.calamity.queries import Told
from tenants.models import Alarm

HOUR = timedelta(hours=1)


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield a sheet each for the runs, the hours of systems, what must be reported, everything that happened, lessons.

    Every row says whether it was a calamity or an exercise, so that the two are never added up.
    """
    told = material.calamities
    yield Sheet(_("Calamities and exercises"), _run_columns(), (_run(one) for one in told))
    yield Sheet(_("Hours of systems"), _hour_columns(), (row for one in told for row in _hours(one)))
    yield Sheet(_("Terms of reporting"), _term_columns(), (row for one in told for row in _terms(one)))
    yield Sheet(_("Log"), _log_columns(), (row for one in told for row in _log(one)))
    yield Sheet(_("Lessons"), _lesson_columns(), (row for one in told for row in _lessons(one, material)))


def _first_columns() -> tuple[Column, Column]:
    return Column(_("Kind"), Kind.TEXT, 14), Column(_("Began"), Kind.INSTANT, 18)


def _run_columns() -> tuple[Column, ...]:
    return (
        *_first_columns(),
        Column(_("Put to work by"), Kind.TEXT, 24),
        Column(_("Closed"), Kind.INSTANT, 18),
        Column(_("Hours"), Kind.DECIMAL, 10),
        Column(_("Steps done"), Kind.WHOLE, 12),
        Column(_("Steps skipped"), Kind.WHOLE, 12),
        Column(_("Steps left open"), Kind.WHOLE, 12),
        Column(_("Systems back too late"), Kind.WHOLE, 14),
        Column(_("What was going on"), Kind.TEXT, 50),
        Column(_("How did it go?"), Kind.TEXT, 60),
        Column(_("Version of the plan"), Kind.WHOLE, 12),
        Column("SHA-256", Kind.TEXT, 66),
    )


def _hour_columns() -> tuple[Column, ...]:
    return (
        *_first_columns(),
        Column(_("System"), Kind.TEXT, 36),
        Column(_("Promised within (hours)"), Kind.WHOLE, 14),
        Column(_("Back after (hours)"), Kind.DECIMAL, 14),
        Column(_("Too late (hours)"), Kind.DECIMAL, 14),
    )


def _term_columns() -> tuple[Column, ...]:
    return (
        *_first_columns(),
        Column(_("What"), Kind.TEXT, 32),
        Column(_("Term"), Kind.TEXT, 28),
        Column(_("Clause"), Kind.TEXT, 32),
        Column(_("To"), Kind.TEXT, 40),
        Column(_("By"), Kind.TEXT, 24),
        Column(_("Must it be reported?"), Kind.TEXT, 16),
        Column(_("Why"), Kind.TEXT, 50),
        Column(_("Known since"), Kind.INSTANT, 18),
        Column(_("Until"), Kind.INSTANT, 18),
        Column(_("Reported on"), Kind.INSTANT, 18),
        Column(_("Reported by"), Kind.TEXT, 24),
        Column(_("Number or reference"), Kind.TEXT, 24),
        Column(_("Too late (hours)"), Kind.DECIMAL, 14),
    )


def _log_columns() -> tuple[Column, ...]:
    return (
        *_first_columns(),
        Column(_("Happened on"), Kind.INSTANT, 18),
        Column(_("Written down on"), Kind.INSTANT, 18),
        Column(_("What"), Kind.TEXT, 18),
        Column(_("About"), Kind.TEXT, 40),
        Column(_("Text"), Kind.TEXT, 60),
        Column(_("Moment it tells of"), Kind.INSTANT, 18),
        Column(_("By whom"), Kind.TEXT, 24),
        Column(_("Taken back"), Kind.YES_NO, 12),
    )


def _lesson_columns() -> tuple[Column, ...]:
    return (
        *_first_columns(),
        Column(_("What must be done?"), Kind.TEXT, 50),
        Column(_("Who does it"), Kind.TEXT, 24),
        Column(_("By which day"), Kind.DAY, 13),
        Column(_("Closed on"), Kind.DAY, 13),
        Column(_("Closed by"), Kind.TEXT, 24),
        Column(_("What was done?"), Kind.TEXT, 50),
    )


def _first(one: Told) -> tuple[Value, Value]:
    tone = Tone.BAD if one.brief.kind is Alarm.REAL else Tone.PLAIN
    return Toned(str(telling.KIND_LABELS[one.brief.kind]), tone), one.brief.activated_at


def _run(one: Told) -> tuple[Value, ...]:
    states = [step.state for step in one.course.steps]
    return (
        *_first(one),
        one.brief.activated_by,
        one.brief.closed_at,
        _in_hours(one.as_of - one.brief.activated_at),
        states.count(StepState.DONE),
        states.count(StepState.SKIPPED),
        sum(step.open for step in one.course.steps),
        sum(system.late for system in one.course.systems),
        one.reason or None,
        one.conclusion or None,
        one.brief.plan_version or None,
        one.digest,
    )


def _hours(one: Told) -> Iterator[tuple[Value, ...]]:
    for system in one.course.systems:
        yield (
            *_first(one),
            system.system.name,
            system.system.rto_hours,
            None if system.took is None else _in_hours(system.took),
            _in_hours(system.late_by) if system.late else None,
        )


def _terms(one: Told) -> Iterator[tuple[Value, ...]]:
    for question in one.reporting.questions:
        asked, answer = question.asked, question.answer
        for term in question.terms:
            late = term.late_by(one.as_of) if term.done else timedelta(0)
            yield (
                *_first(one),
                str(asked.title),
                str(term.term.title),
                str(term.term.clause),
                telling.to_text(one.frozen, asked),
                one.frozen.name(telling.reporter(one.frozen, asked.reports)) or None,
                str(telling.APPLIES_LABELS[question.applies]),
                (answer.text if answer else "") or None,
                question.aware_at if asked.clocked else None,
                term.ends_at,
                term.done.happened_at if term.done else None,
                term.done.by if term.done else None,
                term.reference or None,
                _in_hours(late) if late else None,
            )


def _log(one: Told) -> Iterator[tuple[Value, ...]]:
    for line in telling.lines(one.course.timeline, one.frozen, whole=True):
        entry = line.entry
        yield (
            *_first(one),
            entry.happened_at,
            entry.recorded_at,
            line.what,
            line.about or None,
            line.text or None,
            entry.names_at,
            entry.by,
            entry.retracted,
        )


def _lessons(one: Told, material: Material) -> Iterator[tuple[Value, ...]]:
    for lesson in material.lessons:
        if lesson.calamity_id == one.brief.id:
            yield (
                *_first(one),
                lesson.text,
                lesson.owner or None,
                lesson.due_on,
                lesson.closed_on,
                lesson.closed_by or None,
                lesson.outcome or None,
            )


def _in_hours(span: timedelta) -> float:
    return round(span / HOUR, 2)
