"""Form of a test result."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.widgets import TextInput

from plans.inputs import (
    AmountBox,
    DayBox,
    LongTextBox,
    NewRowField,
    TextBox,
    Typed,
    chosen,
    filled,
    offer,
    pick,
    radio,
    shorten,
    spare_boxes,
    ticked,
    ticks,
)
from plans.items.queries import Party, options
from plans.models import Outcome
from plans.registers.cells import BadCell
from plans.registers.cells.numbers import read_amount
from plans.shapes import ABOUT_SUPPLIER, COSTS, OUTCOMES, RESTORE, kept_at
from plans.testing.proof import MINUTES, hours_text
from plans.testing.queries import TestedSystem
from plans.testing.services import ResultValues

NOTE_LENGTH = 2000
MOST_MINUTES = MINUTES * 24 * 30
CLOCK = re.compile(r"([0-9]{1,3}):([0-5][0-9])")
OUTCOME_LABELS: Mapping[Outcome, Any] = {
    Outcome.PASSED: _l("Passed"),
    Outcome.FAILED: _l("Failed"),
    Outcome.RECORDED: _l("Recorded"),
}


class HoursBox(Typed):
    """How long something took, in hours: 2,5 or 2:30. Its value is in whole minutes."""

    widget: Any = TextInput()

    def read(self, typed: str) -> int | None:
        """Return the minutes, None for an empty box; at most a month."""
        clock = CLOCK.fullmatch(typed.strip())
        if clock:
            minutes = int(clock[1]) * MINUTES + int(clock[2])
        else:
            hours = read_amount(typed)
            if hours is None:
                return None
            minutes = int((hours * MINUTES).to_integral_value())
        if not 1 <= minutes <= MOST_MINUTES:
            raise BadCell(_l("This must lie between one minute and 30 days."))
        return minutes

    def show(self, value: Any) -> str:
        """Write the minutes as hours and minutes."""
        return hours_text(value)


class ResultForm(FlaskForm):  # type: ignore[misc]
    """How a test ended; boxes that a test does not need are taken out."""

    new_row = NewRowField()
    done_on = DayBox(_l("Done on"), [filled(_l("Fill in a day."))])
    outcome = radio(_l("How did it end?"), [(one.value, label) for one, label in OUTCOME_LABELS.items()])
    party = pick(_l("Which supplier"))
    cost = AmountBox(_l("Amount in euro"))
    hours = HoursBox(_l("How many hours it took"), description=_l("As measured, for example 2,5 or 2:30."))
    systems = ticks(_l("Which systems were restored?"))
    done_by = TextBox(_l("Done by"))
    note = LongTextBox(_l("What was found"), most=NOTE_LENGTH)

    def validate_outcome(self, field: Any) -> None:
        """A result without an outcome says nothing."""
        filled(_l("Choose one from the list."))(self, field)

    def values(self) -> ResultValues:
        """Return what was filled in."""
        return ResultValues(
            done_on=self.done_on.data,
            outcome=Outcome(self.outcome.data),
            done_by=self.done_by.data or "",
            note=self.note.data or "",
            party_id=chosen(self.party) if "party" in self else None,
            cost=self.cost.data if "cost" in self else None,
            systems=ticked(self.systems) if "systems" in self else frozenset(),
            minutes=self.hours.data,
        )


def result_form(
    item_id: str, today: date, parties: Mapping[UUID, Party], systems: Iterable[TestedSystem], **sent: Any
) -> ResultForm:
    """Return the form of a result of `item_id`; it proposes today, and the outcome where there is only one."""
    outcomes = OUTCOMES[item_id]
    only = outcomes[0].value if len(outcomes) == 1 else None
    form = ResultForm(data={"done_on": today, "outcome": only}, **sent)
    offer(form.outcome, [(one.value, OUTCOME_LABELS[one]) for one in outcomes])
    offer(form.party, options(parties.values(), ()))
    shorten([form.party], "party-names")
    offer(form.systems, [(one.id, one.name) for one in systems])
    spare_boxes(form.systems)
    for name, wanted in (
        ("party", item_id in ABOUT_SUPPLIER),
        ("cost", item_id == COSTS),
        ("systems", kept_at(item_id) == RESTORE),
    ):
        if not wanted:
            del form[name]
    return form
