"""Databases that serve one test after the other are like new each time."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from core import clock, db
from plans.models import Contact
from tenants import services
from tenants.scope import scoped, whole
from tenants.services import TenantValues
from tests.cast import Cast
from tests.conftest import Stable, Standing, running

NUMBER = sa.text("SELECT pg_backend_pid()")
# What a session could take along from one test to the next.
LEFT = ("SET app.tenant = '7'", "CREATE TEMP TABLE contact (id int)", "SELECT pg_advisory_lock(7)")
KEEPS = sa.text("""
SELECT coalesce(current_setting('app.tenant', true), ''), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
to_regclass('pg_temp.contact')
""")
NOTHING = ("", 0, None)


def test_what_one_test_wrote_the_next_does_not_find(stable: Stable, cast: Cast, tmp_path: Path) -> None:
    added = set()
    for turn in ("first", "second"):
        with running(stable, f"cast_{os.getpid()}", tmp_path / turn) as app, app.app_context():
            db.begin(writes=True)
            added.add(services.add_tenant(TenantValues(name="Kapper Kort"), slug="kapper", at=clock.now()).id)
            db.commit()
            with scoped(whole(cast.bakery.id)):
                assert db.session().query(Contact).count() == 0
                db.session().add(Contact(name="Henk"))
    assert len(added) == 1


def test_a_database_whose_tables_were_changed_is_not_lent_again(
    stable: Stable, superuser: psycopg.Connection[Any]
) -> None:
    template = f"cast_{os.getpid()}"
    addresses = stable.lend(template)
    with stable.as_superuser(addresses[0]) as connection:
        connection.execute("ALTER TABLE contact DISABLE ROW LEVEL SECURITY")
    stable.take_back(addresses, template)
    assert addresses not in stable.idle[template]


def test_rows_that_were_changed_or_removed_are_as_they_were(stable: Stable, superuser: psycopg.Connection[Any]) -> None:
    template, people = f"cast_{os.getpid()}", 'SELECT id, name FROM "user" ORDER BY id'
    addresses = stable.lend(template)
    with stable.as_superuser(addresses[0]) as connection:
        before = connection.execute(people).fetchall()
    for change in ('UPDATE "user" SET name = name', "UPDATE \"user\" SET name = 'Nobody'", 'DELETE FROM "user"'):
        with stable.as_superuser(addresses[0]) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(change.encode())
        stable.take_back(addresses, template)
        assert stable.lend(template) == addresses
        with stable.as_superuser(addresses[0]) as connection:
            assert connection.execute(people).fetchall() == before


def test_whoever_is_still_there_is_sent_away(stable: Stable, superuser: psycopg.Connection[Any]) -> None:
    template = f"cast_{os.getpid()}"
    addresses = stable.lend(template)
    with stable.as_superuser(addresses[0]) as left:
        stable.take_back(addresses, template)
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
    assert stable.lend(template) == addresses


@pytest.fixture
def served(stable: Stable, superuser: psycopg.Connection[Any], tmp_path: Path) -> Iterator[Standing]:
    """An application of this test alone that serves one test after another; on PostgreSQL."""
    template, link = f"cast_{os.getpid()}", tmp_path / "data"
    link.symlink_to(tmp_path)
    served = Standing(stable, template, stable.lend(template), link, {})
    yield served
    with served.app.app_context():
        db.engine().dispose()
    stable.take_back(served.addresses, template)


def test_a_session_that_goes_on_takes_nothing_along(served: Standing, tmp_path: Path) -> None:
    numbers = set()
    for _turn in ("first", "second"):
        with served.serving(tmp_path) as app, app.app_context(), db.engine().connect() as session:
            numbers.add(session.execute(NUMBER).scalar_one())
            assert session.execute(KEEPS).one() == NOTHING
            for statement in LEFT:
                session.execute(sa.text(statement))
            session.commit()
            left = session.execute(KEEPS).one()
            assert all(one != nothing for one, nothing in zip(left, NOTHING, strict=True))
    assert len(numbers) == 1


def test_of_several_sessions_and_of_one_that_was_ended_none_goes_on(
    served: Standing, superuser: psycopg.Connection[Any], tmp_path: Path
) -> None:
    numbers = list[set[int]]()
    for how_many in (2, 1, 1):
        with served.serving(tmp_path) as app, app.app_context():
            sessions = [db.engine().connect() for _ in range(how_many)]
            numbers.append({one.execute(NUMBER).scalar_one() for one in sessions})
            for one in sessions:
                one.close()
            if len(numbers) == 2:
                superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [*numbers[1]])
    assert len(set[int]().union(*numbers)) == 4
