"""The tenant lock: a query that forgets the organisation cannot run, a write that mixes two cannot be saved."""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import FromStatement, ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import FromClauseAlias

from core.clock import now
from core.db import Base, db
from core.inserting import insert_unless_there
from tenants.keys.data_keys import init_keys
from tenants.models import Membership, Tenant, TenantChange, User
from tenants.owned import Area, TenantOwned
from tenants.scope import SCOPE, LockError, Scope, watch_transactions
from tenants.trail import write_down
from tenants.turns import take_from, watch_commits

BYPASS = "lock_bypass"
# In a mark: any table may have changed.
EVERY_TABLE = "*"
# What the tables of a mark begin with where all is to be looked at, whatever it names.
NAMELESS = "  "
# A change here can change a judgement; the audit's own rows cannot.
JUDGED_AREAS = frozenset({Area.PLAN, Area.CONTINUITY})


class Bypass(StrEnum):
    """The few reasons to go past the lock. A test pins the files that may name each."""

    DOOR = "the door looks for a membership before a scope can exist"
    SWEEP = "the sweep chooses organisations before it opens a scope over them"
    LEDGER = "the audit replaces its own rows in bulk inside its scope"
    SAMPLE = "the sample generator inserts rows in bulk"
    REGISTRANTS = "a foundation looks for its registrants before a scope over them can exist"
    OFFICERS = "a supplier takes over the public keys of the foundation it registers with"
    CLIENTS = "a reseller looks for its clients before a scope over them can exist"
    ERASURE = "what names a person is taken out of the trail, whose entries nobody changes otherwise"
    CLAIM = "a conditional update claims a row for one of several racing requests"


def bypass(reason: Bypass) -> dict[str, Any]:
    """Return the execution options of a statement that goes past the lock for `reason`."""
    return {BYPASS: reason}


def init_lock() -> None:
    """Put the guards on the session. Calling it again changes nothing."""
    watch_transactions()
    watch_commits()
    if not event.contains(db.session, "do_orm_execute", guard_reads):
        event.listen(db.session, "do_orm_execute", guard_reads)
        event.listen(db.session, "before_flush", guard_writes)
        event.listen(db.session, "before_attach", guard_returns)
    # After the guard, which fills in whose a new row is.
    init_keys()


def guard_reads(state: ORMExecuteState) -> None:
    """Add the scope to every owned class of the statement.

    Raises LockError for raw SQL, unmapped or bulk statements, a missing scope and an area outside the scope.
    """
    if isinstance(state.execution_options.get(BYPASS), Bypass):
        return
    if not state.is_orm_statement:
        raise LockError("only selects of mapped classes pass the lock")
    owned = owned_classes(state.statement)
    if not owned:
        return
    if not state.is_select:
        raise LockError("bulk statements on owned rows do not pass the lock")
    scope = scope_over(owned, state.session)
    state.statement = state.statement.options(criteria(scope))


def scope_over(owned: Iterable[type[TenantOwned]], session: Session) -> Scope:
    """Return the open scope of `session`. Raises LockError without one, and for a class it does not read."""
    scope = session.info.get(SCOPE)
    if not isinstance(scope, Scope):
        raise LockError(f"no scope is open for {', '.join(sorted(found.__name__ for found in owned))}")
    for found in owned:
        if found.__area__ not in scope.reads:
            raise LockError(f"{found.__name__} lies in area {found.__area__}, which this scope does not read")
    return scope


def criteria(scope: Scope) -> Any:
    """Return the loader option that narrows every owned class to the organisations of `scope`."""
    # Not propagated: a lazy load would otherwise keep the organisation of the query it came from.
    if len(scope.tenant_ids) == 1:
        one = scope.only_tenant
        return with_loader_criteria(
            TenantOwned, lambda cls: cls.tenant_id == one, include_aliases=True, propagate_to_loaders=False
        )
    several = sorted(scope.tenant_ids)
    return with_loader_criteria(
        TenantOwned, lambda cls: cls.tenant_id.in_(several), include_aliases=True, propagate_to_loaders=False
    )


