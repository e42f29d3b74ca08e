"""Rows of the plan in words: under which heading, what it is called, and what each of its columns says. Pure."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.columns import Money
from core.i18n import day_text, euro_text
from plans.fields import CLOUD_IN, ITEM_FIELDS, MADE_EVERY, YES_NO, Field, FieldKind
from plans.handbook import SECTION_TITLES, Section, by_id
from plans.intervals import INTERVAL_LABELS, Interval
from plans.keeping import HOLDS_LABELS, KEEPING_LABELS
from plans.models import (
    Answer,
    Asset,
    Assignment,
    CloudIn,
    CopyOf,
    IntervalSetting,
    Keeping,
    MadeEvery,
    OwnKind,
    Waiver,
)
from plans.own_items.ids import row_of
from plans.own_items.kinds import KIND_LABELS
from plans.registers.columns import BY_SLUG, REGISTERS
from plans.registers.display import shown
from plans.registers.shape import Register
from plans.registers.undo.steps import restored
from plans.seats import ITEM_SEATS
from plans.versions.content import Content
from plans.versions.rooms import BY_NAME, Part, Plain, Table

NAME_LENGTH = 80
PART_TITLES: Mapping[Part, Any] = MappingProxyType(
    {Part.PEOPLE: _l("People and parties"), **{Part(one.value): SECTION_TITLES[one] for one in Section}}
)
# Headings of tables that are no register.
HEADINGS: Mapping[str, Any] = MappingProxyType(
    {
        "activation_sign": _l("Signs of a calamity"),
        "audience": _l("Who is informed"),
        "backup_copy": _l("Copies of the back-up"),
        "backup_copy_system": _l("Systems whose data a copy holds"),
        "department_data_set": _l("Data that departments need"),
        "department_system": _l("Systems that departments use"),
        "interval_setting": _l("Intervals"),
        "own_item": _l("Items of your own"),
        "recovery_step": _l("Recovery steps"),
        "recovery_step_need": _l("Order of recovery steps"),
        "system_need": _l("What systems need"),
    }
)
LABELS: Mapping[str, Any] = MappingProxyType(
    {
        "cloud_in": _l("Is what you keep in the cloud in it too?"),
        "contact_id": _l("Who"),
        "deletable": _l("Can it be deleted from your network?"),
        "days": _l("Days"),
        "deputy_id": _l("Deputy"),
        "encryption": _l("How it is encrypted"),
        "ends": _l("Tells that it is over"),
        "head_id": _l("Head of department"),
        "holds": _l("What it holds"),
        "explanation": _l("Explanation"),
        "help": _l("Why we ask"),
        "how": _l("How"),
        "report_within_hours": _l("To be told within (hours)"),
        "interval_days": _l("Days until it is asked again"),
        "keeper_id": _l("Who keeps it"),
        "keeping": _l("How it is kept"),
        "kept_days": _l("Days you can go back"),
        "key_apart": _l("The key lies apart"),
        "key_place": _l("Where the key is kept"),
        "kind": _l("How is it answered?"),
        "location": _l("Where it is"),
        "made_every": _l("How often it is made"),
        "may_delete": _l("Who may delete it"),
        "minutes": _l("Minutes"),
        "name": _l("Name"),
        "needs_no_data": _l("Needs no data"),
        "night_contact_id": _l("Who can reach it at night"),
        "night_how": _l("How it is reached at night"),
        "off_site": _l("Outside the building"),
        "offline": _l("Never connected"),
        "party_id": _l("External party"),
        "position": _l("Place in the order"),
        "reason": _l("Reason"),
        "scheme_service": _l("Service in the continuity scheme"),
        "section": _l("Section"),
        "settings_in": _l("Are the settings of your systems in it too?"),
        "system_id": _l("System"),
        "task": _l("Task"),
        "text": _l("Text"),
        "title": _l("Title"),
        "until": _l("Until"),
        "uses_no_systems": _l("Uses no systems"),
    }
)
# What one of a closed set is called, by the set: of columns that stand in no register.
CHOSEN: Mapping[type[StrEnum], Mapping[Any, Any]] = MappingProxyType(
    {
        CloudIn: {choice.value: choice.label for choice in CLOUD_IN.choices},
        CopyOf: HOLDS_LABELS,
        Keeping: KEEPING_LABELS,
        MadeEvery: {choice.value: choice.label for choice in MADE_EVERY.choices},
        OwnKind: KIND_LABELS,
        Section: SECTION_TITLES,
    }
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_REGISTERS: Mapping[tuple[Any, Any], Register] = {(one.model, one.asset_kind): one for one in REGISTERS}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column says. raw: by which it is compared, as a secret shows only its beginning."""

    label: str
    text: str
    raw: Any


@dataclass(frozen=True, slots=True)
class Told:
    """A row in words. cells: by column, only those that say something."""

    heading: str
    name: str
    cells: Mapping[str, Cell]


Names = Mapping[str, str]


def names_of(*contents: Content) -> Names:
    """Return what rows are called by id; the first content that knows a row tells."""
    found: dict[str, str] = {}
    for content in contents:
        for table, rows in content.items():
            for key, row in rows.items():
                called = row.get("name") or row.get("title") or row.get("text")
                if called and BY_NAME[table].key == ("id",):
                    found.setdefault(key, _short(str(called)))
    return found


