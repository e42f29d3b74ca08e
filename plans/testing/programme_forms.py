"""Forms of the programme."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from plans import handbook
from plans.inputs import (
    DayBox,
    LongTextBox,
    NewRowField,
    NumberBox,
    SeenField,
    TextBox,
    chosen,
    filled,
    offer,
    pick,
    radio,
    shorten,
)
from plans.items.queries import Person, options
from plans.models import SampleOf
from plans.testing.following import FollowUpValues, Move
from plans.testing.programme import PlannedValues, SampleValues, subjects
from plans.testing.programme_queries import Follow, Planned
from plans.turns import seen

SAMPLE_LABELS: Mapping[SampleOf, Any] = {
    SampleOf.SYSTEMS: _l("Systems"),
    SampleOf.STAFF: _l("Staff"),
    SampleOf.PARTIES: _l("External parties"),
    SampleOf.ASSETS: _l("Records of the inventory"),
}


class PlannedForm(FlaskForm):  # type: ignore[misc]
    """A test to come."""

    new_row = NewRowField()
    seen = SeenField()
    item = pick(_l("What is tested?"))
    planned_on = DayBox(_l("On which day"), [filled(_l("Fill in a day."))])
    contact = pick(_l("Who does it"))
    how = LongTextBox(_l("How it goes"), most=1000)

    def validate_item(self, field: Any) -> None:
        """Refuse a test about nothing."""
        filled(_l("Choose one from the list."))(self, field)

    def values(self, item_id: str = "") -> PlannedValues:
        """Return what was filled in. item_id: what it is about, where the page does not ask."""
        return PlannedValues(item_id or self.item.data, self.planned_on.data, chosen(self.contact), self.how.data or "")


def planned_form(people: Mapping[UUID, Person], planned: Planned | None = None, **sent: Any) -> PlannedForm:
    """Return the form of a new planned test, or of `planned` without what it is about: that stays."""
    data = (
        {
            "seen": seen([planned]),
            "planned_on": planned.planned_on,
            "contact": planned.contact_id,
            "how": planned.how,
        }
        if planned
        else {}
    )
    form = PlannedForm(data=data, **sent)
    if planned:
        del form.item
    else:
        _offer_items(form.item)
    offer(form.contact, options(people.values(), {planned.contact_id} if planned else ()))
    shorten([form.contact], "people-names")
    return form


def _offer_items(field: Any) -> None:
    offer(field, [(item_id, handbook.item(item_id).title) for item_id in subjects()])


class SampleForm(FlaskForm):  # type: ignore[misc]
    """What to draw from, how many and why."""

    of = radio(_l("Draw from"), [(one.value, label) for one, label in SAMPLE_LABELS.items()])
    size = NumberBox(_l("How many"), [filled(_l("Fill in a number."))])
    reason = TextBox(
        _l("Why this sample"),
        [filled(_l("Give the reason in a few words."))],
        description=_l("For example: two of our ten suppliers, so that over five years each has its turn."),
    )

    def validate_of(self, field: Any) -> None:
        """Refuse a sample from nowhere."""
        filled(_l("Choose one from the list."))(self, field)

    def values(self) -> SampleValues:
        """Return what was filled in."""
        return SampleValues(SampleOf(self.of.data), self.size.data, self.reason.data)


class FollowUpForm(FlaskForm):  # type: ignore[misc]
    """Something to be put right."""

    new_row = NewRowField()
    what = TextBox(_l("What must be done"), [filled(_l("Tell what must be done."))])
    owner = pick(_l("Who does it"))
    due_on = DayBox(_l("To be done by"), [filled(_l("Fill in a day."))])

    def values(self) -> FollowUpValues:
        """Return what was filled in."""
        return FollowUpValues(self.what.data, self.due_on.data, chosen(self.owner))


def follow_up_form(people: Mapping[UUID, Person], due_on: date, **sent: Any) -> FollowUpForm:
    """Return the form of a follow-up; it proposes `due_on`."""
    form = FollowUpForm(data={"due_on": due_on}, **sent)
    offer(form.owner, options(people.values(), ()))
    shorten([form.owner], "people-names")
    return form


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Who does what is open, and by when."""

    seen = SeenField()
    owner = pick(_l("Who does it"))
    due_on = DayBox(_l("To be done by"), [filled(_l("Fill in a day."))])

    def values(self) -> Move:
        """Return what was filled in."""
        return Move(self.due_on.data, chosen(self.owner))


def move_form(people: Mapping[UUID, Person], found: Follow, **sent: Any) -> MoveForm:
    """Return the form that gives `found` to somebody else, or another day."""
    form = MoveForm(data={"seen": seen([found]), "owner": found.owner_id, "due_on": found.due_on}, **sent)
    offer(form.owner, options(people.values(), {found.owner_id}))
    shorten([form.owner], "people-names")
    return form


class CloseForm(FlaskForm):  # type: ignore[misc]
    """What was done."""

    done = LongTextBox(_l("What was done"), [filled(_l("Tell in a few words what was done."))], most=2000)


class EvidenceForm(FlaskForm):  # type: ignore[misc]
    """A file that proves a result."""

    file = FileField(
        _l("File"), description=_l("A PDF, JPEG or PNG: a report, a screenshot, a photo. It is kept encrypted.")
    )


def title_of(item_id: str) -> str:
    """Return what a subject of the programme is called, nothing for what is none."""
    return handbook.item(item_id).title if item_id in handbook.by_id() else ""
