"""What a row of a register was before a change and after it, in a form that JSON keeps. Pure."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.inserting import Same, Values, each_once
from plans.registers.shape import Kind, Register, Row

ARCHIVED = "archived_at"
# Steps are kept for a month; the first level costs a fifth of the sixth.
LEVEL = 1
KEPT_AS_IT_IS = {str, int, bool, type(None)}
# What JSON keeps of a row, by column name.
Photo = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One row that changed. name: what it is called afterwards; before: the columns that changed as they were, None
    for a row that was added.
    """

    register: str
    row_id: UUID
    name: str
    before: Photo | None
    after: Photo


@dataclass(frozen=True, slots=True)
class Added:
    """New rows of one register that were added in one go.

    ids: each as 32 hexadecimal digits; columns: what they hold in each column of it.
    """

    register: Register
    ids: Sequence[str]
    columns: Mapping[str, Values]

    @property
    def name(self) -> str:
        """Return what the first of them is called."""
        named = self.columns["name"]
        return str(named.value if isinstance(named, Same) else named[0])


def photo(register: Register, row: Row) -> Photo:
    """Return everything a row holds, and whether it has been put away."""
    names = (*(column.name for column in register.columns), ARCHIVED)
    return {name: _told(getattr(row, name)) for name in names}


def step(register: Register, row: Row, before: Photo | None) -> Step | None:
    """Return how `row` differs from the photo made of it before, None when it does not.

    Whether it was put away is always kept: what is put away later is no longer the row that was changed.
    """
    now = photo(register, row)
    if before is None:
        return Step(register.slug, row.id, row.name, None, now)
    names = [name for name in now if now[name] != before[name]]
    if not names:
        return None
    kept = [name for name in now if name in names or name == ARCHIVED]
    was, became = {name: before[name] for name in kept}, {name: now[name] for name in kept}
    return Step(register.slug, row.id, row.name, was, became)


def restored(register: Register, name: str, told: Any) -> Any:
    """Return what a model keeps in the column `name` for what a photo says."""
    if told is None:
        return None
    if name == ARCHIVED:
        return datetime.fromisoformat(told)
    column = register.column(name)
    if column.kind in (Kind.DAY, Kind.TERM):
        return date.fromisoformat(told)
    if column.kind is Kind.AMOUNT:
        return Decimal(told)
    if column.kind in (Kind.CONTACT, Kind.PARTY):
        return UUID(told)
    if column.kind is Kind.CHOICE:
        return next((choice.value for choice in column.choices if choice.value == told), None)
    return told


def packed(steps: Iterable[Step], added: Iterable[Added] = ()) -> bytes:
    """Return steps for keeping. added: rows that are all new, kept by column: there may be thousands."""
    told: Any = [[one.register, one.row_id.hex, one.name, one.before, one.after] for one in steps]
    if blocks := [_block(one) for one in added]:
        told = {"rows": told, "added": blocks}
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), LEVEL)


def _block(added: Added) -> dict[str, Any]:
    same = {name: _told(one.value) for name, one in added.columns.items() if isinstance(one, Same)}
    each = {name: _each_told(one) for name, one in added.columns.items() if not isinstance(one, Same)}
    return {"register": added.register.slug, "ids": added.ids, "same": {**same, ARCHIVED: None}, "each": each}


def _each_told(values: Sequence[Any]) -> Sequence[Any]:
    return values if set(map(type, values)) <= KEPT_AS_IT_IS else list(each_once(_told, values))


def unpacked(kept: bytes) -> list[Step]:
    """Return steps that were kept."""
    content = json.loads(zlib.decompress(kept))
    rows, blocks = (content, []) if isinstance(content, list) else (content["rows"], content["added"])
    steps = [Step(slug, UUID(hex=row_id), name, before, after) for slug, row_id, name, before, after in rows]
    return steps + [one for block in blocks for one in _unblocked(block)]


def _unblocked(block: Mapping[str, Any]) -> Iterator[Step]:
    names, columns = list(block["each"]), list(block["each"].values())
    for place, row_id in enumerate(block["ids"]):
        now = {**block["same"], **{name: column[place] for name, column in zip(names, columns, strict=True)}}
        yield Step(block["register"], UUID(hex=row_id), str(now["name"]), None, now)


def readable(kept: bytes) -> object:
    """Return steps that were kept, as JSON can hold them."""
    return [
        {"register": one.register, "id": str(one.row_id), "before": one.before, "after": one.after}
        for one in unpacked(kept)
    ]


def _told(value: object) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    return value
