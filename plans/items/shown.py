"""Answers in words, as pages show them to somebody who only reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _

from core.i18n import day_text, euro_text
from plans.fields import ITEM_FIELDS, Field, FieldKind
from plans.items.forms import stored_value
from plans.items.queries import Party, Person, Seated, StoredAnswer
from plans.seats import ITEM_SEATS

SUMMARY_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Shown:
    """A label and what stands behind it; empty when nothing was filled in. bare: says nothing without its label."""

    label: str
    text: str
    bare: bool = False


def field_text(
    field: Field, stored: StoredAnswer | None, people: Mapping[UUID, Person], parties: Mapping[UUID, Party]
) -> str:
    """Return one field of an answer in the reader's language."""
    value = stored_value(field, stored)
    if value in (None, ""):
        return ""
    match field.kind:
        case FieldKind.CHOICE:
            return next((str(choice.label) for choice in field.choices if choice.value == value), str(value))
        case FieldKind.DAY:
            return day_text(value)
        case FieldKind.AMOUNT:
            return euro_text(Decimal(str(value)))
        case FieldKind.CONTACT:
            return people[value].name if value in people else ""
        case FieldKind.PARTY:
            return parties[value].name if value in parties else ""
        case _:
            return str(value)


def shown_fields(
    item_id: str, stored: StoredAnswer | None, people: Mapping[UUID, Person], parties: Mapping[UUID, Party]
) -> list[Shown]:
    """Return every field of an item with what was answered."""
    return [
        Shown(str(field.label), field_text(field, stored, people, parties), field.kind is FieldKind.NUMBER)
        for field in ITEM_FIELDS.get(item_id, ())
    ]


def shown_people(item_id: str, stored: Mapping[tuple[str, str], Seated], people: Mapping[UUID, Person]) -> list[Shown]:
    """Return every seat of an item with who sits there."""
    return [
        Shown(str(seat.label), _seat_text(stored.get((item_id, seat.name)), people)) for seat in ITEM_SEATS[item_id]
    ]


def _seat_text(row: Seated | None, people: Mapping[UUID, Person]) -> str:
    holder = people.get(row.contact_id) if row and row.contact_id else None
    deputy = people.get(row.deputy_id) if row and row.deputy_id else None
    if holder and deputy:
        return str(_("%(name)s (deputy: %(deputy)s)", name=holder.name, deputy=deputy.name))
    if deputy:
        return str(_("Nobody yet (deputy: %(deputy)s)", deputy=deputy.name))
    return holder.name if holder else ""


def summary(texts: Iterable[str]) -> str:
    """Return the texts that are not empty as one line, in full."""
    return " · ".join(" ".join(text.split()) for text in texts if text)


def shortened(line: str) -> str:
    """Return a line as it stands in a list: at most SUMMARY_LENGTH characters."""
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1].rstrip() + "…"
