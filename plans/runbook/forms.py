"""Forms of the runbook."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from plans.fields import ITEM_SEATS, TEAM_ITEM
from plans.inputs import LongTextBox, NewRowField, SeenField, chosen, filled, offer, pick, shorten
from plans.items.queries import Seated
from plans.runbook.queries import Step, SystemName
from plans.runbook.services import StepValues
from plans.turns import seen

TEXT_LENGTH = 2000


@cache
def _tasks_form() -> Any:
    inputs = {seat.name: LongTextBox(seat.label, most=TEXT_LENGTH) for seat in ITEM_SEATS[TEAM_ITEM]}
    return type("TasksForm", (FlaskForm,), {**inputs, "seen": SeenField()})


def tasks_form(stored: Mapping[tuple[str, str], Seated], **sent: Any) -> Any:
    """Return the form with a task for each seat of the team."""
    texts = {seat: row.task for (_item, seat), row in stored.items()}
    return _tasks_form()(data={**texts, "seen": seen(stored.values())}, **sent)


def task_texts(form: Any) -> dict[str, str]:
    """Return the tasks by seat."""
    return {seat.name: form[seat.name].data or "" for seat in ITEM_SEATS[TEAM_ITEM]}


class StepForm(FlaskForm):  # type: ignore[misc]
    """One step of the recovery."""

    text = LongTextBox(_l("What is done"), [filled(_l("Write down what is done."))], most=TEXT_LENGTH)
    system = pick(_l("Which system it brings back"))
    seen = SeenField()
    new_row = NewRowField()

    def values(self) -> StepValues:
        """Return what was filled in."""
        return StepValues(self.text.data, chosen(self.system))


def step_form(systems: Iterable[SystemName], step: Step | None = None, **sent: Any) -> StepForm:
    """Return the form of a new step, or of `step` as it is stored."""
    data = {"text": step.text, "system": step.system_id, "seen": seen([step])} if step else {}
    form = StepForm(data=data, **sent)
    offer(form.system, _offered(systems, {step.system_id} if step else ()))
    shorten([form.system], "system-names")
    return form


def _offered(systems: Iterable[SystemName], kept: Collection[UUID | None]) -> list[tuple[UUID | str, Any]]:
    return [(one.id, one.name) for one in systems if not one.archived or one.id in kept]
