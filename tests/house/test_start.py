"""What a start costs is what it imports: heavy packages wait for whoever needs them."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from flask import Flask

from app import COMMANDS
from core.commands import Place

ROOT = Path(__file__).resolve().parents[2]
# Each of these costs a tenth of a second to two seconds.
NEVER_AT_THE_START = {
    "alembic", "authlib", "hypothesis", "mako", "numpy", "openpyxl", "pandas", "playwright", "pygments",
    "python_calamine", "requests", "sample", "segno", "webauthn",
}  # fmt: skip
NOT_FOR_A_COMMAND_WITHOUT_PAGES = NEVER_AT_THE_START | {"apscheduler", "argon2", "flask_wtf", "phonenumbers", "serving"}
LOADED = """
import sys
{program}
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""
A_SERVER = "import app, serving; app.create_app()"
A_COMMAND = """
from click.testing import CliRunner
from flask.cli import FlaskGroup
result = CliRunner().invoke(FlaskGroup(), ["--app", "app", "audit", "run"])
assert "flask --app app db upgrade" in result.output, result.output
"""


def loaded(program: str, tmp_path: Path) -> set[str]:
    """Return which packages a new process has imported after `program`."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(program=program)],
        cwd=ROOT, env={"WAARBORG_DATA_DIR": str(tmp_path), "WAARBORG_SCHEDULER": "off"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_server_starts_without_what_only_some_requests_need(tmp_path: Path) -> None:
    assert not NEVER_AT_THE_START & loaded(A_SERVER, tmp_path)


def test_the_audit_starts_without_pages(tmp_path: Path) -> None:
    assert not NOT_FOR_A_COMMAND_WITHOUT_PAGES & loaded(A_COMMAND, tmp_path)


@pytest.mark.parametrize("place", COMMANDS, ids=lambda place: place.name)
def test_every_command_stands_where_the_table_says(app: Flask, place: Place) -> None:
    command = app.cli.get_command(click.Context(app.cli), place.name)
    assert command is not None
    assert command.name == place.name


def test_the_table_names_each_command_once() -> None:
    assert len({place.name for place in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize("command", ["audit run", "report findings --tenant x --out x.xlsx", "tenant add X"])
def test_a_database_without_tables_is_told_in_a_sentence(tmp_path: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *command.split()],
        cwd=ROOT, env={"WAARBORG_DATA_DIR": str(tmp_path), "WAARBORG_SCHEDULER": "off"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "Error: This database lacks our tables, or some of them. Run: flask --app app db upgrade\n"
