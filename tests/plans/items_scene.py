"""What the tests of the plan's items need: rows to choose from, addresses, and full answers by kind of field."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

from markupsafe import escape

from core import db
from plans.fields import ITEM_FIELDS, Field, FieldKind
from plans.handbook import Item
from plans.models import Asset, AssetKind, Contact, DataSet, Department, ExternalParty, PartyKind, System
from plans.seats import ITEM_SEATS
from tests.cast import Organisation, Person
from tests.visitor import Visitor

SignIn = Callable[[Person | None], Visitor]
ScopeOf = Callable[[Organisation], AbstractContextManager[None]]
Counting = Callable[[], AbstractContextManager[list[str]]]
JANUARY_31 = date(2027, 1, 31)


def page(organisation: Organisation, item: Item | str, further: str = "") -> str:
    """The address of an item's page, or of something below it."""
    item_id = item if isinstance(item, str) else item.id
    return f"/o/{organisation.slug}/plan/{item_id.replace('.', '/')}{further}"


def add_contact(name: str = "Henk Bakker", **more: object) -> UUID:
    """A contact; needs an open scope."""
    return _add(Contact(name=name, phone="+31612345678", **more))


def add_party(name: str = "Netwerk Noord", kind: PartyKind = PartyKind.IT_ADMINISTRATOR) -> UUID:
    """An external party; needs an open scope."""
    return _add(ExternalParty(name=name, kind=kind, phone="+31881234567"))


def add_system(name: str = "Till", priority: int | None = None) -> UUID:
    """A system; needs an open scope."""
    return _add(System(name=name, recovery_priority=priority))


def add_data_set(name: str = "Customer accounts", *, attractive: bool = False) -> UUID:
    """A data set; needs an open scope."""
    return _add(DataSet(name=name, attractive=attractive))


def fill_registers(people: int) -> None:
    """A little of everything, and so many people; needs an open scope."""
    for number in range(people):
        add_contact(f"Colleague number {number:03}")
    for kind in PartyKind:
        add_party(f"Company for {kind.value}", kind)
    for number in range(30):
        add_system(f"System number {number:02}", number + 1)
        add_data_set(f"Data set number {number:02}", attractive=True)
    _add(Department(name="Shop"))
    for asset_kind in AssetKind:
        _add(Asset(kind=asset_kind, name=f"One of the {asset_kind.value}"))


def _add(row: Contact | ExternalParty | System | DataSet | Department | Asset) -> UUID:
    db.session().add(row)
    db.session().flush()
    return row.id


def typed(field: Field, contact_id: UUID, party_id: UUID) -> str:
    """What a person types into a field to fill it."""
    return {
        FieldKind.TEXT: f"Our {field.name} & more",
        FieldKind.LONG_TEXT: f"First line of {field.name}\r\nsecond line",
        FieldKind.CHOICE: field.choices[0].value if field.choices else "",
        FieldKind.DAY: "2026-03-05",
        FieldKind.AMOUNT: "€ 1.250,50",
        FieldKind.NUMBER: "4",
        FieldKind.CONTACT: str(contact_id),
        FieldKind.PARTY: str(party_id),
    }[field.kind]


def told(field: Field) -> str:
    """What a reader's page says of that field afterwards, as HTML."""
    return {
        FieldKind.TEXT: str(escape(f"Our {field.name} & more")),
        FieldKind.LONG_TEXT: f"First line of {field.name}<br>second line",
        FieldKind.CHOICE: str(escape(str(field.choices[0].label))) if field.choices else "",
        FieldKind.DAY: "5 March 2026",
        FieldKind.AMOUNT: "€1,250.50",
        FieldKind.NUMBER: "4",
        FieldKind.CONTACT: "Henk Bakker",
        FieldKind.PARTY: "Netwerk Noord",
    }[field.kind]


# What no field of the kind can take, and a text fit to show that says so.
UNREADABLE = {
    FieldKind.TEXT: ("x" * 201, "This has 201 characters; at most 200 fit."),
    FieldKind.LONG_TEXT: ("y" * 4001, "This has 4001 characters; at most 4000 fit."),
    FieldKind.CHOICE: ("perhaps", "Choose one from the list."),
    FieldKind.DAY: ("31-02-2027", "There is no such day in the calendar."),
    FieldKind.AMOUNT: ("-5", "An amount cannot lie below zero."),
    FieldKind.NUMBER: ("1234567", "This must be a whole number from 0 to 999999."),
    FieldKind.CONTACT: ("01a1c9a0-0000-7000-8000-000000000000", "Choose one from the list."),
    FieldKind.PARTY: ("01a1c9a0-0000-7000-8000-000000000000", "Choose one from the list."),
}


def full_answer(item: Item, contact_id: UUID, party_id: UUID) -> dict[str, str]:
    """A form of an item with fields, filled in to the last box."""
    return {field.name: typed(field, contact_id, party_id) for field in ITEM_FIELDS[item.id]}


def full_seats(item: Item, contact_id: UUID, deputy_id: UUID) -> dict[str, str]:
    """A form of an item with seats, with somebody and a deputy in each."""
    seats = ITEM_SEATS[item.id]
    return {f"{seat.name}-contact": str(contact_id) for seat in seats} | {
        f"{seat.name}-deputy": str(deputy_id) for seat in seats
    }
