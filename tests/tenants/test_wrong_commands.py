"""Commands that were asked for what cannot be: a sentence, never a traceback, and nothing changed."""

import os
import stat
from pathlib import Path

import click
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app import create_app
from core import db
from tenants.models import Membership, Role
from tests.cast import Cast
from tests.conftest import settings_for
from tests.plans.items_scene import ScopeOf

# Python carries the bytes of an argument that are no UTF-8 along like this.
NO_TEXT = "a\udc80b"


def ran(app: Flask, *arguments: str, said: bytes = b"") -> Result:
    found = app.test_cli_runner().invoke(args=arguments, input=said)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exc_info
    assert click.get_current_context(silent=True) is None
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        ("tenant", "add", NO_TEXT),
        ("tenant", "restore", NO_TEXT),
        ("user", "disable", NO_TEXT),
        ("user", "add", "new@people.example", "--name", NO_TEXT),
        ("member", "add", NO_TEXT, "bakery"),
        ("audit", "run", "--tenant", NO_TEXT),
        ("audit", "run", "--as-of", "0001-01-01"),
        ("audit", "run", "--as-of", "yesterday"),
        ("mail", "bounced", "/dev"),
        ("mail", "bounced", "/nowhere"),
    ],
)
def test_an_argument_that_cannot_be_meant_is_refused_in_a_sentence(app: Flask, arguments: tuple[str, ...]) -> None:
    found = ran(app, *arguments, said=b"a long sentence of my own\n")
    assert found.exit_code == 2
    assert "Error: " in found.output


def test_a_password_that_is_no_text_is_refused_in_a_sentence(app: Flask) -> None:
    found = ran(app, "user", "add", "new@people.example", "--name", "New", said=b"\xff\xfe a long sentence\n")
    assert (found.exit_code, "as text in UTF-8" in found.output) == (1, True)


def test_a_report_takes_the_place_of_nothing_but_a_file(app: Flask, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found = ran(app, "report", "findings", "--tenant", "bakery", "--out", str(pipe))
    assert (found.exit_code, stat.S_ISFIFO(pipe.stat().st_mode)) == (2, True)


def test_the_last_owner_stays_owner_whatever_a_command_says(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    demote = ("member", "add", cast.owner.email, cast.bakery.slug, "--role", "reader")
    refused = ran(app, *demote)
    assert refused.exit_code == 1
    assert "laatste eigenaar" in refused.output or "last owner" in refused.output
    assert ran(app, "member", "add", cast.editor.email, cast.bakery.slug, "--role", "owner").exit_code == 0
    assert ran(app, *demote).exit_code == 0
    with scope_of(cast.bakery):
        query = sa.select(Membership.user_id).where(Membership.role == Role.OWNER, Membership.ends_at.is_(None))
        assert db.session().scalars(query).all() == [cast.editor.id]


@pytest.mark.once
def test_a_new_database_is_for_nobody_else_on_the_machine(tmp_path: Path) -> None:
    folder, before = tmp_path / "data", os.umask(0)
    try:
        app = create_app(settings_for(f"sqlite:///{folder / 'waarborg.db'}", "", folder))
        with app.app_context():
            with db.engine().begin() as connection:
                connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
                modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()}
            db.engine().dispose()
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {"waarborg.db", "waarborg.db-wal", "waarborg.db-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}
