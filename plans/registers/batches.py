"""The records of a register as columns, some at a time, and what stands in a sheet for them.

Lists of tens of thousands are made of these: an object for each record, and a question for each cell, cost several
times what the database takes to answer.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from core.columns import IdDigits
from plans.models import Asset
from plans.registers.cells import phone_text
from plans.registers.columns import BY_SLUG
from plans.registers.display import Names
from plans.registers.shape import Column, Forever, Kind, Register, Value
from tenants.prepared import Prepared

AT_ONCE = 500
Columns = Mapping[str, Sequence[Value]]
# What stands in the cells of a sheet for the values of a column.
Cells = Callable[[Sequence[Value]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records. keys: their ids, 32 digits each; columns: by name, as long as the keys.

    A last day is FOREVER where there is no end.
    """

    keys: Sequence[str]
    versions: Sequence[int]
    columns: Columns


def batches(register: Register, *, secrets: bool = True, by_name: bool = True) -> Generator[Batch]:
    """Yield the records in use, by name. Close it when you stop halfway.

    secrets: with what opens something, such as licence keys; otherwise it is not even read. by_name: else in any order,
    which spares the database sorting: of what it takes to hand over a large register that is nearly half.
    """
    wanted = _columns(register, secrets)
    names = [column.name for column in wanted]
    terms = [column.name for column in wanted if column.kind is Kind.TERM]
    with closing(_records(register.slug, secrets, by_name).columns(AT_ONCE)) as found:
        for keys, versions, *values in found:
            columns = dict(zip(names, values, strict=True))
            for name in terms:
                told = zip(columns[name], columns["perpetual"], strict=True)
                columns[name] = [Forever.FOREVER if perpetual else day for day, perpetual in told]
            yield Batch(keys, versions, columns)


def _columns(register: Register, secrets: bool) -> list[Column]:
    return [column for column in register.columns if secrets or not column.secret]


@cache
def _records(slug: str, secrets: bool, by_name: bool) -> Prepared:
    register = BY_SLUG[slug]
    model: Any = register.model
    values = (getattr(model, column.name) for column in _columns(register, secrets))
    query = sa.select(sa.type_coerce(model.id, IdDigits()), model.version, *values)
    query = query.where(model.archived_at.is_(None))
    if by_name:
        query = query.order_by(sa.func.lower(model.name), model.id)
    if register.asset_kind is not None:
        query = query.where(Asset.kind == register.asset_kind)
    return Prepared(query)


def whole(register: Register) -> Columns:
    """Return all records in use as columns by name, the records by name whatever their case; nothing without any."""
    parts: dict[str, list[Value]] = {column.name: [] for column in register.columns}
    keys: list[str] = []
    with closing(batches(register, by_name=False)) as found:
        for some in found:
            keys += some.keys
            for name, part in parts.items():
                part += some.columns[name]
    folded = [str(name).casefold() for name in parts["name"]]
    order = sorted(range(len(keys)), key=lambda place: (folded[place], keys[place]))
    return {name: list(map(part.__getitem__, order)) for name, part in parts.items()} if keys else {}


def cells_of(column: Column, names: Names) -> Cells:
    """Return what makes cells of a column's values, in the reader's language: words, and telephones as people dial.

    names: of the rows referred to. Empty cells may be empty texts; of a secret only the first four characters stand.
    """
    if column.secret:
        # The key itself opens something; who files a workbook needs to know only which one it is.
        return lambda values: [f"{str(value)[:4]}…" if value else None for value in values]
    match column.kind:
        case Kind.CHOICE:
            labels: dict[Value, str] = {choice.value: str(choice.label) for choice in column.choices}
            return lambda values: [None if value is None else labels.get(value, value) for value in values]
        case Kind.PHONE:
            dial = cache(phone_text)
            return lambda values: [dial(str(value)) if value else None for value in values]
        case Kind.CONTACT | Kind.PARTY:
            return lambda values: [names.get(value) for value in values]  # type: ignore[arg-type]  # ids, or None
        case Kind.TERM:
            perpetual = str(_("Perpetual"))
            return lambda values: [perpetual if value is Forever.FOREVER else value for value in values]
        case _:
            return lambda values: values
