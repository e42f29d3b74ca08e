"""Forms of the upkeep."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from plans.inputs import DayBox, LongTextBox, NewRowField, NumberBox, SeenField, filled, offer, pick, radio
from plans.intervals import DEFAULT_DAYS, INTERVAL_LABELS, Interval
from plans.items.queries import Person, options
from plans.models import Happening
from plans.turns import seen
from plans.upkeep.queries import StoredInterval
from plans.upkeep.touched import CHANGE_LABELS

TEXT_LENGTH, REASON_LENGTH = 2000, 1000


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """A change in the business."""

    new_row = NewRowField()
    kind = radio(_l("What happened?"), CHANGE_LABELS.items(), default=Happening.OTHER)
    contact = pick(_l("Who left?"), description=_l("Only when a person left."))
    what = LongTextBox(_l("What changed?"), [filled(_l("Write down what changed."))], most=TEXT_LENGTH)
    reported_on = DayBox(_l("On which day?"), [filled(_l("Fill in a day."))])

    @property
    def happened(self) -> Happening:
        """Return what was ticked in a valid form."""
        return Happening(self.kind.data or Happening.OTHER)


def change_form(today: date, people: Iterable[Person], **sent: Any) -> ChangeForm:
    """Return the form for reporting a change; it proposes today."""
    form = ChangeForm(data={"reported_on": today}, **sent)
    offer(form.contact, options(people, ()))
    return form


class ReplaceForm(FlaskForm):  # type: ignore[misc]
    """Who comes in the place of somebody who left."""

    replacement = pick(_l("Who comes in their place?"))


def replace_form(people: Iterable[Person], gone_id: UUID, **sent: Any) -> ReplaceForm:
    """Return the form that offers everybody but who left."""
    form = ReplaceForm(**sent)
    offer(form.replacement, options([one for one in people if one.id != gone_id], ()))
    return form


@cache
def _intervals_form() -> Any:
    inputs: dict[str, Any] = {}
    for one in Interval:
        hint = _l("In days, from 1 to %(most)d. Empty means %(most)d.", most=DEFAULT_DAYS[one])
        inputs[one.value] = NumberBox(INTERVAL_LABELS[one], description=hint)
    why = LongTextBox(
        _l("Why do you change this?"), most=REASON_LENGTH, description=_l("An auditor reads this beside each interval.")
    )
    return type("IntervalsForm", (FlaskForm,), {**inputs, "why": why, "seen": SeenField()})


def intervals_form(stored: Iterable[StoredInterval], **sent: Any) -> Any:
    """Return the form with a number of days for each interval; empty means the default."""
    own = {one.name: one.days for one in stored}
    shown = {one.value: own.get(one.value) for one in Interval}
    return _intervals_form()(data={**shown, "seen": seen(stored)}, **sent)


def chosen_days(form: Any) -> dict[Interval, int | None]:
    """Return the days filled in, by interval."""
    return {one: form[one.value].data for one in Interval}
