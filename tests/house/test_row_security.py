"""The tables as PostgreSQL shows them: each owned one is protected, and nothing looks around the policies."""

import os
import re
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from core.vault import SealedType
from migrations.security import CHANGED_COLUMNS
from tenants.owned import TenantOwned
from tests.conftest import Stable
from tests.house.test_schema import OWNED, PLATFORM

FLAGS = """
SELECT relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner)
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""
POLICIES = """
SELECT tablename, policyname, cmd, permissive, roles, qual, with_check FROM pg_policies WHERE schemaname = 'public'
"""
GRANTS = """
SELECT table_name, privilege_type FROM information_schema.role_table_grants
WHERE table_schema = 'public' AND grantee = 'waarborg_app'
"""
VIEWS = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND (c.relkind = 'm' OR c.relkind = 'v'
  AND NOT coalesce(c.reloptions @> '{security_invoker=true}', false))
"""
DEFINERS = """
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND p.prosecdef
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as the catalogue tells it."""

    table: str
    name: str
    command: str
    permissive: str
    roles: list[str]
    using: str | None
    check: str | None


@dataclass(frozen=True, slots=True)
class Catalog:
    """What PostgreSQL knows. flags: (enabled, forced) by table; grants: what the service may do with whole tables."""

    flags: dict[str, tuple[bool, bool]]
    policies: list[Policy]
    grants: dict[str, set[str]]
    owners: set[str]


@pytest.fixture(scope="module")
def catalog(stable: Stable) -> Catalog:
    """Read the catalogue of the migrated database once. Tests that ask for it run on PostgreSQL only."""
    with stable.as_superuser(f"postgresql:///empty_{os.getpid()}") as connection:
        flags = connection.execute(FLAGS).fetchall()
        policies = connection.execute(POLICIES).fetchall()
        granted = connection.execute(GRANTS).fetchall()
    grants: dict[str, set[str]] = {}
    for table, privilege in granted:
        grants.setdefault(table, set()).add(privilege)
    return Catalog(
        flags={table: (enabled, forced) for table, enabled, forced, _owner in flags},
        policies=[Policy(*row) for row in policies],
        grants=grants,
        owners={owner for *_rest, owner in flags},
    )


def table_of(model: type[TenantOwned]) -> str:
    return str(sa.inspect(model).local_table.name)


def test_keys_and_links_name_the_owner_in_the_database_too(app: Flask) -> None:
    owned = {table_of(model) for model in OWNED}
    with app.app_context():
        tables = sa.inspect(db.engine())
    for table in sorted(owned):
        assert tables.get_pk_constraint(table)["constrained_columns"] == ["tenant_id", "id"], table
        for link in tables.get_foreign_keys(table):
            if link["referred_table"] in owned:
                assert link["constrained_columns"][0] == link["referred_columns"][0] == "tenant_id", link["name"]


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_every_owned_table_has_its_policies(catalog: Catalog, model: type[TenantOwned]) -> None:
    table = table_of(model)
    assert catalog.flags[table] == (True, True)
    policies = [one for one in catalog.policies if one.table == table and one.name.startswith("scope_")]
    wanted = _commands(model)
    assert {one.command for one in policies} == wanted
    for one in policies:
        assert (one.name, one.permissive, one.roles) == (f"scope_{one.command.lower()}", "PERMISSIVE", ["public"])
        conditions = [condition for condition in (one.using, one.check) if condition is not None]
        assert len(conditions) == (2 if one.command == "UPDATE" else 1)
        for condition in conditions:
            areas = "app.reads" if one.command == "SELECT" else "app.writes"
            assert {"app.tenants", areas} == set(re.findall(r"app\.\w+", condition))
            assert f"'{model.__area__.value}'" in condition
            assert " ".join(condition.split()).startswith("(tenant_id = ANY ((( SELECT "), (
                "evaluated for every row, and past the index"
            )


def _commands(model: type[TenantOwned]) -> set[str]:
    changes = set() if model.__append_only__ and not _sealed(model) else {"UPDATE"}
    return {"SELECT", "INSERT"} | changes | ({"DELETE"} if model.__erasable__ else set())


def _sealed(model: type[TenantOwned]) -> set[str]:
    return {column.name for column in sa.inspect(model).local_table.columns if isinstance(column.type, SealedType)}


def test_of_rows_that_are_never_changed_only_what_is_sealed_can_be_sealed_anew() -> None:
    kept = {table_of(model): _sealed(model) for model in OWNED if model.__append_only__ and _sealed(model)}
    told = {table: set(columns) for table, columns in CHANGED_COLUMNS.items() if table != "trail_entry"}
    assert told == kept


# Whatever else shows rows does so for reading, and is a decision.
SHOWN = {
    ("membership", "own_relations"),
    ("engagement", "own_relations"),
    ("management_grant", "own_relations"),
    ("management_grant", "named_manager"),
    ("registration", "named_foundation"),
    ("audit_state", "sweep"),
    ("officer_key", "published"),
}


def test_no_other_policy_lets_the_service_reach_a_row(catalog: Catalog) -> None:
    others = [one for one in catalog.policies if not one.name.startswith("scope_")]
    assert {(one.table, one.name) for one in others if one.roles != ["waarborg_ops"]} == SHOWN
    assert {one.command for one in others} == {"SELECT"}


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_the_service_may_do_what_policies_are_there_for(catalog: Catalog, model: type[TenantOwned]) -> None:
    wanted = _commands(model)
    # Where only columns may be changed, the table as a whole may not.
    assert catalog.grants[table_of(model)] == wanted - ({"UPDATE"} if table_of(model) in CHANGED_COLUMNS else set())


def test_the_service_owns_nothing_and_reads_every_table_of_the_platform(catalog: Catalog) -> None:
    assert catalog.owners == {"waarborg_owner"}
    assert [table for table in PLATFORM if "SELECT" not in catalog.grants.get(table, set())] == []


def test_views_and_functions_see_what_their_reader_may_see(superuser: psycopg.Connection[Any]) -> None:
    assert superuser.execute(VIEWS).fetchall() == []
    assert superuser.execute(DEFINERS).fetchall() == []
    superuser.execute("CREATE VIEW careless AS SELECT * FROM contact")
    superuser.execute("CREATE VIEW careful WITH (security_invoker = true) AS SELECT * FROM contact")
    assert superuser.execute(VIEWS).fetchall() == [("careless",)]
