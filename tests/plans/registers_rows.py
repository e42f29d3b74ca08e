"""Rows to test the registers with."""

from datetime import date
from uuid import UUID

from plans.registers import services
from plans.registers.columns import register
from plans.registers.shape import Kind, Register, Value

JANUARY_31 = date(2027, 1, 31)
SAMPLES: dict[Kind, Value] = {
    Kind.TEXT: "HP ProDesk 400 G6, i5, 8 GB",
    Kind.LONG_TEXT: "Stands below the counter.\nTwo screens.",
    Kind.PHONE: "+31612345678",
    Kind.EMAIL: "henk@bakery.example",
    Kind.DAY: JANUARY_31,
    Kind.TERM: JANUARY_31,
    Kind.NUMBER: 9,
    Kind.YES_NO: False,
    Kind.IP_ADDRESS: "192.168.10.5",
    Kind.IMEI: "356938035643809",
    Kind.SERIAL: "CZC0123ABC",
}


def full(found: Register, name: str) -> dict[str, Value]:
    """Values for every column that refers to no other row."""
    values = {column.name: SAMPLES[column.kind] for column in found.columns if column.kind in SAMPLES}
    choices = {column.name: column.choices[0].value for column in found.columns if column.choices}
    return {**values, **choices, "name": name}


def add(slug: str, name: str, **values: Value) -> UUID:
    """Add a row with little in it; needs an open scope."""
    found = register(slug)
    choices = {column.name: column.choices[0].value for column in found.columns if column.choices and column.required}
    return services.add_row(found, {**choices, "name": name, **values}).id
