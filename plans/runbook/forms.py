"""Forms of the runbook."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from plans.inputs import (
    LongTextBox,
    NewRowField,
    NumberBox,
    SeenField,
    chosen,
    filled,
    offer,
    pick,
    shorten,
    ticked,
    ticks,
)
from plans.items.queries import Person, Seated, options
from plans.runbook.queries import Step, SystemName
from plans.runbook.services import StepValues
from plans.seats import ITEM_SEATS, TEAM_ITEM
from plans.turns import seen

TEXT_LENGTH = 2000
MOST_MINUTES = 60 * 24 * 30
TASK_HINTS = {
    "it-administrator": _l("For example: finds out what is broken, calls our IT supplier, restores the back-up."),
    "gdpr-officer": _l("For example: finds out whether data of people leaked, and reports it within 72 hours."),
    "department-head": _l("For example: tells the staff what to do, and keeps the work going by hand."),
    "management": _l(
        "For example: decides whether we close, speaks with customers and the insurer, approves what it costs."
    ),
}


@cache
def _tasks_form() -> Any:
    inputs = {
        seat.name: LongTextBox(seat.label, most=TEXT_LENGTH, description=TASK_HINTS[seat.name])
        for seat in ITEM_SEATS[TEAM_ITEM]
    }
    return type("TasksForm", (FlaskForm,), {**inputs, "seen": SeenField()})


def tasks_form(stored: Mapping[tuple[str, str], Seated], **sent: Any) -> Any:
    """Return the form with a task for each seat of the team."""
    texts = {seat: row.task for (_item, seat), row in stored.items()}
    return _tasks_form()(data={**texts, "seen": seen(stored.values())}, **sent)


def task_texts(form: Any) -> dict[str, str]:
    """Return the tasks by seat."""
    return {seat.name: form[seat.name].data or "" for seat in ITEM_SEATS[TEAM_ITEM]}


def _some_time(form: Any, field: Any) -> None:
    if field.data is not None and not 1 <= field.data <= MOST_MINUTES:
        raise ValidationError(_l("This must be a whole number from %(low)d to %(high)d.", low=1, high=MOST_MINUTES))


class StepForm(FlaskForm):  # type: ignore[misc]
    """One step of the recovery."""

    text = LongTextBox(_l("What is done"), [filled(_l("Write down what is done."))], most=TEXT_LENGTH)
    system = pick(_l("Which system it brings back"))
    minutes = NumberBox(_l("How many minutes it takes"), [_some_time])
    contact = pick(_l("Who does it"))
    needs = ticks(_l("Which steps must be done before"))
    seen = SeenField()
    new_row = NewRowField()

    def values(self) -> StepValues:
        """Return what was filled in."""
        return StepValues(
            self.text.data, chosen(self.system), self.minutes.data, chosen(self.contact), ticked(self.needs)
        )


def step_form(
    systems: Iterable[SystemName],
    people: Iterable[Person],
    earlier: Iterable[Step],
    step: Step | None = None,
    **sent: Any,
) -> StepForm:
    """Return the form of a new step, or of `step` as it is stored. earlier: the steps it may need."""
    data: dict[str, Any] = {}
    if step:
        data = {
            "text": step.text,
            "system": step.system_id,
            "minutes": step.minutes,
            "contact": step.contact_id,
            "needs": [str(one) for one in step.needs],
            "seen": seen([step]),
        }
    form = StepForm(data=data, **sent)
    offer(form.system, _offered(systems, {step.system_id} if step else ()))
    offer(form.contact, options(people, {step.contact_id} if step else ()))
    offer(form.needs, [(one.id, one.label) for one in earlier])
    shorten([form.system], "system-names")
    shorten([form.contact], "people-names")
    return form


def _offered(systems: Iterable[SystemName], kept: Collection[UUID | None]) -> list[tuple[UUID | str, Any]]:
    return [(one.id, one.name) for one in systems if not one.archived or one.id in kept]
