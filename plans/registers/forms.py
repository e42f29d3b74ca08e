"""What a browser may send about the rows of a register."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput, EmailInput, TelInput, TextArea, TextInput

from core.serving.options import SelectField
from plans.errors import NotThere
from plans.registers.cells import BadCell, parse
from plans.registers.columns import REGISTERS
from plans.registers.display import Names, typed
from plans.registers.queries import Wish
from plans.registers.rows import Values
from plans.registers.shape import Column, Kind, Register, Value

LONGEST_SEARCH = 200
WIDGETS: Mapping[Kind, Callable[[], Any]] = MappingProxyType(
    {
        Kind.LONG_TEXT: TextArea,
        Kind.PHONE: TelInput,
        Kind.EMAIL: EmailInput,
        Kind.DAY: DateInput,
        Kind.TERM: DateInput,
    }
)
NUMERIC = frozenset({Kind.NUMBER, Kind.IMEI})


class CellField(Field):
    """A box that its column reads; what was typed stays on the page when the column cannot take it."""

    def __init__(self, label: Any = None, validators: Any = None, *, column: Column, **more: Any) -> None:
        inputmode = (
            "decimal"
            if column.kind is Kind.AMOUNT
            else "numeric"
            if column.kind in NUMERIC and not column.hours
            else None
        )
        attributes = {"autocomplete": "off", **({"inputmode": inputmode} if inputmode else {})}
        super().__init__(label, validators, widget=WIDGETS.get(column.kind, TextInput)(), render_kw=attributes, **more)
        self.column = column

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent. Raises ValueError with a text for the reader."""
        if valuelist:
            try:
                self.data = parse(self.column, str(valuelist[0]))
            except BadCell as bad:
                raise ValueError(bad.text) from None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else typed(self.column, self.data)


class PickField(SelectField):
    """A list of which one can be chosen, or none."""

    def __init__(self, label: Any = None, validators: Any = None, *, column: Column, **more: Any) -> None:
        yes_no = (("yes", _l("Yes")), ("no", _l("No"))) if column.kind is Kind.YES_NO else ()
        pairs = [("", "–"), *yes_no, *((choice.value, choice.label) for choice in column.choices)]
        options = [SelectChoice(value, text) for value, text in pairs]
        super().__init__(label, validators, choices=options, validate_choice=False, coerce=_as_text, **more)
        self.column = column

    def offer(self, names: Names) -> None:
        """Let these rows be chosen."""
        self.choices = [SelectChoice("", "–"), *(SelectChoice(str(row_id), name) for row_id, name in names.items())]


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _check_offered(_form: Any, field: Any) -> None:
    if field.data and field.data not in {choice.value for choice in field.choices}:
        raise StopValidation(_l("Choose one from the list."))


def _check_filled(_form: Any, field: Any) -> None:
    if field.data in ("", None) and not field.errors:
        raise StopValidation(_l("Fill this in."))


class RowForm(FlaskForm):  # type: ignore[misc]
    """One row. version: the one shown; row_id: the id a new row will get, so that sending twice adds one."""

    register: Register
    version = HiddenField()
    row_id = HiddenField()

    def offer(self, contacts: Names, parties: Names) -> None:
        """Fill the lists that show rows of the organisation."""
        for field in self:
            if isinstance(field, PickField) and field.column.kind in (Kind.CONTACT, Kind.PARTY):
                field.offer(contacts if field.column.kind is Kind.CONTACT else parties)

    def validate(self, extra_validators: Any = None) -> bool:
        """A row with a last day is not perpetual."""
        fits = bool(super().validate(extra_validators))
        if "perpetual" in self and self.perpetual.data and self.expires_on.data:
            self.expires_on.errors = [_l("It has a last day, or it is perpetual: choose one of the two.")]
            return False
        return fits

    def values(self) -> Values:
        """Return what was filled in, by column name; call it on a valid form."""
        return {column.name: _value(column, self[column.name]) for column in self.register.columns}

    def show_version(self, version: int) -> None:
        """Let the next sending of this page count as made from `version`."""
        self.version.raw_data, self.version.data = None, str(version)

    @property
    def version_shown(self) -> int:
        """Return the version the page was made from, 0 when the browser sent none that counts."""
        text = _sent(self.version)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    @property
    def new_id(self) -> UUID | None:
        """Return the id chosen when the page was made, None when the browser sent none."""
        try:
            return UUID(_sent(self.row_id))
        except ValueError:
            return None


def _sent(field: Any) -> str:
    """Return what the browser sent; what the page would have shown does not count."""
    return str(field.raw_data[0]) if field.raw_data else ""


def _value(column: Column, field: Any) -> Value:
    if field.data is None:
        return column.empty
    return parse(column, field.data) if isinstance(field, PickField) else field.data


def field_of(column: Column) -> Any:
    """Return the field of a form in which `column` is filled in."""
    hint = column.hint
    if column.needed:
        hint = _l("%(hint)s Needed for a complete plan.", hint=hint) if hint else _l("Needed for a complete plan.")
    checks: list[Any] = [_check_filled] if column.required else []
    if column.kind is Kind.YES_NO and column.default is not None:
        return BooleanField(column.label, description=hint, default=column.default)
    if column.kind is Kind.YES_NO or column.kind in (Kind.CHOICE, Kind.CONTACT, Kind.PARTY):
        return PickField(column.label, [*checks, _check_offered], column=column, description=hint)
    return CellField(column.label, checks, column=column, description=hint)


def form_of(register: Register) -> type[RowForm]:
    """Return the form of one register."""
    return FORMS[register.slug]


def _form(register: Register) -> type[RowForm]:
    fields = {column.name: field_of(column) for column in register.columns}
    return type("RowForm", (RowForm,), {"register": register, **fields})


FORMS: Mapping[str, type[RowForm]] = MappingProxyType({register.slug: _form(register) for register in REGISTERS})


def read_wish(register: Register, sent: MultiDict[str, str]) -> Wish:
    """Return what an address asks of a register; what makes no sense falls back to the beginning of the list."""
    sort, offered = sent.get("sort", ""), [column.name for column in register.columns if column.name != "perpetual"]
    descending, name = sort.startswith("-"), sort.removeprefix("-")
    asked = {*sent.getlist("column"), *sent.get("columns", "").split(",")}
    columns = tuple(one for one in offered if one == "name" or one in asked)
    return Wish(
        q=" ".join(sent.get("q", "").split())[:LONGEST_SEARCH],
        sort=name if name in offered else "name",
        descending=descending and name in offered,
        archived=sent.get("archived") == "1",
        page=read_page(sent),
        within=within if (within := sent.get("within", "")) in offered else "",
        empty=empty if (empty := sent.get("empty", "")) in offered else "",
        columns=columns if len(columns) > 1 and set(columns) != set(register.listed) else (),
    )


def read_begun(register: Register, sent: MultiDict[str, str]) -> dict[str, str]:
    """Return what an address fills in beforehand of a new row: columns with a choice among a few."""
    return {
        column.name: sent[column.name]
        for column in register.columns
        if column.kind is Kind.CHOICE and sent.get(column.name, "") in {str(one.value) for one in column.choices}
    }


def read_page(sent: MultiDict[str, str]) -> int:
    """Return the page asked for, from 1; what is no number is the first page."""
    page = sent.get("page", "")
    return max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 7 else 1


def read_ids(sent: Iterable[str]) -> list[UUID]:
    """Return the ids that were sent. Raises NotThere when one of them is none."""
    try:
        return [UUID(text) for text in sent]
    except ValueError:
        raise NotThere from None
