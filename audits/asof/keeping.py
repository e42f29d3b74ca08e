"""Keep how an organisation stood each time it is judged: only what changed, and of each day only the last.

The rows are read with the facts, in one transaction, and written with the ledger: what a day tells is what was judged.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from audits.asof import judged
from audits.asof.judged import Key
from audits.asof.models import Evaluation, KeptRows
from audits.asof.rows import Part, kept_classes, read, read_organisations
from audits.judging.engine import Judgements
from audits.judging.severity import Severity
from audits.writing import add_rows, change_rows
from core import db
from core.ids import new_id
from core.vault import Owned
from core.version import VERSION
from tenants.lock import EVERY_TABLE, Bypass, bypass
from tenants.prepared import Prepared

log = structlog.get_logger("asof")
PAST_LOCK = bypass(Bypass.LEDGER)
Row = dict[str, Any]
KnownSince = Callable[[Sequence[int]], Mapping[int, Mapping[Key, date]]]


@dataclass(frozen=True, slots=True)
class Last:
    """The newest kept evaluation of an organisation."""

    id: UUID
    day: date
    rule_set: str
    parts: Mapping[str, str]
    judged_digest: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What must be kept of an organisation besides its judgements: tables that changed, None where one is empty now."""

    last: Last | None
    changed: Mapping[str, Part | None]

    @property
    def parts(self) -> dict[str, str]:
        """Return the digest of every table that holds rows now."""
        before = dict(self.last.parts) if self.last else {}
        before.update({name: part.digest for name, part in self.changed.items() if part})
        return {name: before[name] for name in sorted(before) if self.changed.get(name, name)}

    def differs(self, rule_set: str) -> bool:
        """Tell whether something must be kept even when the same was found as before."""
        return self.last is None or (self.last.parts, self.last.rule_set) != (self.parts, rule_set)


@dataclass(frozen=True, slots=True)
class Judged:
    """An organisation as it was judged a moment ago.

    since, before: as audits/asof/judged.py takes them; since None where the very same was found as when it was kept
    last.
    """

    tenant_id: int
    today: date
    judgements: Judgements
    since: Mapping[Key, date] | None
    before: Judgements | None = None


def look(changed: Mapping[int, str]) -> dict[int, Standing]:
    """Read what changed of the open scope's organisations since they were judged last.

    changed: the tables by organisation, as in its mark, "" where nothing did. Queries: two, and one for each table
    that changed anywhere among them; all tables for an organisation of which nothing was kept yet.
    """
    last = _newest(changed)
    wanted: dict[str, list[int]] = {}
    for tenant_id, tables in changed.items():
        names = set(tables.split())
        every = tenant_id not in last or EVERY_TABLE in names
        for name in kept_classes() if every else names & kept_classes().keys():
            wanted.setdefault(name, []).append(tenant_id)
    parts: dict[int, dict[str, Part | None]] = {
        tenant_id: {part.table: part} for tenant_id, part in read_organisations(changed).items()
    }
    for name, tenant_ids in sorted(wanted.items()):
        for tenant_id, part in read(name, tenant_ids).items():
            parts[tenant_id][name] = part
    return {tenant_id: Standing(last.get(tenant_id), parts[tenant_id]) for tenant_id in changed}


@cache
def _newest_query() -> Prepared:
    other = orm.aliased(Evaluation)
    newest = sa.select(sa.func.max(other.day)).where(other.tenant_id == Evaluation.tenant_id).scalar_subquery()
    told = (Evaluation.id, Evaluation.day, Evaluation.rule_set, Evaluation.parts, Evaluation.judged_digest)
    return Prepared(sa.select(Evaluation.tenant_id, *told).where(Evaluation.day == newest))


def _newest(tenant_ids: Iterable[int]) -> dict[int, Last]:
    return {row[0]: Last(*row[1:]) for row in _newest_query().rows(tenant_ids)}


def keep(
    found: Sequence[Judged], standing: Mapping[int, Standing], rule_set: str, known_since: KnownSince, *, at: datetime
) -> None:
    """Keep how the open scope's organisations `found` stood today, where it differs from what was kept before.

    known_since: from when the gaps in the ledger are known, asked of organisations of which the very same was found as
    before while what was kept of that is not there any more. Call it where one judgement of an organisation at a time
    is written; at: aware UTC. A handful of statements, however many organisations.
    """
    new: list[Row] = []
    again: list[Row] = []
    parts: list[tuple[Judged, Part]] = []
    gone: list[Row] = []
    found_of = _found(found, standing, rule_set, known_since)
    for one in found:
        if one.tenant_id not in found_of:
            continue
        digest, content = found_of[one.tenant_id]
        stood = standing[one.tenant_id]
        last, told = stood.last, stood.parts
        if last and (last.parts, last.judged_digest, last.rule_set) == (told, digest, rule_set):
            continue
        # A clock that was set back does not rewrite a day that is over.
        day = max(one.today, last.day) if last else one.today
        row = _row(one, day, rule_set, at) | {
            "parts": told, "judged": Owned(one.tenant_id, content), "judged_digest": digest,
        }  # fmt: skip
        before = last.parts if last else {}
        parts += [(one, part) for part in stood.changed.values() if part and before.get(part.table) != part.digest]
        if last and last.day == day:
            again.append(row | {"id": last.id})
            lost = [(name, old) for name, old in before.items() if told.get(name) != old]
            gone += [{"of": one.tenant_id, "name": name, "old": old, "on": day} for name, old in lost]
        else:
            new.append(row | {"id": new_id()})
    _write(new, again, _unknown(parts), gone)


