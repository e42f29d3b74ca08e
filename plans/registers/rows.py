"""Rows of a register as values by column name: pure functions between a model's row and its cells."""

from collections.abc import Mapping, Sequence

from plans.registers.shape import Forever, Kind, Register, Row, Value

# By column name: the columns of a register are data, so their names are not known here.
Values = Mapping[str, Value]


def settled(register: Register, values: Values) -> dict[str, Value]:
    """Return `values` as the model keeps them: a last day, or the absence of one, is two columns there.

    A last day makes the row not perpetual; Forever.FOREVER makes it perpetual and takes the day away.
    An empty TERM leaves `perpetual` as it was given.
    """
    found = dict(values)
    for column in register.columns:
        if column.kind is not Kind.TERM or column.name not in found:
            continue
        if found[column.name] is Forever.FOREVER:
            found[column.name] = None
            found["perpetual"] = True
        elif found[column.name] is not None:
            found["perpetual"] = False
    return found


def settled_columns(register: Register, columns: Mapping[str, Sequence[Value]]) -> dict[str, Sequence[Value]]:
    """Return the values of many rows as settled() would those of each, by column; None is what a row does not say."""
    found = dict(columns)
    for column in register.columns:
        if column.kind is not Kind.TERM or column.name not in found:
            continue
        days = found[column.name]
        told = found.get("perpetual", [None] * len(days))
        found["perpetual"] = [
            was if day is None else day is Forever.FOREVER for day, was in zip(days, told, strict=True)
        ]
        found[column.name] = [None if day is Forever.FOREVER else day for day in days]
    return found


def values_of(register: Register, row: Row) -> dict[str, Value]:
    """Return what `row` holds in each column of its register."""
    return {column.name: getattr(row, column.name) for column in register.columns}


def differences(register: Register, held: Values, values: Values) -> tuple[str, ...]:
    """Return the names of the columns where settled `values` differ from what is `held`, in the register's order."""
    return tuple(
        column.name for column in register.columns if column.name in values and values[column.name] != held[column.name]
    )


def with_forever(register: Register, held: Values) -> dict[str, Value]:
    """Return `held` with FOREVER as the last day of what is perpetual."""
    terms = {column.name for column in register.columns if column.kind is Kind.TERM}
    return {name: Forever.FOREVER if name in terms and held["perpetual"] else value for name, value in held.items()}
