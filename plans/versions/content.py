"""What a plan says, as canonical JSON: the same plan gives the same text and fingerprint, on every machine.

What says nothing is not written: a column or table that is added to the service later leaves the fingerprints of
plans that hold nothing in it as they were. Proof that the plan was kept true (confirmations, sightings, tests) is no
part of what it says, or a plan would no longer be what was approved as soon as somebody checked a telephone number.
"""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core.compiled import digest_of
from plans import models
from plans.intervals import DEFAULT_DAYS
from plans.versions.rooms import ABOUT_COPIES, LOOKED, TABLES, Plain, Table
from tenants.prepared import Prepared, in_use

FORMAT = 1
Rows = Mapping[str, Plain]
Content = Mapping[str, Rows]
_PLAIN = frozenset({str, int, bool, type(None), dict, list})
_DEFAULTS = {interval.value: days for interval, days in DEFAULT_DAYS.items()}


def load_contents(tenant_ids: Sequence[int]) -> dict[int, Content]:
    """Return what the plans of the open scope's organisations say. Queries: one for each table, however many they are.

    Rows that were put away are not in it, nor links to or from them.
    """
    found: dict[int, dict[str, dict[str, Plain]]] = {one: defaultdict(dict) for one in tenant_ids}
    for table in TABLES:
        for tenant_id, key, row in _rows(table, tenant_ids):
            if row or table.is_link:
                found[tenant_id][table.name][key] = row
    return {one: _whole(tables) for one, tables in found.items()}


def content_of(tenant_id: int) -> Content:
    """Return what the plan of the open scope's organisation says now."""
    return load_contents([tenant_id])[tenant_id]


def canonical(value: object) -> str:
    """Return plain values as JSON with sorted keys and no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def text_of(content: Content) -> str:
    """Return content as the text of which its fingerprint is made."""
    return canonical({"format": FORMAT, "tables": {name: dict(rows) for name, rows in content.items() if rows}})


def digest(content: Content) -> str:
    """Return the SHA-256 of content, in 64 hexadecimal digits."""
    return hashlib.sha256(text_of(content).encode()).hexdigest()


def packed(content: Content) -> bytes:
    """Return content for keeping."""
    return zlib.compress(text_of(content).encode(), 9)


def unpacked(kept: bytes) -> Content:
    """Return content that was kept. Raises ValueError for a format of which nothing is known."""
    told = json.loads(zlib.decompress(kept))
    if told["format"] != FORMAT:
        raise ValueError(f"content of format {told['format']}")
    tables: Content = told["tables"]
    return tables


def readable(kept: bytes) -> object:
    """Return content that was kept, as JSON can hold it."""
    return json.loads(zlib.decompress(kept))


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it; amounts in euro with two decimals."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value.value if isinstance(value, StrEnum) else value


@cache
def selects() -> Mapping[str, Prepared]:
    """Return what is read of each table, by its name. The first column tells whose the row is."""
    return {
        table.name: Prepared(
            sa.select(table.model.tenant_id, *(getattr(table.model, name) for name in _names(table))).where(
                *table.where, *in_use(table.model)
            )
        )
        for table in TABLES
    }


@cache
def way_of_telling() -> str:
    """Return 16 characters that change when another release tells more, less or otherwise of the same plan.

    Of what is read it takes the statements, of what is made of it the code: nobody has to remember to raise a number.
    """
    told = [
        (
            table.name,
            str(selects()[table.name].query),
            table.key,
            table.columns,
            sorted(table.silent),
            table.is_link,
            sorted(table.refers.items()),
        )
        for table in TABLES
    ]
    code = digest_of(load_contents, digest, Table.key_of, within="plans.versions.")
    way = repr((FORMAT, told, sorted(LOOKED), ABOUT_COPIES, sorted(_DEFAULTS.items()), code))
    return hashlib.sha256(way.encode()).hexdigest()[:16]


def _names(table: Table) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*table.key, *table.columns)))


def _rows(table: Table, tenant_ids: Sequence[int]) -> Iterable[tuple[int, str, Plain]]:
    """Yield organisation, key and content of each row."""
    names = _names(table)
    whose, *columns = selects()[table.name].all_columns(tenant_ids)
    for one, values in zip(whose, zip(*map(_all_plain, columns), strict=True), strict=True):
        told = dict(zip(names, values, strict=True))
        if told.get("item_id") == ABOUT_COPIES:
            continue
        key = table.key_of(told)
        if table.model is models.Answer:
            told["values"] = {
                name: value for name, value in told["values"].items() if name not in LOOKED and value not in (None, "")
            }
        if table.model is models.IntervalSetting and told["days"] == _DEFAULTS.get(key):
            continue
        yield one, key, _telling(table, told)


def _all_plain(column: Sequence[Any]) -> Sequence[Any]:
    """Return a column of values as JSON can hold them; most columns are as they are."""
    return column if _PLAIN.issuperset(map(type, column)) else [plain(value) for value in column]


def _telling(table: Table, told: Plain) -> Plain:
    """Return the columns of a row that say something and do not stand in its key."""
    return {
        name: value
        for name, value in told.items()
        if name not in table.key and value not in (None, "", [], {}) and not (value is False and name in table.silent)
    }


def _whole(tables: Mapping[str, dict[str, Plain]]) -> Content:
    """Return tables without the links that lead to or from what is not there, and without tables of nothing."""
    found: dict[str, dict[str, Plain]] = {}
    for table in TABLES:
        rows = tables.get(table.name, {})
        if table.is_link:
            rows = {key: row for key, row in rows.items() if _led(table, key, tables)}
        if rows:
            found[table.name] = rows
    return found


def _led(table: Table, key: str, tables: Mapping[str, Mapping[str, Plain]]) -> bool:
    ends = zip(table.key, key.split("/"), strict=True)
    return all(end in tables.get(table.refers[name], {}) for name, end in ends if end)
