"""Forms of own items: what they ask, and their answer by kind."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from core.i18n import day_text
from plans.fields import YES_NO
from plans.inputs import DayBox, LongTextBox, NewRowField, NumberBox, SeenField, TextBox, filled, radio
from plans.items.queries import StoredAnswer
from plans.items.services import AnswerValues
from plans.items.shown import Shown
from plans.models import OwnKind
from plans.own_items.ids import ANSWER
from plans.own_items.kinds import KIND_LABELS
from plans.own_items.queries import Own
from plans.own_items.services import OwnValues
from plans.turns import seen

HELP_LENGTH = 2000
EXPLANATION = "explanation"


class OwnForm(FlaskForm):  # type: ignore[misc]
    """What an own item asks."""

    title = TextBox(_l("The question"), [filled(_l("Write the question in a few words."))])
    help = LongTextBox(_l("Why you ask this, or an example"), most=HELP_LENGTH)
    interval_days = NumberBox(
        _l("For how many days does an answer count?"),
        description=_l("For example 365: after a year the question comes back. Empty: it never does."),
    )
    seen = SeenField()

    def values(self) -> OwnValues:
        """Return what was filled in."""
        return OwnValues(self.title.data or "", self.help.data or "", self.interval_days.data)


class NewOwnForm(OwnForm):
    """An own item that is added: how it is answered is chosen once."""

    kind = radio(
        _l("How is it answered?"), [(kind.value, label) for kind, label in KIND_LABELS.items()], default=OwnKind.TEXT
    )
    new_row = NewRowField()


def own_form(own: Own, **sent: Any) -> OwnForm:
    """Return the form of an own item, filled with what it asks now. sent: formdata=None for a fresh page."""
    data = {
        "title": own.title,
        "help": own.help,
        "interval_days": own.interval_days,
        "seen": str(own.version),
    }
    return OwnForm(data=data, **sent)


class TextAnswer(FlaskForm):  # type: ignore[misc]
    """An answer in words."""

    answer = LongTextBox(_l("Answer"))
    seen = SeenField()


class DayAnswer(FlaskForm):  # type: ignore[misc]
    """An answer that is a day, with room for words."""

    answer = DayBox(_l("Day"))
    explanation = LongTextBox(_l("Explanation"))
    seen = SeenField()


class YesNoAnswer(FlaskForm):  # type: ignore[misc]
    """Yes or no, with room for words."""

    answer = radio(_l("Answer"), [(choice.value, choice.label) for choice in YES_NO])
    explanation = LongTextBox(_l("Explanation"))
    seen = SeenField()


FORM_OF: Mapping[OwnKind, type[FlaskForm]] = MappingProxyType(
    {OwnKind.TEXT: TextAnswer, OwnKind.DAY: DayAnswer, OwnKind.YES_NO: YesNoAnswer}
)


def answer_form(own: Own, stored: StoredAnswer | None, **sent: Any) -> Any:
    """Return the form in which `own` is answered. sent: formdata=None for a fresh page."""
    data: dict[str, Any] = {"seen": seen([stored] if stored else [])}
    if stored:
        told = stored.values.get(ANSWER)
        data[ANSWER] = date.fromisoformat(told) if told and own.kind is OwnKind.DAY else told
        data[EXPLANATION] = stored.values.get(EXPLANATION)
    return FORM_OF[own.kind](data=data, **sent)


def answer_values(form: Any) -> AnswerValues:
    """Return what a valid form holds; empty boxes are left out."""
    told = {name: form[name].data for name in (ANSWER, EXPLANATION) if name in form}
    return AnswerValues({name: str(value) for name, value in told.items() if value not in (None, "")})


def shown_answer(own: Own, stored: StoredAnswer | None) -> list[Shown]:
    """Return the answer in words."""
    values: Mapping[str, Any] = stored.values if stored else {}
    told = str(values.get(ANSWER) or "")
    if told and own.kind is OwnKind.DAY:
        told = day_text(date.fromisoformat(told))
    elif told and own.kind is OwnKind.YES_NO:
        told = next((str(choice.label) for choice in YES_NO if choice.value == told), told)
    lines = [Shown(str(_l("Answer")), told)]
    return (
        lines
        if own.kind is OwnKind.TEXT
        else [*lines, Shown(str(_l("Explanation")), str(values.get(EXPLANATION) or ""))]
    )
