"""Forms of items: one for each set of fields, one for each set of seats, one for leaving an item out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from plans.fields import ITEM_FIELDS, Field, FieldKind
from plans.inputs import (
    AmountBox,
    DayBox,
    LongTextBox,
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
from plans.items.leaving_out import WaiverValues
from plans.items.queries import Party, Person, Seated, StoredAnswer, options
from plans.items.services import AnswerValues, SeatValues
from plans.seats import ITEM_SEATS, Seat
from plans.turns import Edited, seen

# Who does not know ticks this one: no value is kept, so the item goes on asking.
NOT_KNOWN = ""
REASON_LENGTH, REFUSAL_LENGTH = 2000, 1000


def choice_options(field: Field) -> list[tuple[str, Any]]:
    """Return what a field that is a choice offers."""
    return [(choice.value, choice.label) for choice in field.choices]


def _input(field: Field) -> Any:
    match field.kind:
        case FieldKind.TEXT:
            return TextBox(field.label, description=field.hint)
        case FieldKind.LONG_TEXT:
            return LongTextBox(field.label, description=field.hint)
        case FieldKind.CHOICE:
            open_yet = [(NOT_KNOWN, _l("I don't know yet"))] if field.unknown else []
            return radio(field.label, [*choice_options(field), *open_yet], description=field.hint)
        case FieldKind.DAY:
            return DayBox(field.label)
        case FieldKind.AMOUNT:
            return AmountBox(field.label)
        case FieldKind.NUMBER:
            return NumberBox(field.label, description=field.hint, least=field.least)
        case FieldKind.CONTACT | FieldKind.PARTY:
            return pick(field.label)


@cache
def _answer_form(item_id: str) -> Any:
    inputs = {field.name: _input(field) for field in ITEM_FIELDS[item_id]}
    return type("AnswerForm", (FlaskForm,), {**inputs, "seen": SeenField()})


def answer_form(
    item_id: str, stored: StoredAnswer | None, people: Mapping[UUID, Person], parties: Mapping[UUID, Party], **sent: Any
) -> Any:
    """Return the form of an item with fields, filled with what is stored. sent: formdata=None for a fresh page."""
    data: dict[str, Any] = {"seen": seen([stored] if stored else [])}
    for field in ITEM_FIELDS[item_id]:
        data[field.name] = stored_value(field, stored)
    form = _answer_form(item_id)(data=data, **sent)
    for field in ITEM_FIELDS[item_id]:
        form[field.name].unknown = field.unknown
        if field.kind is FieldKind.CONTACT:
            offer(form[field.name], options(people.values(), {stored.contact_id if stored else None}))
        elif field.kind is FieldKind.PARTY:
            offer(form[field.name], options(parties.values(), {stored.party_id if stored else None}))
        shorten([form[field.name]], f"{field.name}-names")
    return form


def not_known(item_id: str, form: Any) -> bool:
    """Tell whether somebody said of a field of a sent form that they do not know it yet."""
    return any(field.unknown and form[field.name].raw_data == [NOT_KNOWN] for field in ITEM_FIELDS[item_id])


def stored_value(field: Field, stored: StoredAnswer | None) -> Any:
    """Return one field of an answer as its input takes it."""
    if stored is None:
        return None
    if field.kind is FieldKind.CONTACT:
        return stored.contact_id
    if field.kind is FieldKind.PARTY:
        return stored.party_id
    found = stored.values.get(field.name)
    return date.fromisoformat(found) if found and field.kind is FieldKind.DAY else found


def answer_values(item_id: str, form: Any) -> AnswerValues:
    """Return what a valid form holds; empty boxes are left out."""
    values: dict[str, str | int] = {}
    contact_id = party_id = None
    for field in ITEM_FIELDS[item_id]:
        data = form[field.name].data
        if field.kind is FieldKind.CONTACT:
            contact_id = chosen(form[field.name])
        elif field.kind is FieldKind.PARTY:
            party_id = chosen(form[field.name])
        elif data not in (None, ""):
            values[field.name] = data if field.kind is FieldKind.NUMBER else str(data)
    return AnswerValues(values, contact_id, party_id)


def _names(seat: Seat) -> tuple[str, str]:
    return f"{seat.name}-contact", f"{seat.name}-deputy"


class _SeatsForm(FlaskForm):  # type: ignore[misc]
    """Seats of one item; a deputy is somebody else."""

    seats: tuple[Seat, ...] = ()
    seen = SeenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """A person cannot stand in for themselves."""
        fine = bool(super().validate(extra_validators))
        for seat in self.seats:
            holder, deputy = (self[name] for name in _names(seat))
            if deputy.data and deputy.data == holder.data:
                deputy.errors = [*deputy.errors, _l("The deputy must be somebody else.")]
                fine = False
        return fine


@cache
def _seats_form(item_id: str) -> Any:
    inputs: dict[str, Any] = {}
    for seat in ITEM_SEATS[item_id]:
        holder, deputy = _names(seat)
        inputs[holder] = pick(seat.label, description=seat.hint)
        # An only seat is called "Who": "Deputy of: Who" says nothing.
        alone = len(ITEM_SEATS[item_id]) == 1
        inputs[deputy] = pick(_l("Deputy") if alone else _l("Deputy of: %(seat)s", seat=seat.label))
    return type("SeatsForm", (_SeatsForm,), {**inputs, "seats": ITEM_SEATS[item_id]})


def seats_form(
    item_id: str, stored: Mapping[tuple[str, str], Seated], people: Mapping[UUID, Person], **sent: Any
) -> Any:
    """Return the form of an item with seats, filled with who sits there now."""
    data: dict[str, Any] = {"seen": seen(stored.values())}
    held: set[UUID | None] = set()
    for seat in ITEM_SEATS[item_id]:
        if row := stored.get((item_id, seat.name)):
            data.update(zip(_names(seat), (row.contact_id, row.deputy_id), strict=True))
            held |= {row.contact_id, row.deputy_id}
    form = _seats_form(item_id)(data=data, **sent)
    offered = options(people.values(), held)
    for seat in ITEM_SEATS[item_id]:
        for name in _names(seat):
            offer(form[name], offered)
    return form


@dataclass(frozen=True, slots=True)
class SeatInputs:
    """The inputs of one seat on the page. deputy: None when the page leaves it out."""

    seat: Seat
    holder: Any
    deputy: Any


def shown_seats(item_id: str, form: Any, *, deputies: bool) -> list[SeatInputs]:
    """Return the seats worth showing: the required ones, the filled ones and one further empty one.

    deputies: show every deputy; else only those that the item needs, that are filled or that hold an error.
    A long list of people repeated for seats nobody fills would make the page heavy.
    """
    found, spare = [], True
    for seat in ITEM_SEATS[item_id]:
        holder, deputy = (form[name] for name in _names(seat))
        empty = not (holder.data or deputy.data or holder.errors or deputy.errors)
        if seat.required or not empty or spare:
            wanted = deputies or seat.deputy or deputy.data or deputy.errors
            found.append(SeatInputs(seat, holder, deputy if wanted else None))
        spare = spare and (seat.required or not empty)
    shorten([one for row in found for one in (row.holder, row.deputy) if one], "people-names")
    return found


def seat_values(item_id: str, form: Any) -> dict[str, SeatValues]:
    """Return who was chosen, by seat."""
    return {seat.name: SeatValues(*(chosen(form[name]) for name in _names(seat))) for seat in ITEM_SEATS[item_id]}


class WaiverForm(FlaskForm):  # type: ignore[misc]
    """Leave an item, or a part of it, out for a while."""

    part = pick(_l("What does not apply?"))
    reason = LongTextBox(
        _l("Why does this not apply to you?"),
        [filled(_l("Give the reason in a few words."))],
        most=REASON_LENGTH,
        description=_l("An auditor reads this. For example: we rent no alarm line, the alarm calls by itself."),
    )
    until = DayBox(
        _l("Until when?"),
        [filled(_l("Fill in a day."))],
        description=_l("At most twelve months from now. After that day the question comes back."),
    )
    left_out = SeenField()

    def values(self) -> WaiverValues:
        """Return what was filled in."""
        return WaiverValues(self.reason.data, self.until.data, self.part.data or "")


def waiver_form(
    until: date, parts: Collection[tuple[str, Any]] = (), current: Iterable[Edited] = (), **sent: Any
) -> WaiverForm:
    """Return the form for leaving an item out.

    until: the day it proposes; parts: what can be left out by itself; current: what the page shows as
    left out and proposed.
    """
    form = WaiverForm(data={"until": until, "left_out": seen(current)}, **sent)
    offer(form.part, parts, _l("The whole item"))
    return form


class RefusalForm(FlaskForm):  # type: ignore[misc]
    """Say why something is not left out."""

    refusal = LongTextBox(
        _l("Why should it go on counting?"),
        [filled(_l("Give the reason in a few words."))],
        most=REFUSAL_LENGTH,
        description=_l("Whoever proposed it reads this."),
    )


def refusal_form(waiver_id: UUID, **sent: Any) -> RefusalForm:
    """Return the form to refuse one proposal: a page may ask about several, each with a box of its own."""
    form = RefusalForm(**sent)
    form.refusal.id = f"refusal-{waiver_id.hex}"
    return form