@cache
def _classes_by_table(declared: int) -> dict[str, type[TenantOwned]]:
    """Return the owned classes. declared: the number of classes, as more may be declared after this was asked first."""
    found = {}
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, TenantOwned):
            found[mapper.local_table.name] = mapper.class_  # type: ignore[attr-defined]
    return found


def owned_classes(statement: Any) -> set[type[TenantOwned]]:
    """Return every owned class the statement touches anywhere.

    Raises LockError for raw SQL inside it, for a statement whose classes cannot be narrowed, and for a table or column
    that did not come from its class: it would be read without being narrowed.
    """
    if isinstance(statement, (FromStatement, sa.CompoundSelect)):
        raise LockError("only selects of mapped classes pass the lock")
    classes = _classes_by_table(len(Base.__subclasses__()))
    found, bare = set(), set()
    for element in visitors.iterate(statement):
        if isinstance(element, sa.TextClause) and str(element) == "*":
            continue  # what exists() writes by itself
        literal = getattr(element, "is_literal", False) and str(element) != "*"
        if literal or isinstance(element, sa.TextClause):
            raise LockError("raw SQL inside a statement does not pass the lock")
        name = _table_behind(element)
        if name not in classes:
            continue
        if "parententity" in element._annotations:
            found.add(classes[name])
        elif isinstance(getattr(element, "table", None), sa.Alias):
            raise LockError(f"an alias of {name} was not asked for through its class")
        else:
            bare.add(classes[name])  # shows up like this beside what was asked for through its class
    if bare - found:
        raise LockError(f"{', '.join(sorted(one.__name__ for one in bare - found))}: not asked for through the class")
    return found


def _table_behind(element: Any) -> str:
    """Return the name of the table that `element` is, or is a column of, also behind an alias; "" otherwise."""
    table = element if isinstance(element, sa.TableClause) else getattr(element, "table", None)
    while isinstance(table, FromClauseAlias):
        table = table.element
    return str(table.name) if isinstance(table, sa.TableClause) else ""


def guard_returns(session: Session, row: object) -> None:
    """Refuse a row that an earlier scope read: refreshing it would go by its key alone.

    Raises LockError for a row of an organisation that is not in the open scope.
    """
    if not isinstance(row, TenantOwned) or sa.inspect(row).key is None:
        return
    scope = session.info.get(SCOPE)
    if not isinstance(scope, Scope) or row.tenant_id not in scope.tenant_ids:
        raise LockError(f"{type(row).__name__} was read in another scope")


