"""What stands in the cells of the workbook of all records: words for codes, and lines for what is kept as structure."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from audits.trail.words import COLUMN_LABELS, column_label
from audits.workbooks.material import Material
from audits.workbooks.record_words import word
from core import db
from core.i18n import day_text
from core.sheets.writing import Value
from plans.intervals import INTERVAL_LABELS
from plans.items.parts import part_labels
from plans.items.queries import Party, Person, parties, people
from plans.items.shown import shown_fields
from plans.models import CalamityEntry, System
from plans.own_items.telling import told as own_told
from plans.registers.cells import phone_text
from plans.seats import HOLDER, ITEM_SEATS

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?\+00:00")
PHONES = frozenset({"phone", "phone_2", "phone_number"})


def told_value(value: Any) -> Value:
    """Return a stored value as a cell: choices by their word, lists and fields as lines."""
    if value is None or isinstance(value, bool | int | float | Decimal | date | datetime):
        return cast(Value, value)
    if isinstance(value, Enum):
        return word(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, str):
        return value or None
    return "\n".join(_lines(value)) or None


def _lines(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        told = ((name, phone_text(str(one)) if name in PHONES and one else one) for name, one in sorted(value.items()))
        return [f"{_label(name)}: {_in_line(one)}" for name, one in told if one not in (None, "")]
    return [_in_line(one) for one in value]


def _in_line(value: Any) -> str:
    if isinstance(value, Mapping | list | tuple):
        return "; ".join(_lines(value))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    text = str(value)
    if INSTANT.fullmatch(text):
        # In a zone that is told beside it: whose zone it is depends on where the workbook is made.
        return f"{day_text(date.fromisoformat(text[:10]))} {text[11:16]} UTC"
    return day_text(date.fromisoformat(text)) if DAY.fullmatch(text) else text


def _label(name: object) -> str:
    return column_label(name) if isinstance(name, str) and name in COLUMN_LABELS else str(name)


class Words:
    """What codes mean in one organisation: its items, also its own, their seats and parts, and who a log is about."""

    def __init__(self, material: Material) -> None:
        """Begin with nothing read."""
        self._material = material

    def teller(self, table: str, key: str) -> Callable[[Any], Value]:
        """Return what makes a cell of a column's value."""
        known: Mapping[Any, str] = {}
        if key == "item_id":
            known = self._titles
        elif (table, key) == ("assignment", "seat"):
            # A seat that is alone is called in another way by each item.
            known = {seat.name: str(seat.label) for told in ITEM_SEATS.values() for seat in told} | {HOLDER: _("Who")}
        elif (table, key) == ("waiver", "part"):
            known = self._parts
        elif (table, key) == ("calamity_entry", "target"):
            known = self._about
        elif (table, key) == ("interval_setting", "name"):
            known = {interval.value: str(label) for interval, label in INTERVAL_LABELS.items()}
        elif key in PHONES:
            return lambda value: phone_text(str(value)) if value else None
        elif (table, key) == ("instruction_version", "parts"):
            return lambda value: told_value([self._titles.get(one, one) for one in value or ()])
        else:
            return told_value
        return lambda value: told_value(known.get(value, value))

    def answer(self, item_id: str) -> str | None:
        """Return the answer to an item in words, None where it is asked no more."""
        given = self._material.answers.get(item_id)
        people_known, parties_known = self._named
        lines = [one for one in shown_fields(item_id, given, people_known, parties_known) if one.text]
        return "\n".join(f"{one.label}: {one.text}" for one in lines) or self._own.get(item_id)

    @cached_property
    def _named(self) -> tuple[Mapping[UUID, Person], Mapping[UUID, Party]]:
        return people(), parties()

    @cached_property
    def _own(self) -> Mapping[str, str]:
        return own_told(self._material.own, self._material.answers)

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        return {one.id: one.title for one in self._material.items}

    @cached_property
    def _parts(self) -> Mapping[str, str]:
        return {part: str(label) for one in self._material.items for part, label in part_labels(one)}

    @cached_property
    def _about(self) -> Mapping[str, str]:
        """Return what an entry of a log may be about, by its key: a person, a party, a system or another entry."""
        found = {one.hex: person.name for one, person in self._named[0].items()}
        found |= {one.hex: party.name for one, party in self._named[1].items()}
        found |= {one.hex: name for one, name in db.session().execute(sa.select(System.id, System.name))}
        entries = db.session().execute(sa.select(CalamityEntry.id, CalamityEntry.kind, CalamityEntry.text))
        return found | {one.hex: ": ".join(filter(None, (word(kind), text))) for one, kind, text in entries}
