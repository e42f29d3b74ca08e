"""Inputs of the plan's forms: each reads what was typed into a value and keeps it on the page when it cannot."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Field, HiddenField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, DateInput, ListWidget, NumberInput, Select, TextArea, TextInput

from core.i18n import Language, language
from core.ids import new_id
from core.serving.options import SelectField
from plans.registers.cells import BadCell
from plans.registers.cells.days import read_day
from plans.registers.cells.numbers import read_amount, read_hours, read_number
from plans.registers.cells.texts import one_line, several_lines

TEXT_LENGTH, LONG_LENGTH, MOST_NUMBER = 200, 4000, 999_999
# Some 80 bytes each; a page may weigh 60 kB.
MOST_OPTIONS = 250
# More boxes to tick than this make a page heavy; one list to choose several from weighs a third.
MOST_BOXES = 100


class Typed(Field):
    """A box whose content is read as the cells of the registers are; what cannot be read stays in it."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, **more)

    def read(self, typed: str) -> Any:
        """Turn what was typed into a value. Raises BadCell."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """Turn a value into what a person would have typed."""
        return str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; a form that leaves the box out leaves the value as it was."""
        if valuelist:
            try:
                self.data = self.read(str(valuelist[0]))
            except BadCell as bad:
                raise ValueError(bad.text) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data in (None, "") else self.show(self.data)


class TextBox(Typed):
    """One line of text."""

    widget: Any = TextInput()
    most = TEXT_LENGTH

    def read(self, typed: str) -> str:
        """Return one line, of at most `most` characters."""
        return one_line(typed, self.most)


class LongTextBox(Typed):
    """Several lines of text. most: characters."""

    widget: Any = TextArea()

    def __init__(self, label: Any = None, validators: Any = None, most: int = LONG_LENGTH, **more: Any) -> None:
        super().__init__(label, validators, **more)
        self.most = most

    def read(self, typed: str) -> str:
        """Return the lines, of at most `most` characters together."""
        return several_lines(typed, self.most)


class DayBox(Typed):
    """A calendar day."""

    widget: Any = DateInput()

    def read(self, typed: str) -> date | None:
        """Return the day, None for an empty box."""
        return read_day(typed)


class AmountBox(Typed):
    """An amount in euro."""

    widget: Any = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, render_kw={"inputmode": "decimal", "autocomplete": "off"}, **more)

    def read(self, typed: str) -> Decimal | None:
        """Return the amount, None for an empty box."""
        return read_amount(typed)

    def show(self, value: Any) -> str:
        """Write the amount with the reader's decimal sign."""
        return str(value) if language() is Language.ENGLISH else str(value).replace(".", ",")


class NumberBox(Typed):
    """A whole number of `least` or more."""

    widget: Any = NumberInput()

    def __init__(self, label: Any = None, validators: Any = None, least: int = 0, **more: Any) -> None:
        super().__init__(label, validators, render_kw={"inputmode": "numeric", "autocomplete": "off"}, **more)
        self.least = least

    def read(self, typed: str) -> int | None:
        """Return the number, None for an empty box."""
        return read_number(typed, self.least, MOST_NUMBER)


class HoursBox(Typed):
    """A duration in whole hours as people write it: 4, 4 hours, 2 days. most: the longest, in hours."""

    widget: Any = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, most: int = MOST_NUMBER, **more: Any) -> None:
        super().__init__(label, validators, render_kw={"autocomplete": "off"}, **more)
        self.most = most

    def read(self, typed: str) -> int | None:
        """Return the hours, None for an empty box."""
        return read_hours(typed, 1, self.most)


class SeenField(HiddenField):
    """What the page showed when it was opened (plans/turns.py), to notice that somebody else saved meanwhile."""


