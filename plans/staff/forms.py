"""Form of the receipts of the staff instruction."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from plans.inputs import DayBox, filled, offer, ticks
from plans.staff.queries import Instruction, Reader


class ReceiptsForm(FlaskForm):  # type: ignore[misc]
    """Who acknowledged the instruction, and when."""

    people = ticks(_l("Who acknowledged it?"))
    acknowledged_on = DayBox(_l("Acknowledged on"), [filled(_l("Fill in a day."))])
    # The version that was on the page: a newer one may have been published meanwhile.
    version_id = HiddenField()


def receipts_form(instruction: Instruction, readers: Iterable[Reader], today: date, **sent: Any) -> ReceiptsForm:
    """Return the form that lists `readers`; it proposes today."""
    form = ReceiptsForm(data={"acknowledged_on": today, "version_id": str(instruction.id)}, **sent)
    offer(form.people, [(one.id, one.name) for one in readers])
    return form


class TakeBackForm(FlaskForm):  # type: ignore[misc]
    """Take a version back as the draft. seen: of the draft that was shown."""

    seen = HiddenField()
