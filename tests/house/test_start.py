"""What a start costs is what it imports: heavy packages wait for whoever needs them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from flask import Flask

from app import COMMANDS
from core.commands import Place
from tests.conftest import Stable

ROOT = Path(__file__).resolve().parents[2]
# Each of these costs a tenth of a second to two seconds.
NEVER_AT_THE_START = {
    "alembic", "authlib", "hypothesis", "mako", "numpy", "openpyxl", "pandas", "playwright", "pygments",
    "python_calamine", "requests", "sample", "segno", "webauthn",
}  # fmt: skip
NOT_FOR_AN_AUDIT_WITH_NOTHING_DUE = NEVER_AT_THE_START | {
    "apscheduler", "argon2", "continuity", "flask_wtf", "phonenumbers", "plans", "serving",
}  # fmt: skip
# The jobs are another fork of the same master, which imports for itself what only they need.
NEVER_BESIDE_PAGES = NEVER_AT_THE_START | {
    "apscheduler", "core.background.scheduler", "core.background.workers", "core.sheets.inside.worker",
    "core.typesetting.worker", "procrastinate", "typst",
}  # fmt: skip
LOADED = """
import sys
sys.modules["rich"] = None  # came with a tool of these tests, and the log would take it along
{program}
print(*sorted({{name.partition(".")[0] for name in sys.modules}} | set(sys.modules)))
"""
A_SERVER = "import app, serving; app.create_app()"
PASSWORD = "lepel tafel dijk zeven"
PAGES = (
    "", "findings", "expiries", "trends", "plan/", "plan/path", "plan/runbook", "registers/contacts", "import/",
    "continuity/", "reports/", "settings",
)  # fmt: skip
A_MEMBER = """
import app
commands = app.create_app().test_cli_runner()
for told, asked in [
    (None, ["tenant", "add", "De Halm"]),
    ("{password}\\n", ["user", "add", "eva@example.org", "--name", "Eva de Halm"]),
    (None, ["member", "add", "eva@example.org", "de-halm", "--role", "owner"]),
]:
    done = commands.invoke(args=asked, input=told)
    assert done.exit_code == 0, done.output
"""
# As gunicorn's master makes it, and what a fork of it does when people ask for pages.
A_WEB_WORKER = """
from core.serving import master
master.take_charge()
import app
served = app.create_server()
visitor = served.test_client()
token = visitor.get("/sign-in").text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
form = {{"csrf_token": token, "email": "eva@example.org", "password": "{password}"}}
assert visitor.post("/sign-in", data=form).status_code == 302
for page in {pages}:
    answer = visitor.get("/o/de-halm/" + page)
    assert answer.status_code == 200, (page, answer.status_code)
"""
A_COMMAND = """
from click.testing import CliRunner
from flask.cli import FlaskGroup
result = CliRunner().invoke(FlaskGroup(), ["--app", "app", "audit", "run"])
assert "{told}" in result.output, result.output
"""


# One process for all: starting takes longer than any of them.
WITHOUT_TABLES = """
from click.testing import CliRunner
from flask.cli import FlaskGroup
told = "Error: This database lacks our tables, or some of them. Run: flask --app app db upgrade\\n"
for command in ["audit run", "report findings --tenant x --out x.xlsx", "tenant add X"]:
    result = CliRunner().invoke(FlaskGroup(), ["--app", "app", *command.split()])
    assert (result.exit_code, result.stderr) == (1, told), (command, result.stderr)
"""


# What `flask` runs without a page: the tables, an organisation, and each workbook of it.
WITHOUT_PAGES = """
from click.testing import CliRunner
from flask.cli import FlaskGroup
from audits.workbooks import BY_NAME
made = [f"report {{name}} --tenant de-halm --out {out}" for name in BY_NAME]
made += [f"{{one}} --language en" for one in made]
for command in ["db upgrade", "tenant add De-Halm", *made]:
    result = CliRunner().invoke(FlaskGroup(), ["--app", "app", *command.split()])
    assert result.exit_code == 0, (command, result.output, result.exception)
"""


def an_audit(told: str) -> str:
    """Return the program that audits what is due and must tell `told`."""
    return A_COMMAND.replace("{told}", told)


def loaded(program: str, tmp_path: Path, scheduler: str = "off") -> set[str]:
    """Return which packages and modules a new process has imported after `program`."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(program=program)],
        cwd=ROOT, env={"WAARBORG_DATA_DIR": str(tmp_path), "WAARBORG_SCHEDULER": scheduler},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_server_starts_without_what_only_some_requests_need(tmp_path: Path) -> None:
    assert not NEVER_AT_THE_START & loaded(A_SERVER, tmp_path)


@pytest.mark.once
def test_who_answers_pages_never_imports_what_only_jobs_and_files_need(stable: Stable, tmp_path: Path) -> None:
    shutil.copyfile(stable.folder / f"empty_{os.getpid()}.db", tmp_path / "waarborg.db")
    loaded(A_MEMBER.replace("{password}", PASSWORD), tmp_path)
    found = loaded(A_WEB_WORKER.format(password=PASSWORD, pages=PAGES), tmp_path, scheduler="on")
    assert found >= {"core.serving.master", "audits.home"}
    assert sorted(NEVER_BESIDE_PAGES & found) == []


@pytest.mark.once
def test_an_audit_with_nothing_due_imports_neither_plans_nor_rules(stable: Stable, tmp_path: Path) -> None:
    shutil.copyfile(stable.folder / f"empty_{os.getpid()}.db", tmp_path / "waarborg.db")
    assert not NOT_FOR_AN_AUDIT_WITH_NOTHING_DUE & loaded(an_audit("0 judged"), tmp_path)
    added = "import app; app.create_app().test_cli_runner().invoke(args=['tenant', 'add', 'De Halm'])"
    loaded(added, tmp_path)
    assert loaded(an_audit("1 judged, 0 failed"), tmp_path) >= {"plans", "continuity"}
    assert not NOT_FOR_AN_AUDIT_WITH_NOTHING_DUE & loaded(an_audit("0 judged"), tmp_path)


@pytest.mark.once
def test_tables_organisations_and_workbooks_are_made_without_the_pages(stable: Stable, tmp_path: Path) -> None:
    shutil.copyfile(stable.folder / f"empty_{os.getpid()}.db", tmp_path / "waarborg.db")
    found = loaded(WITHOUT_PAGES.format(out=tmp_path / "made.xlsx"), tmp_path)
    assert found >= {"audits.workbooks", "tenants.commands", "alembic"}
    assert not found & {
        "serving",
        "apscheduler",
        "audits.report_views",
        "plans.views",
        "plans.pages",
        "openpyxl",
        "pandas",
    }


@pytest.mark.parametrize("place", COMMANDS, ids=lambda place: place.name)
def test_every_command_stands_where_the_table_says(app: Flask, place: Place) -> None:
    command = app.cli.get_command(click.Context(app.cli), place.name)
    assert command is not None
    assert command.name == place.name


def test_the_table_names_each_command_once() -> None:
    assert len({place.name for place in COMMANDS}) == len(COMMANDS)


def test_a_database_without_tables_is_told_in_a_sentence(tmp_path: Path) -> None:
    loaded(WITHOUT_TABLES, tmp_path)