def guard_writes(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """Fill in the organisation of new rows, refuse what the scope does not open, mark and write down the change.

    Raises LockError for a row of another organisation, an area the scope does not write, a read-only scope,
    a change or deletion of rows that must stay as they are, and a changed key.
    """
    scope = session.info.get(SCOPE)
    changed = [row for row in session.dirty if session.is_modified(row)]
    touched = [*session.new, *changed, *session.deleted]
    if touched and isinstance(scope, Scope) and not scope.writes:
        raise LockError("this scope only reads")
    owned = [row for row in touched if isinstance(row, TenantOwned)]
    for row in owned:
        _check_write(row, scope)
    _note_taken(session, changed)
    for row in changed:
        if isinstance(row, TenantOwned) and row.__append_only__:
            raise LockError(f"{type(row).__name__} rows are never changed")
    for row in session.deleted:
        if isinstance(row, TenantOwned) and not row.__erasable__:
            raise LockError(f"{type(row).__name__} rows are archived, not deleted")
    if isinstance(scope, Scope):
        # The mark before the head of the trail, as whoever took their turn has it: none then waits for the other.
        _mark_tables(session, [row for row in owned if row.__area__ in JUDGED_AREAS])
        write_down(session, scope, owned)


def _note_taken(session: Session, changed: Iterable[object]) -> None:
    """Note who loses what lets them in: a place among the people of an organisation, or their account."""
    for row in changed:
        if isinstance(row, Membership) and row.ends_at is not None:
            take_from(row.user_id, session)
        elif isinstance(row, User) and row.disabled_at is not None:
            take_from(row.id, session)


def _mark_tables(session: Session, judged: Iterable[TenantOwned]) -> None:
    """Note whose rows changed, and of which tables."""
    tables: dict[int, set[str]] = defaultdict(set)
    for row in judged:
        tables[row.tenant_id].add(str(sa.inspect(type(row)).local_table.name))
    for tenant_id, changed in sorted(tables.items()):
        mark_changed(session, [tenant_id], changed)


def _check_write(row: TenantOwned, scope: object) -> None:
    if not isinstance(scope, Scope):
        raise LockError(f"no scope is open to write {type(row).__name__}")
    if row.__area__ not in scope.writes:
        raise LockError(f"{type(row).__name__} lies in area {row.__area__}, which this scope does not write")
    if row.tenant_id is None:
        row.tenant_id = scope.only_tenant
    if row.tenant_id not in scope.tenant_ids:
        raise LockError(f"{type(row).__name__} belongs to another organisation")
    history = sa.inspect(row).attrs.tenant_id.history
    if history.deleted:
        raise LockError("a row cannot move to another organisation")


def mark_changed(session: Session, tenant_ids: Iterable[int], tables: Iterable[str] = (EVERY_TABLE,)) -> None:
    """Note in this transaction that the organisations must be judged again.

    tables: the names of those that changed, so that the others need not be kept anew; none where nothing did.
    """
    told = {"changed_at": now()}
    rows = [{"tenant_id": one, "changed": table, **told} for one in sorted(tenant_ids) for table in sorted(tables)]
    rows = rows or [{"tenant_id": one, "changed": "", **told} for one in sorted(tenant_ids)]
    for row in rows:
        session.connection().execute(_mark(session.get_bind().dialect.name), row)


def mark_everybody(session: Session, tenant_ids: Iterable[int] | None = None) -> int:
    """Note in this transaction that every organisation that has not left must be judged again; return how many.

    tenant_ids: only these; default all. As a mark without a name, in front of the names that are there: all is to be
    looked at, though nothing is known to have changed.
    """
    here = sa.select(Tenant.id, sa.literal(1), sa.literal(now()), sa.literal(NAMELESS)).where(Tenant.left_at.is_(None))
    if tenant_ids is not None:
        here = here.where(Tenant.id.in_(list(tenant_ids)))
    insert = insert_unless_there(TenantChange, session.get_bind().dialect.name)
    insert = insert.from_select(["tenant_id", "seq", "changed_at", "tables"], here)
    marked = session.connection().execute(
        insert.on_conflict_do_update(
            index_elements=["tenant_id"],
            set_={"seq": TenantChange.seq + 1, "tables": sa.literal(" ") + TenantChange.tables},
        ),
        execution_options={"preserve_rowcount": True},  # of an INSERT it is not told otherwise
    )
    return int(marked.rowcount)


@cache
def _mark(dialect: str) -> Any:
    insert = insert_unless_there(TenantChange, dialect)
    changed, before = sa.bindparam("changed", type_=sa.Text), TenantChange.tables
    # An underscore in a name stands for any character here; no two names differ in nothing else.
    known = sa.or_(changed == "", before.like(sa.literal("% ") + changed + sa.literal(" %")))
    return insert.values(
        tenant_id=sa.bindparam("tenant_id"),
        seq=1,
        changed_at=sa.bindparam("changed_at"),
        # Whoever takes a turn changed nothing yet: names follow upon one blank, as upon the name before.
        tables=sa.literal(" ") + sa.case((changed == "", changed), else_=changed + sa.literal(" ")),
    ).on_conflict_do_update(
        index_elements=["tenant_id"],
        set_={
            "seq": TenantChange.seq + 1,
            "changed_at": insert.excluded.changed_at,
            "tables": sa.case((known, before), else_=before + changed + sa.literal(" ")),
        },
    )
