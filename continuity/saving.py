"""From a form that was sent to one change, or back to the page with what went wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import Field

from continuity.errors import Refused
from core.i18n import day_text, euro_text
from tenants.owned import EditConflict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a form. code: HTTP status of the page that shows it again; stored: what somebody else saved."""

    saved: bool = False
    code: int = 200
    stored: tuple[tuple[str, str], ...] = ()


def submit(form: FlaskForm, change: Callable[[], object], row: object | None = None) -> Outcome:
    """Make `change` when the form was sent and is right.

    row: the row the form is about. When somebody else saved it meanwhile, nothing is written over; the outcome tells
    what is stored now, and sending the form once more does save.
    """
    if not form.is_submitted():
        return Outcome()
    if not form.validate():
        return Outcome(code=422)
    try:
        change()
    except Refused as error:
        _tell(form, error)
        return Outcome(code=422)
    except EditConflict:
        return Outcome(code=409, stored=_take_newest(form, row))
    except (IntegrityError, StaleDataError):
        # Two people did this in the same instant; the other one was first and this transaction is lost.
        abort(409)
    return Outcome(saved=True)


def _tell(form: FlaskForm, error: Refused) -> None:
    if error.field in form:
        form[error.field].errors = [*form[error.field].errors, error.text]
    else:
        form.form_errors.append(error.text)


def _take_newest(form: FlaskForm, row: object | None) -> tuple[tuple[str, str], ...]:
    """Let the form save over the row as it is now, and return label and stored value of what differs."""
    form.version.data, form.version.raw_data = getattr(row, "version", 1), None
    found = []
    for field in form:
        if field.name not in ("version", "csrf_token") and hasattr(row, field.name):
            stored = getattr(row, field.name)
            stored = "\n".join(stored) if isinstance(stored, list) else stored
            if stored != field.data and not (not stored and not field.data):
                found.append((str(field.label.text), _words(stored, field)))
    return tuple(found)


def _words(stored: Any, field: Field) -> str:
    choices: Mapping[str, Any] = {one.value: one.label for one in getattr(field, "choices", None) or ()}
    if isinstance(stored, bool):
        return str(_("Yes") if stored else _("No"))
    if isinstance(stored, date):
        return str(day_text(stored))
    if isinstance(stored, Decimal):
        return str(euro_text(stored))
    key = str(stored.value if isinstance(stored, StrEnum) else "" if stored is None else stored)
    return str(choices.get(key, key) or _("empty"))
