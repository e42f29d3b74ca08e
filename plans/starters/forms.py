"""What is ticked on the pages of the starters."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from plans.inputs import offer, ticks


class TicksForm(FlaskForm):  # type: ignore[misc]
    """Rows or lines of a list, some of them ticked."""

    ticked = ticks(_l("What to add"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Something must be ticked."""
        fine = bool(super().validate(extra_validators))
        if fine and not self.ticked.data:
            self.ticked.errors = [_l("Tick at least one.")]
            return False
        return fine


def ticks_form(values: Iterable[str | UUID], **sent: Any) -> TicksForm:
    """Return a form in which each of `values` can be ticked. sent: formdata=None for a fresh page."""
    form = TicksForm(**sent)
    offer(form.ticked, [(value, "") for value in values])
    return form
