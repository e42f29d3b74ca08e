"""What a client does before the period ends: ticked off, or worded for this client."""

from datetime import date

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import ClientRequest, ExitTask, RequestState
from continuity.requests.steps import in_turn
from core import db

LONGEST = 500


def tick(row: ClientRequest, task: ExitTask, *, done: bool, note: str, by: str, seen: int | None, today: date) -> None:
    """Note that something is done, or after all is not. by: who says so; seen: None where the page shows no version.

    Who said first that it is done, and on which day, stays until somebody says that after all it is not.

    Raises EditConflict when somebody saved it since `seen`, Refused when the request is no longer served.
    Source: rules 3.7 T13.
    """
    _begin(row, task, seen)
    task.note = note.strip()
    if done != (task.done_on is not None):
        task.done_on, task.done_by = (today, by) if done else (None, "")
    db.session().flush()


def reword(row: ClientRequest, task: ExitTask, label: str, due: date, last_on: date, *, seen: int) -> None:
    """Word something otherwise for this client, or give it another day. last_on: of the period.

    Raises EditConflict when somebody saved it since `seen`; Refused without words, for a day after the period, and
    when the request is no longer served.
    """
    _begin(row, task, seen)
    if not label.strip():
        raise Refused(_l("Fill in what is to be done."), "label")
    if due > last_on:
        raise Refused(_l("This is after the last day of the period."), "due_on")
    task.label, task.due_on = label.strip()[:LONGEST], due
    db.session().flush()


def _begin(row: ClientRequest, task: ExitTask, seen: int | None) -> None:
    in_turn(row, task)
    if row.state is not RequestState.SERVED:
        raise Refused(_l("Continuity is not delivered to this client any more."))
    if seen is not None:
        task.expect_version(seen)
