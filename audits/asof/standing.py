"""An organisation as it stood on a day that is over: its kept rows in a database of their own, and what was judged."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa

from audits.asof import judged
from audits.asof.models import Evaluation, KeptRows
from audits.asof.rows import ORGANISATION, Row, kept_classes, unpack
from audits.findings.finding import FoundGap, from_gap, worst_first
from audits.judging.engine import Judgements
from audits.reach import sees
from core import db
from core.db import Base
from tenants.models import TenantKey, User
from tenants.scope import Scope, close_scope, current_scope, open_scope


@dataclass(frozen=True, slots=True)
class Kept:
    """How an organisation stood at the end of `day`, by the rules and the product of then."""

    day: date
    kept_at: datetime
    rule_set: str
    made_with: str
    judgements: Judgements

    @property
    def gaps(self) -> list[FoundGap]:
        """Return what was found and the open scope may see, worst first."""
        return worst_first(from_gap(code, gap) for code, gap in self.judgements.gaps)


def kept_on(day: date) -> Kept | None:
    """Return how the open scope's one organisation stood at the end of `day`; None when nothing was kept until then.

    A closed area is left out. Two queries at most.
    """
    row = _row_of(day)
    return _told(row) if row is not None else None


def first_kept() -> date | None:
    """Return the first day of the open scope's organisations that can be told; None when there is none yet."""
    return db.session().scalar(sa.select(sa.func.min(Evaluation.day)))


@contextmanager
def as_it_stood(day: date, only: AbstractSet[str] | None = None) -> Iterator[Kept | None]:
    """Let everything inside read the rows of the open scope's one organisation as they were at the end of `day`.

    Gives None, and the rows as they are now, when nothing was kept until then. Inside nothing can be written, and
    only the areas of the scope are there. only: names of the tables that are wanted, None for all.
    """
    row, scope = _row_of(day), current_scope()
    if row is None:
        yield None
        return
    kept, tables = _told(row), _tables(row, scope, only)
    other = sa.create_engine("sqlite://", creator=_empty_copy, poolclass=sa.StaticPool)
    try:
        with db.elsewhere(other):
            db.begin(writes=True)
            open_scope(Scope(scope.tenant_ids, scope.reads, frozenset(), scope.actor))
            for table, rows in tables.items():
                if rows:
                    db.session().connection().execute(sa.insert(Base.metadata.tables[table]), rows)
            yield kept
            close_scope()
    finally:
        other.dispose()


def _row_of(day: date) -> Evaluation | None:
    current_scope().only_tenant  # noqa: B018 -- refuses a scope of several
    query = sa.select(Evaluation).where(Evaluation.day <= day).order_by(Evaluation.day.desc()).limit(1)
    return db.session().scalar(query)


def _told(row: Evaluation) -> Kept:
    found = judged.unpack(row.judged)
    seen = Judgements(
        gaps=tuple(one for one in found.gaps if sees(one[0])),
        holds=tuple(one for one in found.holds if sees(one[0])),
        next_on=found.next_on,
    )
    return Kept(row.day, row.kept_at, row.rule_set, row.made_with, seen)


def _tables(row: Evaluation, scope: Scope, only: AbstractSet[str] | None) -> dict[str, list[Row]]:
    """Return the rows to put back: those kept, the keys that seal them and the names of people."""
    known = kept_classes()
    wanted = {
        name: digest
        for name, digest in row.parts.items()
        if name == ORGANISATION
        or (name in known and known[name].__area__ in scope.reads and (only is None or name in only))
    }
    query = sa.select(KeptRows.of_table, KeptRows.digest, KeptRows.content)
    query = query.where(KeptRows.digest.in_(sorted(set(wanted.values()))))
    found = {(table, digest): content for table, digest, content in db.session().execute(query)}
    told: dict[str, list[Row]] = {}
    for name, digest in sorted(wanted.items()):
        rows = unpack(name, found[name, digest])
        told[name] = rows if name == ORGANISATION else [one | {"tenant_id": scope.only_tenant} for one in rows]
    # The keys first: whatever is sealed on the way back looks for them.
    return {TenantKey.__tablename__: _keys(scope.only_tenant), User.__tablename__: _people(told), **told}


def _keys(tenant_id: int) -> list[Row]:
    """Return the organisation's keys as they are: what is put back is sealed with the newest."""
    columns = (TenantKey.tenant_id, TenantKey.version, TenantKey.wrapped, TenantKey.made_at)
    query = sa.select(*columns).where(TenantKey.tenant_id == tenant_id)
    return [dict(row) for row in db.session().execute(query).mappings()]


def _people(told: Mapping[str, Sequence[Row]]) -> list[Row]:
    """Return the people whom the rows refer to, by what they are called now; how they sign in stays outside."""
    ids = {
        row[column.key]
        for name, rows in told.items()
        for column in Base.metadata.tables[name].columns
        if any(key.column.table.name == User.__tablename__ for key in column.foreign_keys)
        for row in rows
    } - {None}
    if not ids:
        return []
    query = sa.select(User.id, User.email, User.name, User.created_at).where(User.id.in_(ids))
    return [dict(row) | {"password_hash": ""} for row in db.session().execute(query).mappings()]


def _empty_copy() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.deserialize(_empty())
    return connection


@cache
def _empty() -> bytes:
    """Return a database with every table and nothing in it."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(engine)
    raw = engine.raw_connection()
    try:
        driver = raw.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return driver.serialize()
    finally:
        raw.close()
        engine.dispose()
