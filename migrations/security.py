"""Row-level security for migrations: policies on owned tables, and what each role may do. PostgreSQL only.

A migration that makes an owned table calls `protect`; one that changes rows of protected tables does so inside
`unforced`. `settle` runs after every upgrade and gives the roles exactly what the policies allow.
See docs/decisions/row-level-security.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

OPS = "waarborg_ops"
OPS_POLICY = "ops_read"
# What the service may do with tables outside every scope. Those that name no organisation and stand not here: FREE.
FREE = ("SELECT", "INSERT", "UPDATE", "DELETE")
PLATFORM = {
    "tenant_change": FREE,
    "alembic_version": ("SELECT",),
    "tenant": ("SELECT", "INSERT", "UPDATE"),
    "user": ("SELECT", "INSERT", "UPDATE"),
    "operator": ("SELECT", "INSERT", "UPDATE"),
    "job_run": ("SELECT", "INSERT", "UPDATE"),
    "due_work": FREE,
    # Wrapped by a key that is not in the database; the start asks whether there are any.
    "tenant_key": FREE,
}
# What the service may change of a table that it may not change whole: to seal anew, and to erase a person.
CHANGED_COLUMNS = {
    "trail_entry": ("changes", "user_id", "actor", "label", "salt", "erased_by"),
    "scheme_step": ("reason",),
    "request_step": ("reason",),
    "declaration": ("note", "email"),
    "evidence_step": ("note",),
}
# Accounts, counts and health: what those who keep the installation running read. None: every column.
OPS_READS: dict[str, tuple[str, ...] | None] = {
    "alembic_version": None,
    "tenant": None,
    "tenant_change": None,
    "user": ("id", "email", "name", "language", "created_at", "disabled_at"),
    "membership": None,
    "management_grant": None,
    "engagement": None,
    "operator": None,
    "job_run": None,
    "due_work": None,
    # Not what was found: how much alone.
    "audit_state": (
        "tenant_id",
        "judged_on",
        "judged_at",
        "rule_set",
        "times",
        "next_on",
        "faults",
        "warnings",
        "notices",
    ),
}


def protect(table: str, area: str, *, erasable: bool = False, append_only: bool = False) -> None:
    """Let the rows of `table` be reached only through a scope that names their organisation and `area`.

    erasable: rows may be deleted (the model's __erasable__); append_only: rows are never changed either, and nothing in
    them is sealed: what is sealed must be sealed anew with a new key, and its table stands in CHANGED_COLUMNS instead.
    Reading needs the area among those the scope reads, anything else among those it writes. The owner is bound too.
    """
    if not _on_postgresql():
        return
    reads, writes = _reached("app.reads", area), _reached("app.writes", area)
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY scope_select ON "{table}" FOR SELECT USING ({reads})')
    op.execute(f'CREATE POLICY scope_insert ON "{table}" FOR INSERT WITH CHECK ({writes})')
    if not append_only:
        op.execute(f'CREATE POLICY scope_update ON "{table}" FOR UPDATE USING ({writes}) WITH CHECK ({writes})')
    if erasable:
        op.execute(f'CREATE POLICY scope_delete ON "{table}" FOR DELETE USING ({writes})')


def let_erase(table: str, area: str) -> None:
    """Let rows of a table that is protected already be deleted too."""
    if _on_postgresql():
        op.execute(f'CREATE POLICY scope_delete ON "{table}" FOR DELETE USING ({_reached("app.writes", area)})')


def keep(table: str) -> None:
    """Let no row of a protected table be deleted any more."""
    if _on_postgresql():
        op.execute(f'DROP POLICY scope_delete ON "{table}"')


def show(table: str, name: str, condition: str) -> None:
    """Let rows of `table` for which `condition` holds be read before a scope exists, under a policy called `name`."""
    if _on_postgresql():
        op.execute(f'CREATE POLICY {name} ON "{table}" FOR SELECT USING ({condition})')


def unprotect(table: str) -> None:
    """Take row-level security and every policy away from `table`."""
    if not _on_postgresql():
        return
    found = sa.text("SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = :table")
    for name in op.get_bind().scalars(found, {"table": table}).all():
        op.execute(f'DROP POLICY {name} ON "{table}"')
    op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


@contextmanager
def unforced(*tables: str) -> Iterator[None]:
    """Let this migration, as the owner of `tables`, read and change all their rows; bound again at the end.

    Without it PostgreSQL refuses: migrations run with row_security off, so that none changes no rows unnoticed. A
    foreign key added to a table that is there already needs it too, for both tables: their rows are compared.
    """
    protected = [table for table in tables if _on_postgresql()]
    for table in protected:
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    yield
    for table in protected:
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def setting(name: str, kind: str) -> str:
    """Return the SQL of a setting of this transaction as one value of type `kind`; null when it opens nothing."""
    # In a sub-select it is evaluated once, not for each row.
    return f"(SELECT nullif(current_setting('{name}', true), '')::{kind})"


def _reached(areas: str, area: str) -> str:
    """Return the condition that a row lies in an organisation of the scope, and `area` in its setting `areas`."""
    tenants = "string_to_array(nullif(current_setting('app.tenants', true), ''), ',')"
    named = f"'{area}' = ANY (string_to_array(current_setting('{areas}', true), ','))"
    # The cast stands outside: ANY ((SELECT ...)) would compare with the rows of a query, and use no index.
    return f"tenant_id = ANY ((SELECT CASE WHEN {named} THEN {tenants} END)::bigint[])"


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def settle(owner: sa.Connection, app: str | None) -> None:
    """Give the role of the service, and OPS where it exists, what they need of each table and nothing else.

    app: the role the service runs as; nothing is given to a role that does not exist or owns the tables itself.
    Where a policy is there, the service may do what policies are there for; a table that names an organisation and
    has none stays shut. (Before the step that brings policies no table has one, and all are open.)
    """
    roles = set(owner.scalars(sa.text("SELECT rolname FROM pg_roles WHERE rolname <> current_user")))
    tables = owner.execute(_TABLES).all()
    secured = any(table.secured for table in tables)
    if app in roles:
        for table in tables:
            owned = table.secured or (secured and table.names_tenant and table.name not in PLATFORM)
            allowed = table.commands if owned else PLATFORM.get(table.name, FREE)
            _give(owner, str(app), table.name, ", ".join(_narrowed(table.name, one) for one in allowed))
        schema = owner.exec_driver_sql("SELECT current_schema()").scalar_one()
        owner.exec_driver_sql(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA "{schema}" TO "{app}"')
    if OPS in roles:
        for table in tables:
            _let_ops_read(owner, table.name, secured=table.secured, seen=table.seen)


_TABLES = sa.text("""
SELECT c.relname AS name,
       c.relrowsecurity AS secured,
       EXISTS (SELECT FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS names_tenant,
       ARRAY(SELECT DISTINCT p.cmd FROM pg_policies p
             WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND p.policyname <> :ops) AS commands,
       EXISTS (SELECT FROM pg_policies p
               WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND p.policyname = :ops) AS seen
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND pg_get_userbyid(c.relowner) = current_user
ORDER BY c.relname
""").bindparams(ops=OPS_POLICY)


def _give(owner: sa.Connection, role: str, table: str, privileges: str) -> None:
    owner.exec_driver_sql(f'REVOKE ALL ON "{table}" FROM "{role}"')
    if privileges:
        owner.exec_driver_sql(f'GRANT {privileges} ON "{table}" TO "{role}"')


def _narrowed(table: str, command: str) -> str:
    columns = CHANGED_COLUMNS.get(table) if command == "UPDATE" else None
    return command if columns is None else f"{command} ({', '.join(columns)})"


def _let_ops_read(owner: sa.Connection, table: str, *, secured: bool, seen: bool) -> None:
    if table not in OPS_READS:
        _give(owner, OPS, table, "")
        return
    columns = OPS_READS[table]
    named = "" if columns is None else f" ({', '.join(columns)})"
    _give(owner, OPS, table, f"SELECT{named}")
    if secured and not seen:
        owner.exec_driver_sql(f'CREATE POLICY {OPS_POLICY} ON "{table}" FOR SELECT TO {OPS} USING (true)')
