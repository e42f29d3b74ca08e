"""New keys for what is sealed: another data key for an organisation, another master key around all data keys.

Both go in small transactions and may be stopped anywhere: the next run finishes what is left.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core import db, vault
from core.files import FileStore
from tenants import trail
from tenants.keys.data_keys import TABLE, context, new_row
from tenants.models import Tenant
from tenants.scope import EVERY_AREA, Scope, scoped, whole

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of a rotation. resumed: it finished one that was stopped; rows, files: how many were sealed anew."""

    version: int
    resumed: bool
    rows: int
    files: int


def rotate(tenant_id: int, store: FileStore) -> Rotated:
    """Seal everything of an organisation with a new data key and forget the old one. People may go on working.

    Must be called outside a transaction. Raises SealError when something sealed does not open: nothing is lost by it,
    and the rest keeps its old key.
    """
    version, resumed = _begin(tenant_id)
    rows = sum(_reseal(tenant_id, version, *found) for found in sealed_columns())
    files = 0
    for digest in list(store.stale(tenant_id, vault.head_of(tenant_id, version))):
        with scoped(whole(tenant_id)):
            store.renew(tenant_id, digest)
        files += 1
    more_rows, more_files = _finish(tenant_id, version, store)
    return Rotated(version, resumed, rows + more_rows, files + more_files)


def seal_files(tenant_id: int, store: FileStore) -> int:
    """Seal in pieces the files of an organisation that are not: sealed whole, or kept before files were encrypted.

    Return how many there were. Must be called outside a transaction.
    """
    before = store.of_before(tenant_id)
    for digest in before:
        with scoped(whole(tenant_id)):
            store.renew(tenant_id, digest)
    return len(before)


def _begin(tenant_id: int) -> tuple[int, bool]:
    with scoped(whole(tenant_id)):
        # Written before anything is locked: whoever else writes waits at the trail, and holds no key yet.
        trail.record("keys.rotation_begun")
        db.session().flush()
        versions = _versions(tenant_id)
        if len(versions) > 1:
            return max(versions), True
        version = max(versions, default=0) + 1
        _run(sa.insert(TABLE), new_row(tenant_id, version))
    return version, False


def _reseal(tenant_id: int, version: int, table: sa.TableClause, places: Mapping[str, str]) -> int:
    count = AT_ONCE
    total = 0
    while count == AT_ONCE:
        with scoped(whole(tenant_id)):
            # Rows somebody is changing are left for the end: never wait for them while holding others.
            count = _reseal_some(tenant_id, version, table, places, wait=False)
        total += count
    return total


def _reseal_some(
    tenant_id: int, version: int, table: sa.TableClause, places: Mapping[str, str], *, wait: bool = True
) -> int:
    """Seal up to AT_ONCE rows anew and return how many there were. wait: for who changes one of them; else skip it."""
    head = vault.head_of(tenant_id, version)
    stale = [sa.and_(table.c[name] != b"", sa.func.substr(table.c[name], 1, len(head)) != head) for name in places]
    query = sa.select(table).where(table.c.tenant_id == tenant_id, sa.or_(*stale)).order_by(table.c.id)
    rows = _run(query.limit(AT_ONCE).with_for_update(skip_locked=not wait)).mappings().all()
    if rows:
        update = sa.update(table).where(
            table.c.tenant_id == sa.bindparam("of"), table.c.id == sa.bindparam("which", type_=sa.Uuid())
        )
        changes = [
            {"of": tenant_id, "which": row["id"]}
            | {f"new_{name}": _anew(row[name], places[name], tenant_id) for name in places}
            for row in rows
        ]
        _run(update.values({name: sa.bindparam(f"new_{name}") for name in places}), changes)
    return len(rows)


def _anew(sealed: bytes | None, place: str, tenant_id: int) -> bytes | None:
    return vault.seal_owned(vault.open_owned(bytes(sealed), place), place, tenant_id) if sealed else sealed


def _finish(tenant_id: int, version: int, store: FileStore) -> tuple[int, int]:
    """Seal what was written meanwhile and remove the old keys. Whoever is sealing now is waited for."""
    rows = 0
    with scoped(whole(tenant_id)):
        trail.record("keys.rotated", key=version)  # first, as in _begin
        db.session().flush()
        _versions(tenant_id)
        for table, places in sealed_columns():
            while (count := _reseal_some(tenant_id, version, table, places)) > 0:
                rows += count
        left = list(store.stale(tenant_id, vault.head_of(tenant_id, version)))
        for digest in left:
            store.renew(tenant_id, digest)
        _run(sa.delete(TABLE).where(TABLE.c.tenant_id == tenant_id, TABLE.c.version < version))
    return rows, len(left)


