"""How long a scope lasts in the database itself, and what each role may do there. PostgreSQL only."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from psycopg.sql import SQL, Identifier
from sqlalchemy.exc import DBAPIError

import sample
from app import create_app
from audits.models import AuditState
from audits.sweeping import sweep
from continuity.models import Registration
from core import clock, db, roles
from migrations.security import OPS_READS
from plans.models import Contact
from tenants.models import Engagement, GrantLevel, ManagementGrant, Membership
from tenants.scope import EVERY_AREA, Opening, as_person, close_scope, open_scope, opening, reading, scoped, whole
from tests.cast import JOINED, PASSWORD, Cast, Organisation
from tests.conftest import Stable, settings_for
from tests.house.test_schema import OWNED
from tests.tenants.test_row_security import unguarded

pytestmark = pytest.mark.usefixtures("superuser")
Scoped = Callable[[Organisation], AbstractContextManager[None]]
Names = Callable[[], list[Any]]
SETTINGS = ("app.tenants", "app.reads", "app.writes", "app.person", *Opening)


@pytest.fixture
def names(app: Flask, cast: Cast, scope_of: Scoped) -> Iterator[Names]:
    """Read whatever contacts the database shows, without any guard; there is one in each of two organisations."""
    for organisation in (cast.bakery, cast.other):
        with scope_of(organisation):
            db.session().add(Contact(name=organisation.name))
    with app.app_context(), unguarded():
        yield lambda: list(db.session().scalars(sa.select(Contact.name).order_by(Contact.name)))
        db.rollback()
        close_scope()


def test_the_pool_gets_its_connection_back_without_a_scope(app: Flask, cast: Cast, names: Names) -> None:
    for end in (db.commit, db.rollback):
        db.begin(writes=True)
        as_person(cast.owner.id)
        open_scope(whole(cast.bakery.id))
        assert names() == [cast.bakery.name]
        process = db.session().scalar(sa.text("SELECT pg_backend_pid()"))
        close_scope()
        open_scope(whole(cast.other.id))  # would be told before the next statement, which does not come
        end()
        db.session().close()
        with db.engine().connect() as connection:
            assert connection.scalar(sa.text("SELECT pg_backend_pid()")) == process
            assert connection.scalar(sa.text("SELECT count(*) FROM contact")) == 0
            for name in SETTINGS:
                assert not connection.scalar(sa.text("SELECT current_setting(:name, true)"), {"name": name})
        close_scope()


def test_what_a_lost_session_had_to_tell_is_not_told_for_the_next(app: Flask, cast: Cast, names: Names) -> None:
    lost = db.db.session.session_factory()
    process = lost.connection().scalar(sa.text("SELECT pg_backend_pid()"))
    open_scope(whole(cast.bakery.id), lost)  # would be told before the next statement, which does not come
    del lost
    gc.collect()
    db.begin(writes=False)
    assert db.session().connection().scalar(sa.text("SELECT pg_backend_pid()")) == process
    assert names() == []


def test_closing_a_scope_takes_its_rows_away_within_the_transaction(cast: Cast, names: Names) -> None:
    db.begin(writes=True)
    assert names() == []
    for organisation in (cast.bakery, cast.other):
        open_scope(whole(organisation.id))
        assert names() == [organisation.name]
        close_scope()
        assert names() == []


def test_an_open_scope_goes_on_in_the_next_transaction(cast: Cast, names: Names) -> None:
    db.begin(writes=True)
    open_scope(whole(cast.bakery.id))
    for end in (db.rollback, db.commit):
        end()
        db.begin(writes=False)
        assert names() == [cast.bakery.name]


def test_going_back_to_a_savepoint_brings_no_closed_scope_back(cast: Cast, names: Names) -> None:
    db.begin(writes=True)
    open_scope(whole(cast.bakery.id))
    savepoint = db.session().begin_nested()
    close_scope()
    savepoint.rollback()
    assert names() == []
    savepoint = db.session().begin_nested()
    open_scope(whole(cast.other.id))
    savepoint.rollback()
    assert names() == [cast.other.name]


def test_a_scope_goes_on_after_a_savepoint_that_the_database_refused(cast: Cast, names: Names) -> None:
    db.begin(writes=True)
    open_scope(whole(cast.bakery.id))
    with pytest.raises(DBAPIError), db.session().begin_nested():
        db.session().execute(sa.text("SELECT 1 / 0"))
    assert names() == [cast.bakery.name]


def test_a_scope_closes_after_a_failed_statement(cast: Cast, names: Names) -> None:
    db.begin(writes=True)
    open_scope(whole(cast.bakery.id))
    with pytest.raises(DBAPIError):
        db.session().execute(sa.text("SELECT 1 / 0"))
    close_scope()
    db.rollback()
    assert names() == []


def test_a_person_is_shown_their_own_relations_and_nothing_else(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    def seen_by(person_id: UUID) -> list[set[Any]]:
        models: tuple[Any, ...] = (Membership, ManagementGrant, Engagement, Contact)
        with app.app_context(), unguarded():
            db.begin(writes=False)
            as_person(person_id)
            seen = [set(db.session().scalars(sa.select(model.id))) for model in models]
            close_scope()
            assert [set(db.session().scalars(sa.select(model.id))) for model in models] == [set()] * len(models)
            db.rollback()
        return seen

    with scope_of(cast.bakery):
        times = {"starts_at": JOINED, "ends_at": clock.now() + timedelta(days=1)}
        grant = ManagementGrant(manager_id=cast.supplier.id, level=GrantLevel.VIEW, plan=True, continuity=True, **times)
        work = Engagement(auditor_id=cast.stranger.id, reference="2026", plan=True, continuity=True, **times)
        granted, engaged = {grant.id}, {work.id}
        db.session().add_all([grant, work, Contact(name="Iemand")])
    own = {}
    for organisation, person in (
        (cast.bakery, cast.owner),
        (cast.supplier, cast.supplier_owner),
        (cast.other, cast.stranger),
    ):
        with scope_of(organisation):
            own[person.id] = set(db.session().scalars(sa.select(Membership.id).where(Membership.user_id == person.id)))
    assert all(own.values())
    assert seen_by(cast.owner.id) == [own[cast.owner.id], set(), set(), set()]
    assert seen_by(cast.supplier_owner.id) == [own[cast.supplier_owner.id], granted, set(), set()]
    assert seen_by(cast.stranger.id) == [own[cast.stranger.id], set(), engaged, set()]
    with scope_of(cast.supplier):
        db.session().scalars(
            sa.select(Membership).where(Membership.user_id == cast.supplier_owner.id)
        ).one().ends_at = JOINED
    assert seen_by(cast.supplier_owner.id) == [own[cast.supplier_owner.id], set(), set(), set()]


@pytest.fixture
def full(app: Flask, cast: Cast) -> Flask:
    """The service with the example in it, judged: most tables have rows of several organisations."""
    with app.app_context():
        made = sample.fill_example(today=clock.today(), password=PASSWORD)
        sweep.run(made.tenant_ids)
    return app


@pytest.mark.usefixtures("full")
def test_every_table_shows_a_scope_its_own_rows_and_no_others(app: Flask, superuser: psycopg.Connection[Any]) -> None:
    empty = []
    with app.app_context(), unguarded():
        for model in OWNED:
            table = sa.inspect(model).local_table
            counted = SQL("SELECT tenant_id, count(*) FROM {} GROUP BY tenant_id").format(Identifier(table.name))
            there = dict(superuser.execute(counted).fetchall())
            if not there:
                empty.append(table.name)
            for opened, shown in (
                (None, {}),
                *((reading(frozenset({one})), {one: count}) for one, count in there.items()),
                (reading(frozenset(there)), there),
                (reading(frozenset(there), EVERY_AREA - {model.__area__}), {}),
            ):
                db.begin(writes=False)
                if opened is not None:
                    open_scope(opened)
                query = sa.select(table.c.tenant_id, sa.func.count()).group_by(table.c.tenant_id)
                assert {row[0]: row[1] for row in db.session().execute(query)} == shown, table.name
                close_scope()
                db.rollback()
    assert len(empty) < len(OWNED) / 2, empty


def test_what_is_shown_before_a_scope_exists_is_what_was_asked_for(full: Flask, superuser: Any) -> None:
    foundations = superuser.execute("SELECT DISTINCT foundation_id FROM registration").fetchall()
    states = superuser.execute("SELECT count(*) FROM audit_state").fetchone()
    with full.app_context(), unguarded():
        db.begin(writes=False)
        session = db.session()
        for (foundation,) in foundations:
            with opening(Opening.FOUNDATION, str(foundation)):
                assert set(session.scalars(sa.select(Registration.foundation_id))) == {foundation}
                assert session.scalars(sa.select(AuditState.id)).all() == []
            with opening(Opening.FOUNDATION, str(foundation + 1)):
                assert session.scalars(sa.select(Registration.id)).all() == []
        with opening(Opening.SWEEP):
            assert len(session.scalars(sa.select(AuditState.id)).all()) == states[0] > 0
            assert session.scalars(sa.select(Registration.id)).all() == []
        assert session.scalars(sa.select(AuditState.id)).all() == []


FORBIDDEN = (
    "TRUNCATE contact CASCADE",
    "DELETE FROM contact",
    "DELETE FROM trail_entry",
    "UPDATE trail_entry SET action = 'x'",
    "UPDATE alembic_version SET version_num = 'x'",
    "DELETE FROM tenant",
    "ALTER TABLE contact NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE contact DISABLE ROW LEVEL SECURITY",
    "DROP POLICY scope_select ON contact",
    "CREATE POLICY everything ON contact USING (true)",
    "SET ROLE waarborg_owner",
    "SET SESSION AUTHORIZATION waarborg_owner",
    "CREATE TABLE mine (id int)",
)


def test_the_service_may_not_change_what_binds_it_nor_what_must_stay(app: Flask, cast: Cast) -> None:
    with app.app_context(), unguarded():
        for statement in FORBIDDEN:
            with pytest.raises(DBAPIError, match=r"denied|owner") as refused, scoped(whole(cast.bakery.id)):
                db.session().execute(sa.text(statement))
            assert "InsufficientPrivilege" in str(refused.value), statement


def test_rows_hidden_are_never_shown_by_asking_for_all(app: Flask, cast: Cast, names: Names) -> None:
    db.begin(writes=True)
    open_scope(whole(cast.bakery.id))
    db.session().execute(sa.text("SET LOCAL row_security = off"))
    with pytest.raises(DBAPIError, match="row-level security"):
        names()


def test_the_service_is_told_when_its_role_is_unsafe(app: Flask, stable: Stable, tmp_path: Path) -> None:
    assert stable.postgres is not None
    with app.app_context():
        assert roles.unsafe_role() is None
        name = db.engine().url.database
    for address, told in ((stable.postgres.owner, "owns the tables"), (stable.postgres.admin, "is a superuser")):
        url = sa.make_url(address).set(database=name).render_as_string(hide_password=False)
        other = create_app(settings_for(url, "", tmp_path))
        with other.app_context():
            assert roles.unsafe_role() == told
            db.engine().dispose()


def test_the_owner_sees_no_rows_either(app: Flask, stable: Stable, names: Names) -> None:
    assert stable.postgres is not None
    owner = sa.make_url(stable.postgres.owner).set(drivername="postgresql", database=db.engine().url.database)
    with psycopg.connect(owner.render_as_string(hide_password=False)) as connection:
        assert connection.execute("SELECT count(*) FROM contact").fetchone() == (0,)
        connection.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE contact SET name = 'x'")


def test_operations_reads_accounts_counts_and_health_only(
    app: Flask, superuser: psycopg.Connection[Any], names: Names
) -> None:
    tables = [row[0] for row in superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    superuser.execute("SET ROLE waarborg_ops")
    for table in tables:
        name, columns = Identifier(table), OPS_READS.get(table)
        if table in OPS_READS:
            read = SQL(", ").join(map(Identifier, columns)) if columns else SQL("count(*)")
            found = superuser.execute(SQL("SELECT {} FROM {}").format(read, name)).fetchall()
            assert (found and found[0][0]) or table not in {"tenant", "user", "membership", "tenant_change"}
        for statement in ("DELETE FROM {}", *(() if table in OPS_READS else ("SELECT FROM {}",))):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                superuser.execute(SQL(statement).format(name))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        superuser.execute('SELECT password_hash FROM "user"')


def test_a_policy_is_evaluated_once_a_statement_and_finds_its_rows_by_index(cast: Cast, names: Names) -> None:
    db.begin(writes=True)
    open_scope(whole(cast.bakery.id))
    assert names() == [cast.bakery.name]
    db.session().execute(sa.text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(db.session().scalars(sa.text("EXPLAIN SELECT name FROM contact")))
    assert "Index Cond: (tenant_id = ANY" in plan
    assert "InitPlan" in plan
    assert "Filter" not in plan