def tell(table: Table, key: str, row: Plain, names: Names) -> Told:
    """Return a row in words, in the language texts are now written in."""
    if table.model is Answer:
        return _answer(key, row, names)
    if table.model is Assignment:
        item_id, _slash, seat = key.partition("/")
        return Told(_item(item_id, names), _seat(item_id, seat), _cells(table, row, names))
    if table.model is Waiver:
        item_id, _slash, part = key.partition("/")
        left_out = _("Left out: %(part)s", part=_party_kind(part)) if part else _("Left out")
        return Told(_item(item_id, names), left_out, _cells(table, row, names))
    if table.model is IntervalSetting:
        known = key in tuple(Interval)
        return Told(_heading(table), str(INTERVAL_LABELS[Interval(key)]) if known else key, _cells(table, row, names))
    if table.is_link:
        ends = [names.get(end, "?") for end in key.split("/") if end]
        return Told(_heading(table), " → ".join(ends), {})
    register = register_of(table, row)
    if register is not None:
        return Told(str(register.title), str(row.get("name", "")), _registered(table, register, row, names))
    return Told(_heading(table), names.get(key, ""), _cells(table, row, names))


def _answer(item_id: str, row: Plain, names: Names) -> Told:
    fields = {field.name: field for field in ITEM_FIELDS.get(item_id, ())}
    cells = {}
    for name, value in row.get("values", {}).items():
        field = fields.get(name)
        label = str(field.label) if field else str(LABELS.get(name, _("Answer")))
        cells[name] = Cell(label, _field_text(field, value), value)
    for kind, column in ((FieldKind.CONTACT, "contact_id"), (FieldKind.PARTY, "party_id")):
        if column in row:
            label = next((str(one.label) for one in fields.values() if one.kind is kind), str(LABELS[column]))
            cells[column] = Cell(label, names.get(row[column], _("no longer there")), row[column])
    return Told(_item(item_id, names), "", cells)


def _field_text(field: Field | None, value: Any) -> str:
    match field.kind if field else FieldKind.TEXT:
        case FieldKind.CHOICE:
            choices = field.choices if field else ()
            return next((str(choice.label) for choice in choices if choice.value == value), str(value))
        case FieldKind.DAY:
            return str(day_text(date.fromisoformat(value)))
        case FieldKind.AMOUNT:
            return str(euro_text(Decimal(str(value))))
        case _ if field is None:
            return _own_text(value)
        case _:
            return str(value)


def _own_text(value: Any) -> str:
    """Write the answer to an item of one's own: what kind it is of stands with the question, not with the answer."""
    if _DAY.fullmatch(str(value)):
        with suppress(ValueError):  # words that look like a day
            return str(day_text(date.fromisoformat(value)))
    return next((str(choice.label) for choice in YES_NO if choice.value == value), str(value))


def _registered(table: Table, register: Register, row: Plain, names: Names) -> dict[str, Cell]:
    cells = {}
    for column in register.columns:
        if column.name in row:
            value = restored(register, column.name, row[column.name])
            text = names.get(row[column.name], "") if isinstance(value, UUID) else shown(column, value, {})
            cells[column.name] = Cell(str(column.label), text, row[column.name])
    # Columns that are filled in on other pages, such as a department that uses no systems.
    others = {name: value for name, value in row.items() if name not in cells and name != "kind"}
    return cells | _cells(table, others, names)


def _cells(table: Table, row: Plain, names: Names) -> dict[str, Cell]:
    return {
        name: Cell(_label(name), _text(table, name, row[name], names), row[name])
        for name in table.columns
        if name in row
    }


def _label(name: str) -> str:
    return str(LABELS.get(name, _("Detail")))


def _text(table: Table, name: str, value: Any, names: Names) -> str:
    if name in table.refers:
        return names.get(value, str(_("no longer there")))
    kind = table.model.__table__.c[name].type
    if isinstance(kind, sa.Enum):
        words: Mapping[Any, Any] = CHOSEN.get(kind.enum_class, {})  # type: ignore[arg-type]  # of any Enum
        return str(words.get(value, value))
    if isinstance(kind, sa.Boolean):
        return str(_("Yes") if value else _("No"))
    if isinstance(kind, sa.Date):
        return str(day_text(date.fromisoformat(value)))
    if isinstance(kind, Money):
        return str(euro_text(Decimal(value)))
    return str(value)


def register_of(table: Table, row: Plain) -> Register | None:
    """Return the register in which a row stands, None for rows of other pages."""
    kind = row["kind"] if table.model is Asset else None
    return _REGISTERS.get((table.model, kind))


def _item(item_id: str, names: Names) -> str:
    """Return the title of an item, of the handbook or of the organisation's own."""
    found = by_id().get(item_id)
    if found is not None:
        return found.title
    own = row_of(item_id.partition(".")[2])
    return names.get(str(own), str(_("An item of your own")))


def _seat(item_id: str, seat: str) -> str:
    return next((str(one.label) for one in ITEM_SEATS.get(item_id, ()) if one.name == seat), seat)


def _party_kind(part: str) -> str:
    return shown(BY_SLUG["parties"].column("kind"), part, {}) or part


def _heading(table: Table) -> str:
    return str(HEADINGS.get(table.name, _("Other")))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= NAME_LENGTH else f"{line[: NAME_LENGTH - 1]}…"
