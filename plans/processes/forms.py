"""What a browser may send about what a system needs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import StopValidation

from plans.errors import NotThere
from plans.inputs import check_listed
from plans.models import Impact
from plans.processes.impact import IMPACTS, LABELS, STRETCHES, Stretch
from plans.processes.services import Wanted
from plans.registers.shape import Value


def read_wanted(sent: MultiDict[str, str]) -> Wanted:
    """Return what was ticked. Raises NotThere for what is no id."""
    return Wanted(*(_ids(sent.getlist(name)) for name in ("system", "party", "data_set")))


def read_shown(sent: MultiDict[str, str]) -> Wanted:
    """Return what was ticked when the page was made. Raises NotThere for what is no id."""
    return Wanted(*(_ids(sent.get(f"{name}_shown", "").split()) for name in ("system", "party", "data_set")))


def _not_milder(form: Any, field: Any) -> None:
    """Refuse that an outage gets better as it lasts: only this page sees all five answers together."""
    names = [stretch.column for stretch in STRETCHES]
    # What is no level at all is told by the check before this one.
    ranks = {level.value: number for number, level in enumerate(IMPACTS)}
    before = [ranks[form[name].data] for name in names[: names.index(field.name)] if form[name].data in ranks]
    if before and ranks.get(field.data, len(ranks)) < max(before):
        raise StopValidation(_l("A longer outage cannot be less bad than a shorter one."))


def _question(stretch: Stretch) -> Any:
    options = [("", _l("Not told yet")), *((level.value, LABELS[level]) for level in IMPACTS)]
    return RadioField(
        stretch.question,
        [check_listed, _not_milder],
        choices=[SelectChoice(value, text) for value, text in options],
        validate_choice=False,
        coerce=lambda value: value or "",
    )


class ImpactForm(FlaskForm):  # type: ignore[misc]
    """The five questions about an outage. version: of the department that was shown."""

    version = HiddenField()
    impact_4_hours = _question(STRETCHES[0])
    impact_day = _question(STRETCHES[1])
    impact_3_days = _question(STRETCHES[2])
    impact_week = _question(STRETCHES[3])
    impact_longer = _question(STRETCHES[4])

    def levels(self) -> dict[str, Value]:
        """Return the answers by column; call it on a valid form."""
        data = {stretch.column: self[stretch.column].data for stretch in STRETCHES}
        return {column: Impact(found) if found else None for column, found in data.items()}

    @property
    def version_shown(self) -> int:
        """Return the version the page was made from, 0 when the browser sent none that counts."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def read_around(sent: MultiDict[str, str]) -> UUID | None:
    """Return the system around which the map was asked; None for all, and for what is no id."""
    try:
        return UUID(sent.get("around", ""))
    except ValueError:
        return None


def _ids(texts: Iterable[str]) -> frozenset[UUID]:
    try:
        return frozenset(UUID(text) for text in texts)
    except ValueError:
        raise NotThere from None
