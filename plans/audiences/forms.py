"""The form of an audience."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from plans.audiences.queries import Informed
from plans.audiences.services import MOST_HOURS, AudienceValues
from plans.inputs import HoursBox, LongTextBox, NewRowField, SeenField, TextBox, chosen, filled, offer, pick, shorten
from plans.items.queries import Person, options
from plans.turns import seen

HOW_LENGTH = 500


class AudienceForm(FlaskForm):  # type: ignore[misc]
    """Who is informed, by whom and how."""

    name = TextBox(_l("Who is informed"), [filled(_l("Fill in who is informed."))])
    contact = pick(_l("By whom"))
    deputy = pick(_l("Deputy"))
    how = LongTextBox(_l("How"), most=HOW_LENGTH, description=_l("For example: by telephone, within two hours."))
    report_within_hours = HoursBox(
        _l("To be told within (hours)"),
        most=MOST_HOURS,
        description=_l(
            "Only where you agreed on it, as with clients in a contract. For example 24, 24 hours or 2 days. In a "
            "calamity we propose this."
        ),
    )
    seen = SeenField()
    new_row = NewRowField()

    def values(self) -> AudienceValues:
        """Return what was filled in."""
        return AudienceValues(
            self.name.data,
            chosen(self.contact),
            chosen(self.deputy),
            self.how.data or "",
            self.report_within_hours.data,
        )


def audience_form(people: Iterable[Person], found: Informed | None = None, **sent: Any) -> AudienceForm:
    """Return the form of a new audience, or of `found` as it is stored."""
    data: dict[str, Any] = {}
    if found:
        data = {"name": found.name, "contact": found.contact_id, "deputy": found.deputy_id, "how": found.how}
        data |= {"report_within_hours": found.report_within_hours, "seen": seen([found])}
    form = AudienceForm(data=data, **sent)
    offered = options(people, {found.contact_id, found.deputy_id} if found else ())
    offer(form.contact, offered)
    offer(form.deputy, offered)
    shorten([form.contact, form.deputy], "people-names")
    return form
