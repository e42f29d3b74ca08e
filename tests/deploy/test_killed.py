"""Commands killed half-way, at random moments, in processes of their own: run again they finish what they began."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from audits.models import AuditState, Finding
from core import db
from core.db import Base
from core.settings import Settings
from plans.models import Contact
from tenants.models import TrailEntry
from tenants.scope import reading, scoped, whole
from tests.cast import Cast
from tests.conftest import Stable, running

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("WAARBORG_TEST_KILLS", "6"))


def kill(settings: Settings, *command: str, seed: int = 7) -> int:
    """Kill a command again and again, let it end at last, and return how many were killed."""
    anchors = str(settings.data_dir / "anchors")
    program = [sys.executable, "-m", "tests.deploy.killing", settings.database_url, settings.owner_database_url or "-"]
    program += [str(settings.data_dir), str(settings.master_key_file), anchors, str(KILLS), str(seed), *command]
    ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = int(ran.stdout.split()[-1])
    assert found, "nobody was killed: this shows nothing"
    return found


def fill(app: Flask, cast: Cast) -> None:
    for place in (cast.bakery, cast.supplier, cast.other):
        with app.app_context(), scoped(whole(place.id)):
            db.session().add_all(Contact(name=f"Henk {number}", phone=f"06-{number}") for number in range(50))


def settings_of(app: Flask) -> Settings:
    found: Settings = app.config["SETTINGS"]
    with app.app_context():
        db.session().close()
        db.engine().dispose()
    return found


def test_a_judgement_that_was_killed_judges_each_organisation_once_in_effect(apart: Flask, cast: Cast) -> None:
    fill(apart, cast)
    kill(settings_of(apart), "audit", "run", seed=3)
    every = frozenset({cast.bakery.id, cast.supplier.id, cast.other.id})
    with apart.app_context(), scoped(reading(every), writes=False):
        judged = db.session().scalars(sa.select(AuditState.tenant_id)).all()
        keys = db.session().execute(
            sa.select(Finding.tenant_id, Finding.rule_code, Finding.subject_key, Finding.message).where(
                Finding.closed_at.is_(None)
            )
        ).all()  # fmt: skip
    assert set(judged) == every
    assert keys
    assert len(keys) == len(set(keys)), "a finding stands there twice"


def test_a_workbook_that_was_killed_is_whole_or_not_there(apart: Flask, cast: Cast, tmp_path: Path) -> None:
    fill(apart, cast)
    settings, out = settings_of(apart), tmp_path / "out"
    out.mkdir()
    kill(settings, "report", "findings", "--tenant", "bakery", "--out", str(out / "findings.xlsx"))
    assert [path.name for path in out.iterdir()] == ["findings.xlsx"], "halves are left lying about"
    with ZipFile(out / "findings.xlsx") as made:
        assert made.testzip() is None
    with apart.app_context(), scoped(reading(frozenset({cast.bakery.id})), writes=False):
        told = db.session().scalars(sa.select(TrailEntry.action).where(TrailEntry.action == "report.exported")).all()
    assert told


def test_a_new_master_key_that_was_killed_opens_everything(apart: Flask, cast: Cast) -> None:
    fill(apart, cast)
    settings = settings_of(apart)
    kill(settings, "keys", "rewrap", "--new")
    kill(settings, "keys", "rotate", seed=11)
    kill(settings, "trail", "anchor", seed=13)
    verified = apart.test_cli_runner().invoke(args=["trail", "verify"])
    assert verified.exit_code == 0, verified.output
    halves = [path.name for path in settings.data_dir.rglob("*") if path.name.startswith(".")]
    assert not [name for name in halves if "master" in name], halves
    with apart.app_context(), scoped(reading(frozenset({cast.bakery.id})), writes=False):
        assert len(db.session().scalars(sa.select(Contact.phone).where(Contact.phone != "")).all()) == 50


def test_tables_that_were_killed_on_their_way_up_get_there(stable: Stable, tmp_path: Path) -> None:
    with running(stable, "", tmp_path / "data") as app:
        kill(settings_of(app), "db", "upgrade")
        with app.app_context(), db.engine().connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
