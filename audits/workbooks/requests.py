"""Sheets of a running scheme: who asked for continuity and what came of it, and what is done before the period ends."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from audits.workbooks.material import Material
from continuity.models import ExitTask, RequestState
from continuity.requests.queries import Asked
from continuity.requests.states import ASKED_LABELS, CAME_IN_LABELS, LIVE, STATE_LABELS
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value

_TONES = {
    RequestState.ASKED: Tone.WARN,
    RequestState.CHECKING: Tone.WARN,
    RequestState.GRANTED: Tone.SOON,
    RequestState.FEE_DUE: Tone.SOON,
    RequestState.REFUSED: Tone.BAD,
}


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield a row for each request of a client, and one for each thing that a client does before the end."""
    asked = material.asked
    yield Sheet(_("Requests for continuity"), _request_columns(), (_request(one) for one in asked))
    rows = (_task(one, task, material.as_of) for one in asked for task in one.tasks)
    yield Sheet(_("Before the end"), _task_columns(), rows)


def _request_columns() -> tuple[Column, ...]:
    return (
        Column(_("Service"), Kind.TEXT, 30),
        Column(_("Client"), Kind.TEXT, 30),
        Column(_("State"), Kind.TEXT, 28),
        Column(_("Asked on"), Kind.INSTANT, 18),
        Column(_("Asked by"), Kind.TEXT, 24),
        Column(_("Function"), Kind.TEXT, 24),
        Column(_("How"), Kind.TEXT, 30),
        Column(_("How it came in"), Kind.TEXT, 16),
        Column(_("Written down by"), Kind.TEXT, 24),
        Column(_("What was said with it"), Kind.TEXT, 50),
        Column(_("Conditions"), Kind.WHOLE, 12),
        Column(_("Of them open when it was decided"), Kind.WHOLE, 14),
        Column(_("Decided on"), Kind.INSTANT, 18),
        Column(_("Decided by"), Kind.TEXT, 24),
        Column(_("Reason"), Kind.TEXT, 50),
        Column(_("Fee over the period"), Kind.MONEY, 16),
        Column(_("Fee due on"), Kind.DAY, 13),
        Column(_("Fee paid on"), Kind.DAY, 13),
        Column(_("Delivered from"), Kind.DAY, 13),
        Column(_("Left on"), Kind.DAY, 13),
    )


def _request(one: Asked) -> tuple[Value, ...]:
    row = one.request
    tone = _TONES.get(row.state)
    state = str(STATE_LABELS[row.state])
    decided = bool(row.checked)
    return (
        one.service,
        one.client,
        Toned(state, tone) if tone else state,
        row.asked_at,
        row.asked_by,
        row.asked_as or None,
        str(ASKED_LABELS[row.asked_how]),
        str(CAME_IN_LABELS[row.came_in]) if row.came_in else None,
        row.recorded_by or None,
        row.note or None,
        len(row.checked) if decided else None,
        sum(1 for each in row.checked if each["met_on"] is None) if decided else None,
        row.decided_at,
        row.decided_by or None,
        row.reason or None,
        row.fee_amount,
        row.fee_due_on,
        row.fee_paid_on,
        row.served_on,
        row.exited_on,
    )


def _task_columns() -> tuple[Column, ...]:
    return (
        Column(_("Service"), Kind.TEXT, 30),
        Column(_("Client"), Kind.TEXT, 30),
        Column(_("What"), Kind.TEXT, 60),
        Column(_("Done by then"), Kind.DAY, 13),
        Column(_("State"), Kind.TEXT, 16),
        Column(_("Done on"), Kind.DAY, 13),
        Column(_("Done by"), Kind.TEXT, 24),
        Column(_("Note"), Kind.TEXT, 50),
    )


def _task(one: Asked, task: ExitTask, as_of: date) -> tuple[Value, ...]:
    return (
        one.service,
        one.client,
        task.label,
        task.due_on,
        _standing(one, task, as_of),
        task.done_on,
        task.done_by or None,
        task.note or None,
    )


def _standing(one: Asked, task: ExitTask, as_of: date) -> Value:
    if task.done_on is not None:
        return Toned(_("Done"), Tone.GOOD)
    if one.request.state in LIVE and task.due_on < as_of:
        return Toned(_("Too late"), Tone.BAD)
    return str(_("Open"))
