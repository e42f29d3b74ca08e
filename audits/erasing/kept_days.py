"""Take a person out of the days that were kept: what stood there stays told, who that was does not."""

import base64
import json
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from audits.asof.judged import digest_of
from audits.asof.models import Evaluation, KeptRows
from audits.asof.rows import ORGANISATION, Part, pack
from audits.erasing.person import Person
from core import db
from core.vault import Sealed
from plans.calamity import frozen
from plans.models import Calamity, Contact

CONTACT, CALAMITY = Contact.__tablename__, Calamity.__tablename__
OWN = frozenset({"id", "name", "email", "phone", "phone_2"})
Table = dict[str, Any]


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
    if table == CONTACT:
        # Two may share a number or a name: what others are called and reached by is theirs.
        return row | {name: person.without(row[name]) for name in row if name not in OWN}
    if table == CALAMITY:
        row = row | {"frozen": _frozen(row["frozen"], person)}
    return {name: person.without(value) for name, value in row.items()}


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
    return base64.b64encode(frozen.packed(frozen.forgotten(found, key, person.mark, person.without))).decode()


def _said(content: bytes, person: Person) -> bytes:
    """Return what was judged on a day, without the person."""
    told = json.loads(zlib.decompress(content))
    left = person.without(told)
    for kind in ("gaps", "holds"):
        for one in left[kind]:
            if one[1] == CONTACT and one[2] == person.id.hex:
                one[3] = person.mark  # what it is about
    if left == told:
        return content
    return zlib.compress(json.dumps(left, ensure_ascii=False, separators=(",", ":")).encode())
