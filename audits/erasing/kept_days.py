"""Take a person out of the days that were kept: what stood there stays told, who that was does not."""

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.asof.judged import digest_of
from audits.asof.models import Evaluation, KeptRows
from audits.asof.rows import ORGANISATION, Part, pack
from audits.erasing.elsewhere import ending_of
from core import db
from core.vault import Sealed
from plans.calamity import frozen
from plans.models import Calamity, Contact

# A shorter name stands in other words too.
FEWEST_LETTERS = 3
CONTACT, CALAMITY = Contact.__tablename__, Calamity.__tablename__
Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to forget. mark: what stands in the place of the name."""

    id: UUID
    name: str
    email: str
    phones: tuple[str, ...]
    mark: str

    def is_reached_by(self, text: str) -> bool:
        """Tell whether a text is a number or the address of this person, however it is written."""
        if text.casefold() == self.email.casefold():
            return bool(text)
        return bool(text) and ending_of(text) in {ending_of(phone) for phone in self.phones} - {""}


def forget_in_kept_days(person: Person) -> int:
    """Put the mark in every kept day of the open scope's organisation; return how many tables of days that changed.

    Reports of those days differ from then on from those that were made before. Source: GDPR article 17.
    """
    session = db.session()
    moved: dict[tuple[str, str], str] = {}
    kept = {(row.of_table, row.digest): row for row in session.scalars(sa.select(KeptRows))}
    for (table, digest), row in sorted(kept.items()):
        part = _forgotten(table, row, person)
        if part is None or part.digest == digest:
            continue
        moved[table, digest] = part.digest
        there = kept.get((table, part.digest))
        if there is None:
            row.digest, row.content = part.digest, part.content
            kept[table, part.digest] = row
        else:
            there.first_on = min(there.first_on, row.first_on)
            session.delete(row)
        session.flush()
    for day in session.scalars(sa.select(Evaluation)):
        parts = {table: moved.get((table, digest), digest) for table, digest in day.parts.items()}
        if parts != day.parts:
            day.parts = parts
        told = _said(day.judged, person)
        if told != day.judged:
            day.judged, day.judged_digest = told, digest_of(told)
    session.flush()
    return len(moved)


def _forgotten(table: str, row: KeptRows, person: Person) -> Part | None:
    """Return the rows of a table without the person; None where nobody of an organisation can stand."""
    if table == ORGANISATION:
        return None
    told: Table = json.loads(zlib.decompress(row.content))
    names = told["columns"]
    rows = [_row(table, dict(zip(names, one, strict=True)), person) for one in told["rows"]]
    return pack(row.tenant_id, table, names, [[one[name] for name in names] for one in rows])


def _row(table: str, row: Table, person: Person) -> Mapping[str, Any]:
    if table == CONTACT and row["id"] == person.id.hex:
        return row | {name: "" for name in row if name in _texts()} | {"name": person.mark}
    if table == CALAMITY:
        row = row | {"frozen": _frozen(row["frozen"], person)}
    return {name: _without(value, person) for name, value in row.items()}


@cache
def _texts() -> frozenset[str]:
    """Return the columns of a contact that hold words about the person."""
    columns = sa.inspect(Contact).columns
    return frozenset(
        one.key for one in columns if isinstance(one.type, (sa.String, Sealed)) and not isinstance(one.type, sa.Enum)
    )


def _frozen(kept: str, person: Person) -> str:
    """Return the packed copy of a plan that a calamity ran by, without the person."""
    found, key = frozen.unpacked(base64.b64decode(kept)), person.id.hex
    if found.person(key) is None:
        return kept
    name = person.name if len(person.name) >= FEWEST_LETTERS else ""
    return base64.b64encode(frozen.packed(frozen.forgotten(found, key, name, person.mark))).decode()


def _said(content: bytes, person: Person) -> bytes:
    """Return what was judged on a day, without the person."""
    told = json.loads(zlib.decompress(content))
    left = _without(told, person)
    for kind in ("gaps", "holds"):
        for one in left[kind]:
            if one[1] == CONTACT and one[2] == person.id.hex:
                one[3] = person.mark  # what it is about
    if left == told:
        return content
    return zlib.compress(json.dumps(left, ensure_ascii=False, separators=(",", ":")).encode())


def _without(value: Any, person: Person) -> Any:
    return _each(value, lambda text: _text(text, person))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """Return JSON with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _each(one, change) for name, one in value.items()}
    return value


def _text(text: str, person: Person) -> str:
    if person.is_reached_by(text):
        return ""
    if text == person.name or (len(person.name) >= FEWEST_LETTERS and person.name in text):
        return text.replace(person.name, person.mark)
    return text
