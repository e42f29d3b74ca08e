"""What a browser may send about one cell, or about one column of several rows."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from plans.registers.columns import REGISTERS
from plans.registers.forms import RowForm, field_of
from plans.registers.shape import Column, Kind, Register

# A mark tells one row from another: what several rows share is none.
MARKS = frozenset({Kind.SERIAL, Kind.IMEI, Kind.MAC_ADDRESS})


def editable(register: Register) -> tuple[Column, ...]:
    """Return the columns that can stand in the table and be changed there, in the register's order."""
    return tuple(column for column in register.columns if column.name != "perpetual")


def shared(register: Register) -> tuple[Column, ...]:
    """Return the columns that several rows may be given the same value of."""
    return tuple(column for column in editable(register) if column.name != "name" and column.kind not in MARKS)


def cell_form(register: Register, column: Column) -> type[RowForm]:
    """Return the form of one column of a register. Raises KeyError for a column that is not changed in the table."""
    found: type[RowForm] = FORMS[register.slug, column.name]
    return found


def _form(register: Register, column: Column) -> type[RowForm]:
    # Filled in by heading: there is no room for more, and the page of the row tells it.
    field = field_of(replace(column, hint="", needed=False))
    return type("CellForm", (RowForm,), {"register": replace(register, columns=(column,)), column.name: field})


FORMS: Mapping[tuple[str, str], Any] = MappingProxyType(
    {(found.slug, column.name): _form(found, column) for found in REGISTERS for column in editable(found)}
)
