"""Forms of the upkeep."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from plans.inputs import DayBox, LongTextBox, NewRowField, NumberBox, SeenField, filled
from plans.intervals import DEFAULT_DAYS, INTERVAL_LABELS, Interval
from plans.turns import seen
from plans.upkeep.queries import StoredInterval

TEXT_LENGTH = 2000


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """A change in the business."""

    new_row = NewRowField()
    what = LongTextBox(_l("What changed?"), [filled(_l("Write down what changed."))], most=TEXT_LENGTH)
    reported_on = DayBox(_l("On which day?"), [filled(_l("Fill in a day."))])


def change_form(today: date, **sent: Any) -> ChangeForm:
    """Return the form for reporting a change; it proposes today."""
    return ChangeForm(data={"reported_on": today}, **sent)


@cache
def _intervals_form() -> Any:
    inputs: dict[str, Any] = {}
    for one in Interval:
        hint = _l("In days, from 1 to %(most)d. Empty means %(most)d.", most=DEFAULT_DAYS[one])
        inputs[one.value] = NumberBox(INTERVAL_LABELS[one], description=hint)
    return type("IntervalsForm", (FlaskForm,), {**inputs, "seen": SeenField()})


def intervals_form(stored: Iterable[StoredInterval], **sent: Any) -> Any:
    """Return the form with a number of days for each interval; empty means the default."""
    own = {one.name: one.days for one in stored}
    shown = {one.value: own.get(one.value) for one in Interval}
    return _intervals_form()(data={**shown, "seen": seen(stored)}, **sent)


def chosen_days(form: Any) -> dict[Interval, int | None]:
    """Return the days filled in, by interval."""
    return {one: form[one.value].data for one in Interval}
