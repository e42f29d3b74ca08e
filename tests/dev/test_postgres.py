"""The throw-away PostgreSQL: its roles are what the lock is tested with, so they must be powerless."""

from pathlib import Path

import psycopg
import pytest

from tests.postgres import running_postgres


def test_neither_role_steps_around_row_level_security_and_nothing_is_left_behind() -> None:
    with running_postgres() as urls:
        plain = {role: url.replace("+psycopg", "") for role, url in urls.environment().items()}
        with psycopg.connect(plain["WAARBORG_TEST_PG_ADMIN"]) as connection:
            row = connection.execute("SELECT current_setting('data_directory')").fetchone()
            assert row is not None
            data = Path(row[0])
        assert data.is_dir()
        for role in ("WAARBORG_TEST_PG_OWNER", "WAARBORG_TEST_PG_APP"):
            with psycopg.connect(plain[role]) as connection:
                powers = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
                assert connection.execute(powers).fetchone() == (False,)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(plain["WAARBORG_TEST_PG_APP"].replace("waarborg_app:", "waarborg_app:no"))
    assert not data.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(plain["WAARBORG_TEST_PG_APP"], connect_timeout=5)
