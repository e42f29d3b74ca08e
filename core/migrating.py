"""Migrations: Alembic stays behind this module, and out of every process that changes no tables."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask.cli import AppGroup

from core.settings import ROOT

FOLDER = ROOT / "migrations"
HEAD = "head"

db_cli = AppGroup("db", help="The tables: bring them up to date, and write the next step.")


def upgrade(revision: str = HEAD) -> None:
    """Bring the tables of the running application up to `revision`. Raises CommandError when there is none."""
    command.upgrade(_config(), revision)


def downgrade(revision: str) -> None:
    """Bring the tables of the running application down to `revision`. Raises CommandError when there is none."""
    command.downgrade(_config(), revision)


def heads() -> set[str]:
    """Return the newest steps there are: one, unless two were written beside each other."""
    return set(ScriptDirectory.from_config(_config()).get_heads())


def _config(*, autogenerate: bool = False) -> Config:
    # Standard output as it is at this moment: tests put another stream there.
    config = Config(FOLDER / "alembic.ini", stdout=sys.stdout)
    config.set_main_option("script_location", str(FOLDER))
    config.cmd_opts = argparse.Namespace(autogenerate=autogenerate, x=[])
    return config


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise click.ClickException(str(error)) from error


@db_cli.command("upgrade")
@click.argument("revision", default=HEAD)
def db_upgrade(revision: str) -> None:
    """Bring the tables up to REVISION, the newest by default."""
    with _told():
        upgrade(revision)


@db_cli.command("downgrade")
@click.argument("revision", default="-1")
def db_downgrade(revision: str) -> None:
    """Bring the tables down to REVISION, one step by default."""
    with _told():
        downgrade(revision)


@db_cli.command("revision")
@click.option("-m", "--message", required=True, help="What the step does.")
@click.option("--autogenerate", is_flag=True, help="Write it from what the models and the tables differ in.")
@click.option("--rev-id", help="Number of the step.")
def db_revision(message: str, autogenerate: bool, rev_id: str | None) -> None:
    """Write a new step."""
    with _told():
        command.revision(_config(autogenerate=autogenerate), message, autogenerate=autogenerate, rev_id=rev_id)


@db_cli.command("current")
def db_current() -> None:
    """Show at which step the tables are."""
    with _told():
        command.current(_config())


@db_cli.command("history")
def db_history() -> None:
    """Show all steps, newest first."""
    command.history(_config())


@db_cli.command("heads")
def db_heads() -> None:
    """Show the newest step."""
    command.heads(_config())


@db_cli.command("check")
def db_check() -> None:
    """Tell whether the models ask for a step that is not written yet. Exit status 1 when they do."""
    with _told():
        command.check(_config())


@db_cli.command("stamp")
@click.argument("revision", default=HEAD)
def db_stamp(revision: str) -> None:
    """Note that the tables are at REVISION, without changing them."""
    with _told():
        command.stamp(_config(), revision)
