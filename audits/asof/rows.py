"""An organisation's rows, a table at a time: read, packed to be kept, and put back as they were.

Packed is JSON {"columns": [...], "rows": [[...], ...]}, rows by id, compressed. A column that has been added since is
empty in the rows of an earlier day, one that has gone is left out.
"""

import base64
import hmac
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.columns import Money, UtcDateTime
from core.db import Base
from core.vault import SealedBytes, mac_key
from tenants.lock import JUDGED_AREAS
from tenants.models import Tenant
from tenants.owned import TenantOwned
from tenants.prepared import Prepared

# Tables of which no workbook shows a row, and why they need not be kept.
NOT_KEPT: Mapping[str, str] = {
    "import_batch": "tells how an import went, and stays as it is",
    "import_sheet": "an uploaded sheet on its way in",
    "plan_content": "the contents of published plans, which never change and stand there under their digest",
    "register_change": "steps that can be undone for a while",
}
# Columns that are left out: what stands in them is to be gone when the row says so.
NOT_TOLD: Mapping[tuple[str, str], str] = {
    ("deed_invitation", "code_hash"): "answers for a client, for some minutes",
    ("handover_opening", "half_secret"): "sealed to an officer of the foundation, and gone when the opening ends",
}
ORGANISATION = Tenant.__tablename__
Row = dict[str, Any]
_AS_THEY_ARE = frozenset({str, int, bool, float, type(None), dict, list})


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table of one organisation. digest: the same for the same rows, whenever they are read."""

    table: str
    digest: str
    told: bytes

    @property
    def content(self) -> bytes:
        """Return the rows as they are kept: hardly any part that is read differs from the one that is there."""
        return zlib.compress(self.told)


@cache
def kept_classes() -> Mapping[str, type[TenantOwned]]:
    """Return the classes whose rows are kept, by table, in the order in which they can be put back."""
    of_table = {
        mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, TenantOwned) and mapper.class_.__area__ in JUDGED_AREAS
    }
    return {name: of_table[name] for name in sorted(of_table) if name not in NOT_KEPT}


def read(table: str, tenant_ids: Iterable[int]) -> dict[int, Part | None]:
    """Return the rows of `table` of each of the open scope's organisations `tenant_ids`, in one query; None: none."""
    names, query = _select(table)
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    ids = list(tenant_ids)
    whose, *columns = query.all_columns(ids)
    for one, row in zip(whose, zip(*map(_all_plain, columns), strict=True), strict=True):
        found[one].append(row)
    return {one: pack(one, table, names, found[one]) if one in found else None for one in ids}


def read_organisations(tenant_ids: Iterable[int]) -> dict[int, Part]:
    """Return the row of each organisation itself, in one query: no mark tells when a name or a number changes."""
    names = tuple(one.key for one in sa.inspect(Tenant).column_attrs)
    query: sa.Select[Any] = sa.select(*(getattr(Tenant, name) for name in names)).where(Tenant.id.in_(list(tenant_ids)))
    return {
        row[0]: pack(row[0], ORGANISATION, names, [[_plain(value) for value in row]])
        for row in db.session().execute(query)
    }


@cache
def _select(table: str) -> tuple[tuple[str, ...], Prepared]:
    mapper = sa.inspect(kept_classes()[table])
    every = (one.key for one in mapper.column_attrs if one.key != "tenant_id")
    names = tuple(one for one in every if (table, one) not in NOT_TOLD)
    whose, key = mapper.class_.tenant_id, mapper.class_.id
    query: sa.Select[Any] = sa.select(whose, *(getattr(mapper.class_, name) for name in names)).order_by(whose, key)
    return names, Prepared(query)


def pack(tenant_id: int, table: str, names: Iterable[str], rows: Sequence[Sequence[Any]]) -> Part:
    """Return rows as they are kept. rows: as JSON holds them, values in the order of `names`."""
    told = json.dumps({"columns": list(names), "rows": rows}, ensure_ascii=False, separators=(",", ":")).encode()
    digest = hmac.digest(mac_key("kept_rows"), f"{tenant_id}:{table}:".encode() + told, "sha256")
    return Part(table, base64.urlsafe_b64encode(digest[:24]).decode(), told)


def unpack(table: str, content: bytes) -> list[Row]:
    """Return the rows of a part as values by column. Raises ValueError when the content is no such part."""
    told = json.loads(zlib.decompress(content))
    columns = sa.inspect(Tenant if table == ORGANISATION else kept_classes()[table]).columns
    readers = [(name, _reader(columns[name].type)) for name in told["columns"] if name in columns]
    known = [at for at, name in enumerate(told["columns"]) if name in columns]
    later = {column.key: _empty(column) for column in columns if column.key not in {*told["columns"], "tenant_id"}}
    return [
        later
        | {name: None if row[at] is None else turn(row[at]) for at, (name, turn) in zip(known, readers, strict=True)}
        for row in told["rows"]
    ]


def _all_plain(column: Sequence[Any]) -> Sequence[Any]:
    """Return a column of values as JSON holds them; most columns are as they are."""
    return column if _AS_THEY_ARE.issuperset(map(type, column)) else [_plain(value) for value in column]


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    match value:
        case Enum():
            return value.value
        case UUID():
            return value.hex
        case date():  # an instant is one too
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case _:
            return value


def _reader(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any]:
    """Return what turns the JSON of a column of this kind into its value again."""
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat
    if isinstance(kind, Money):
        return Decimal
    if isinstance(kind, (SealedBytes, sa.LargeBinary)):
        return base64.b64decode
    if isinstance(kind, sa.Enum):
        return kind.enum_class or str
    if isinstance(kind, sa.Uuid):
        return UUID
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _empty(column: sa.Column[Any]) -> Any:
    """Return what a column holds in rows that are older than it."""
    if column.nullable:
        return None
    if column.default is not None and column.default.is_scalar:
        return column.default.arg  # type: ignore[attr-defined]
    if isinstance(column.type, sa.Enum) and column.type.enum_class is not None:
        return next(iter(column.type.enum_class))
    return {str: "", int: 0, bool: False, dict: {}, list: [], bytes: b""}.get(_python_type(column.type), "")


def _python_type(kind: sa.types.TypeEngine[Any]) -> type:
    try:
        return kind.python_type
    except NotImplementedError:
        return str