class NewRowField(HiddenField):
    """The id of the row that a form adds, chosen when the page is made: sending the form twice adds one row."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, default=lambda: str(new_id()), **more)

    @property
    def row_id(self) -> UUID:
        """Return the id that was sent, a fresh one where none was."""
        try:
            return UUID(self.data)
        except (TypeError, ValueError):
            return new_id()


def check_listed(form: Any, field: Any) -> None:
    """Refuse a value that the list does not offer; nothing chosen is fine."""
    sent = field.data if isinstance(field.data, list) else [field.data or ""]
    if not {"", *sent} <= {"", *(choice.value for choice in field.iter_choices())}:
        raise ValidationError(_l("Choose one from the list."))


def filled(text: Any) -> Any:
    """Return the check of a box that must not stay empty; blanks are nothing, and a mistake is told as that mistake."""

    def check(form: Any, field: Any) -> None:
        if not field.process_errors and field.data in (None, ""):
            raise StopValidation(text)

    check.field_flags = {"required": True}  # type: ignore[attr-defined]  # where WTForms looks for it
    return check


class RowPick(SelectField):
    """One row of a register: a drop-down list, or a box that completes names where the list would be long."""

    # The id of the list that completes names, and whether this field brings it along.
    completed_by = ""
    brings_list = False

    def complete(self, list_id: str, *, brings_list: bool) -> None:
        """Become a box in which a name is typed. brings_list: for the first of the fields that share a list."""
        self.widget, self.completed_by, self.brings_list = NAME_BOX, list_id, brings_list

    def pre_validate(self, form: Any) -> None:
        """Take a name for the row that bears it; labels are never alike (plans/items/queries.py)."""
        if self.data:
            known = {_plain(label): value for value, label in self.offered}
            self.data = known.get(_plain(self.data), self.data)

    def _value(self) -> str:
        label = next((label for value, label in self.offered if value and value == self.data), "")
        return label or (str(self.raw_data[0]) if self.raw_data else "")

    @property
    def offered(self) -> list[tuple[str, str]]:
        """Return the values and labels of the list."""
        choices: Any = self.choices or ()
        return [(str(choice.value), str(choice.label)) for choice in choices]


def _plain(label: str) -> str:
    return " ".join(label.split()).casefold()


class NameBox(TextInput):
    """A text box with the list that completes it."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        """Write the box, and the list when this field brings it."""
        box = super().__call__(field, list=field.completed_by, autocomplete="off", **attributes)
        if not field.brings_list:
            return box
        option = Markup('<option value="{}">')
        names = Markup().join(option.format(label) for value, label in field.offered if value)
        return box + Markup('<datalist id="{}">{}</datalist>').format(field.completed_by, names)


NAME_BOX = NameBox()


def shorten(fields: Sequence[Any], list_id: str) -> None:
    """Let drop-down lists of the same rows share one list of names, when repeating it would make a page heavy."""
    repeated = [field for field in fields if isinstance(field, RowPick)]
    if repeated and len(repeated) * len(repeated[0].choices or ()) > MOST_OPTIONS:
        for place, field in enumerate(repeated):
            field.complete(list_id, brings_list=place == 0)


def pick(label: Any, **more: Any) -> Any:
    """Return a drop-down list in which nothing need be chosen; `offer` fills it."""
    return RowPick(label, [check_listed], choices=[], validate_choice=False, **more)


def radio(label: Any, options: Iterable[tuple[str, Any]], **more: Any) -> Any:
    """Return a short list of which one can be ticked, or none."""
    choices = [SelectChoice(value, text) for value, text in options]
    return RadioField(label, [check_listed], choices=choices, validate_choice=False, **more)


def ticks(label: Any, **more: Any) -> Any:
    """Return a list of which several can be ticked; `offer` fills it."""
    return SelectMultipleField(
        label,
        [check_listed],
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        **more,
    )


def spare_boxes(field: Any) -> None:
    """Make one list to choose several from of boxes to tick, where there are many; after `offer`."""
    if len(field.choices) > MOST_BOXES:
        field.widget, field.render_kw = Select(multiple=True), {"size": 12}
        field.description = _l("Hold Ctrl, or Cmd on a Mac, to choose several.")


def offer(field: Any, options: Iterable[tuple[UUID | str, Any]], blank: Any = "–") -> None:
    """Let a list offer these values; a drop-down list begins with `blank` for none of them."""
    none = [] if isinstance(field, SelectMultipleField | RadioField) else [SelectChoice("", blank)]
    field.choices = [*none, *(SelectChoice(str(value), text) for value, text in options)]


def chosen(field: Any) -> UUID | None:
    """Return the row chosen in a valid drop-down list."""
    return UUID(field.data) if field.data else None


def ticked(field: Any) -> frozenset[UUID]:
    """Return the rows ticked in a valid list."""
    return frozenset(UUID(value) for value in field.data or ())