def _versions(tenant_id: int) -> list[int]:
    """Return the versions there are; until this transaction ends nobody seals with them."""
    query = sa.select(TABLE.c.version).where(TABLE.c.tenant_id == tenant_id).order_by(TABLE.c.version)
    return list(_run(query.with_for_update()).scalars())


def sealed_columns() -> Iterator[tuple[sa.TableClause, dict[str, str]]]:
    """Yield each table with sealed columns, and what each is sealed for; the table gives the bytes as they are kept."""
    for table in db.Base.metadata.sorted_tables:
        places = {one.name: one.type.place for one in table.columns if isinstance(one.type, vault.SealedType)}
        if places:
            yield _raw(table, places), places


def platform_columns() -> Iterator[tuple[sa.TableClause, dict[str, str]]]:
    """Yield each table with columns sealed for the platform, and what each is sealed for."""
    for table in db.Base.metadata.sorted_tables:
        purposes = {one.name: one.type.purpose for one in table.columns if isinstance(one.type, vault.PlatformSealed)}
        if purposes:
            yield _raw(table, purposes), purposes


def _raw(table: sa.Table, names: Iterable[str]) -> sa.TableClause:
    key = [sa.column(column.name, column.type) for column in table.primary_key]
    return sa.table(table.name, *key, *(sa.column(name, sa.LargeBinary()) for name in names))


def _run(statement: Any, rows: Any = None) -> sa.CursorResult[Any]:
    # Past the session: the lock would refuse a bulk statement, and the trail would tell of a change that is none.
    result: sa.CursorResult[Any] = db.session().connection().execute(statement, rows)
    return result


def rewrap() -> int:
    """Wrap every key that an older master key wraps with the newest one; return how many there were.

    Must be called outside a transaction. Afterwards nothing needs the older master keys.
    """
    count = 0
    for tenant_id in all_tenants():
        with scoped(whole(tenant_id)):
            count += _rewrap_data_keys(tenant_id)
            for table, purposes in platform_columns():
                count += _rewrap_rows(table, purposes, tenant_id) if "tenant_id" in table.c else 0
    with scoped(Scope(frozenset(), EVERY_AREA, EVERY_AREA)):
        for table, purposes in platform_columns():
            count += _rewrap_rows(table, purposes, None) if "tenant_id" not in table.c else 0
    return count


def all_tenants() -> list[int]:
    """Return the ids of all organisations. Must be called outside a transaction."""
    db.begin(writes=False)
    try:
        return list(db.session().scalars(sa.select(Tenant.id).order_by(Tenant.id)))
    finally:
        db.rollback()


def _rewrap_data_keys(tenant_id: int) -> int:
    held, count = vault.keeper(), 0
    query = sa.select(TABLE.c.version, TABLE.c.wrapped).where(TABLE.c.tenant_id == tenant_id).with_for_update()
    for row in _run(query).all():
        if held.wrapped_by(row.wrapped) != held.newest:
            label = context(tenant_id, row.version)
            anew = held.wrap(held.unwrap(bytes(row.wrapped), label), label)
            where = sa.and_(TABLE.c.tenant_id == tenant_id, TABLE.c.version == row.version)
            _run(sa.update(TABLE).where(where).values(wrapped=anew))
            count += 1
    return count


def _rewrap_rows(table: sa.TableClause, purposes: Mapping[str, str], tenant_id: int | None) -> int:
    query = sa.select(table).with_for_update()
    if tenant_id is not None:
        query = query.where(table.c.tenant_id == tenant_id)
    key = [column for column in table.columns if column.name not in purposes]
    count = 0
    for row in _run(query).mappings().all():
        held = {name: bytes(row[name]) for name in purposes if row[name] is not None}
        anew = {name: vault.platform_rewrap(sealed, purposes[name]) for name, sealed in held.items()}
        if anew != held:
            _run(sa.update(table).where(*(column == row[column.name] for column in key)).values(anew))
            count += 1
    return count
