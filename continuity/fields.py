"""The fields of the scheme's forms: each says what it takes, and what is wrong with anything else."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from core.ids import new_id
from core.serving.options import IntegerField, unreadable
from plans.inputs import AmountBox, DayBox
from plans.registers.cells.addresses import read_email, read_phone
from plans.registers.cells.bad import BadCell
from tenants.door import today_here


class EditForm(FlaskForm):  # type: ignore[misc]
    """A form over a row that somebody else may change meanwhile; `version` is the one this page showed, 0 for none."""

    version = IntegerField(widget=HiddenInput(), default=0, validators=[InputRequired(_l("Reload this page first."))])


class AddForm(EditForm):
    """A form that may add a row, whose id is chosen when the page opens: sent twice, it adds one."""

    row_id = HiddenField(default=lambda: str(new_id()))

    @property
    def chosen_id(self) -> UUID:
        """Return the id the new row gets; a fresh one when what was sent is none."""
        try:
            return UUID(self.row_id.data or "")
        except ValueError:
            return new_id()


def strip(value: str | None) -> str:
    """Drop the blanks around what was typed."""
    return (value or "").strip()


def unix_lines(value: str | None) -> str:
    """Keep line ends as one character, so that the same text has the same checksum from every browser."""
    return strip(value).replace("\r\n", "\n").replace("\r", "\n")


def readable(_form: FlaskForm, field: Field) -> None:
    """Refuse control characters: they hide things, and no workbook accepts them."""
    allowed = "\n\t" if isinstance(field, TextAreaField) else ""
    if any(unreadable(sign) and sign not in allowed for sign in field.data or ""):
        raise ValidationError(_l("This holds signs that cannot be read. Type it again."))


def not_later(_form: FlaskForm, field: Field) -> None:
    """Refuse a day that lies ahead for something that happened."""
    if field.data is not None and field.data > today_here():
        raise ValidationError(_l("This day is still to come."))


def phone_number(_form: FlaskForm, field: Field) -> None:
    """Keep a telephone number with its country, as the registers do."""
    try:
        field.data = read_phone(field.data)
    except BadCell as error:
        raise ValidationError(str(error.text)) from error


def mail_address(_form: FlaskForm, field: Field) -> None:
    """Check the shape only: whether mail arrives is known once it did."""
    try:
        field.data = read_email(field.data)
    except BadCell as error:
        raise ValidationError(str(error.text)) from error


def kvk_number(_form: FlaskForm, field: Field) -> None:
    """Check for eight digits: a KvK number has no check digit."""
    field.data = field.data.replace(" ", "").replace(".", "")
    if not (field.data.isascii() and field.data.isdigit() and len(field.data) == 8):
        raise ValidationError(_l("A KvK number has eight digits."))


def line(label: Any, *, missing: Any = "", longest: int = 200, hint: Any = "") -> Any:
    """Return a field of one line; `missing` is what to say when it is left empty, nothing when it may be."""
    present = DataRequired(missing) if missing else Optional()
    return StringField(label, [present, _length(longest), readable], filters=[strip], description=hint)


def text(label: Any, *, missing: Any = "", longest: int = 2000, hint: Any = "") -> Any:
    """Return a field of several lines."""
    present = DataRequired(missing) if missing else Optional()
    return TextAreaField(label, [present, _length(longest), readable], filters=[unix_lines], description=hint)


def day(label: Any, *, missing: Any = "", past: bool = True, hint: Any = "") -> Any:
    """Return a field for a day; `past` when it cannot lie ahead."""
    present = InputRequired(missing) if missing else Optional()
    return DayBox(label, [present, *([not_later] if past else [])], description=hint)


def euros(label: Any, *, missing: Any = "", hint: Any = "") -> Any:
    """Return a field for an amount in euro; `missing` is what to say when it is left empty, nothing when it may be."""
    return AmountBox(label, [InputRequired(missing) if missing else Optional()], description=hint)


def choice(label: Any, options: Iterable[tuple[str, Any]]) -> Any:
    """Return a list of which one value is chosen."""
    return SelectField(label, choices=offered(options))


def offered(options: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return values and their labels as the choices of a list."""
    return [SelectChoice(value, label) for value, label in options]


def phone() -> Any:
    """Return a field for a telephone number that may stay empty."""
    return TelField(_l("Telephone number"), [Optional(), _length(40), phone_number], filters=[strip])


def mail() -> Any:
    """Return a field for an e-mail address that may stay empty."""
    return EmailField(_l("E-mail address"), [Optional(), _length(254), mail_address], filters=[strip])


def kvk() -> Any:
    """Return a field for a KvK number that may stay empty."""
    hint = _l("Eight digits, for example 01234567.")
    return StringField(_l("KvK number"), [Optional(), kvk_number], filters=[strip], description=hint)


def _length(longest: int) -> Length:
    return Length(max=longest, message=_l("At most %(max)d characters.", max=longest))


class PressForm(FlaskForm):  # type: ignore[misc]
    """Only the press of a button."""