def _found(
    found: Sequence[Judged], standing: Mapping[int, Standing], rule_set: str, known_since: KnownSince
) -> dict[int, tuple[str, bytes]]:
    """Return digest and content of what was found, by organisation; none where nothing differs from before."""
    same = [one for one in found if one.since is None]
    differs = [one for one in same if standing[one.tenant_id].differs(rule_set)]
    contents = _contents([last.id for one in differs if (last := standing[one.tenant_id].last)])
    lost = [one.tenant_id for one in differs if not contents.get(one.tenant_id)]
    # A day that tells nothing must not become one that says that nothing was found.
    anew = known_since(lost) if lost else {}
    told = {}
    for one in (*differs, *(one for one in found if one.since is not None)):
        last, content = standing[one.tenant_id].last, contents.get(one.tenant_id)
        if last and content:
            told[one.tenant_id] = last.judged_digest, content
        else:
            told[one.tenant_id] = judged.pack(one.judgements, one.since or anew.get(one.tenant_id, {}), one.before)
    return told


def _row(one: Judged, day: date, rule_set: str, at: datetime) -> Row:
    counted = Counter(gap.severity for _, gap in one.judgements.gaps)
    return {
        "tenant_id": one.tenant_id,
        "day": day,
        "kept_at": at,
        "rule_set": rule_set,
        "made_with": VERSION,
        "faults": counted[Severity.FAULT],
        "warnings": counted[Severity.WARNING],
        "notices": counted[Severity.NOTICE],
    }


@cache
def _contents_query() -> Prepared:
    query = sa.select(Evaluation.tenant_id, Evaluation.judged)
    return Prepared(query.where(Evaluation.id.in_(sa.bindparam("ids", expanding=True))))


def _contents(ids: Sequence[UUID]) -> dict[int, bytes]:
    """Return what was judged in these evaluations, by organisation."""
    return {row.tenant_id: row.judged for row in _contents_query().rows(ids=ids)} if ids else {}


def found_then(standing: Mapping[int, Standing]) -> dict[int, Judgements]:
    """Return what was found when these organisations of the open scope were kept last, as the rules found it.

    Who was kept in the way of an earlier release, or whose day was lost or cannot be read, is not among them.
    """
    told = _contents([one.last.id for one in standing.values() if one.last])
    found = {one: _as_judged(one, content) for one, content in told.items() if content}
    return {one: judgements for one, judgements in found.items() if judgements is not None}


def _as_judged(tenant_id: int, content: bytes) -> Judgements | None:
    """Return what was found. An odd day must not keep an organisation from being judged: all rules can do it anew."""
    try:
        return judged.as_judged(content)
    except ValueError as odd:
        log.warning("kept day cannot be read", tenant_id=tenant_id, exc_info=odd)
        return None


@cache
def _digests() -> Prepared:
    query = sa.select(KeptRows.tenant_id, KeptRows.of_table, KeptRows.digest)
    return Prepared(query.where(KeptRows.digest.in_(sa.bindparam("digests", expanding=True))))


def _unknown(parts: Sequence[tuple[Judged, Part]]) -> list[Row]:
    """Return the rows to add for parts that no earlier day needed: a table may be as it was before."""
    if not parts:
        return []
    digests = sorted({part.digest for _, part in parts})
    known = {tuple(row) for row in _digests().rows({one.tenant_id for one, _ in parts}, digests=digests)}
    return [
        {
            "tenant_id": one.tenant_id,
            "id": new_id(),
            "of_table": part.table,
            "digest": part.digest,
            "first_on": one.today,
            "content": Owned(one.tenant_id, part.content),
        }
        for one, part in parts
        if (one.tenant_id, part.table, part.digest) not in known
    ]


# What a day needed for a while only, no other day needs: it was first needed on this one. On the table, not the class:
# only so one statement takes many rows of parameters.
_GONE = sa.delete(KeptRows.__table__).where(  # type: ignore[arg-type]
    KeptRows.tenant_id == sa.bindparam("of"),
    KeptRows.of_table == sa.bindparam("name"),
    KeptRows.digest == sa.bindparam("old"),
    KeptRows.first_on == sa.bindparam("on"),
)


def _write(new: list[Row], again: list[Row], parts: list[Row], gone: list[Row]) -> None:
    if gone:
        db.session().execute(_GONE, gone, execution_options=PAST_LOCK)
    add_rows(KeptRows, parts)
    change_rows(Evaluation, again)
    add_rows(Evaluation, new)
