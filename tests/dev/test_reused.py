"""Databases that serve one test after the other are like new each time."""

import os
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core import clock, db
from plans.models import Contact
from tenants import services
from tenants.scope import scoped, whole
from tenants.services import TenantValues
from tests.cast import Cast
from tests.conftest import Stable, running


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
