"""Every unsafe setting is named, and stops a server in production; safe ones stop nothing."""

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

import app as assembly
from app import create_app
from core import clock, db
from core.deploy import Remark, UnsafeDeployment, Weight, refuse_unsafe, remarks
from core.settings import read_settings
from tenants import services
from tests.conftest import Stable

SAFE_SECRET = secrets.token_urlsafe(48)
# One of these on PostgreSQL tells all of them apart from SQLite.
ONCE = pytest.mark.once


@pytest.fixture
def deployed(stable: Stable, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make a service in production that is safe, but for the settings given."""
    made: list[tuple[Flask, str]] = []
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def deploy(template: str = "empty", **more: str) -> Flask:
        address, _owner = stable.fresh(f"{template}_{os.getpid()}" if template else "")
        for file in Path(sa.make_url(address).database or "").parent.glob(f"{Path(address).name}*"):
            file.chmod(0o600)  # as the service makes it; here it is a copy
        environment = {
            "ENV": "production",
            "BASE_URL": "https://waarborg.stichting.nl",
            "DATABASE_URL": address,
            "DATA_DIR": str(tmp_path / "data"),
            "MASTER_KEY_FILE": str(elsewhere / "master.key"),
            "ANCHOR_DIR": str(elsewhere / "anchors"),
            "SECRET_KEY": SAFE_SECRET,
            "SMTP_URL": "smtps://mail.stichting.nl",
            "MAIL_FROM": "waarborg@stichting.nl",
            "PROVIDER": "Stichting Voorbeeld",
            "CONTACT": "lek@stichting.nl",
            "SCHEDULER": "off",
            **more,
        }
        app = create_app(read_settings({f"WAARBORG_{name}": value for name, value in environment.items() if value}))
        made.append((app, address))
        return app

    yield deploy
    for app, address in made:
        with app.app_context():
            db.rollback()
            db.session().close()
            db.engine().dispose()
        stable.drop(address)


def told(app: Flask, environ: dict[str, str] | None = None, arguments: tuple[str, ...] = ()) -> list[Remark]:
    with app.app_context():
        return remarks({"WAARBORG_SECRET_KEY": SAFE_SECRET} if environ is None else environ, arguments)


def test_safe_settings_are_not_remarked_on(deployed: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAARBORG_SECRET_KEY", SAFE_SECRET)
    app = deployed()
    assert told(app) == []
    refuse_unsafe(app)
    answer = app.test_cli_runner().invoke(args=["check-deploy"])
    assert (answer.exit_code, answer.output) == (0, "Nothing stands in the way.\n")


@pytest.mark.once
@pytest.mark.parametrize(
    ("setting", "value", "weight", "named"),
    [
        pytest.param("ENV", "development", Weight.FAULT, "WAARBORG_ENV", id="development"),
        pytest.param("LOG_LEVEL", "DEBUG", Weight.FAULT, "WAARBORG_LOG_LEVEL", id="debug log"),
        pytest.param("BASE_URL", "http://waarborg.stichting.nl", Weight.FAULT, "WAARBORG_BASE_URL", id="http"),
        pytest.param("BASE_URL", "https://localhost", Weight.FAULT, "WAARBORG_BASE_URL", id="localhost"),
        pytest.param("BASE_URL", "https://127.0.0.1", Weight.FAULT, "WAARBORG_BASE_URL", id="loopback"),
        pytest.param("BASE_URL", "https://192.168.1.2", Weight.FAULT, "WAARBORG_BASE_URL", id="private"),
        pytest.param("TRUSTED_PROXIES", "0", Weight.WARNING, "WAARBORG_TRUSTED_PROXIES", id="no proxy"),
        pytest.param("SECRET_KEY", "a" * 48, Weight.FAULT, "WAARBORG_SECRET_KEY", id="one letter"),
        pytest.param("SECRET_KEY", "0123456789a" * 4, Weight.FAULT, "WAARBORG_SECRET_KEY", id="eleven letters"),
        pytest.param("SECRET_KEY", f"changeme{SAFE_SECRET}", Weight.FAULT, "WAARBORG_SECRET_KEY", id="made up"),
        pytest.param("ANCHOR_DIR", "", Weight.FAULT, "WAARBORG_ANCHOR_DIR", id="anchors at hand"),
        pytest.param("MASTER_KEY_FILE", "", Weight.FAULT, "WAARBORG_MASTER_KEY_FILE", id="key in the backup"),
        pytest.param("SMTP_URL", "", Weight.WARNING, "WAARBORG_SMTP_URL", id="no mail"),
        pytest.param("MAIL_FROM", "", Weight.WARNING, "WAARBORG_MAIL_FROM", id="no sender"),
        pytest.param("PROVIDER", "", Weight.WARNING, "WAARBORG_PROVIDER", id="nobody runs it"),
        pytest.param("CONTACT", "", Weight.WARNING, "WAARBORG_CONTACT", id="nobody to ask"),
        pytest.param(
            "OWNER_DATABASE_URL", "postgresql://a@b/c", Weight.WARNING, "WAARBORG_OWNER_DATABASE_URL", id="owner"
        ),
    ],
)
def test_unsafe_setting_is_named(
    deployed: Callable[..., Flask], setting: str, value: str, weight: Weight, named: str
) -> None:
    found = told(deployed(**{setting: value}))
    assert (found[0].weight, named in found[0].text) == (weight, True)
    # What else may follow from it, such as cookies that are not secure over http.
    assert len(found) <= 2


def test_a_database_that_others_may_read_is_named(deployed: Callable[..., Flask], database: str) -> None:
    app = deployed()
    path = Path(sa.make_url(app.config["SETTINGS"].database_url).database or "")
    if database == "sqlite":
        path.chmod(0o644)
        path.parent.chmod(0o755)
    found = told(app)
    assert [one.weight for one in found] == ([Weight.WARNING] if database == "sqlite" else [])
    assert all("chmod 600" in one.text for one in found)
    if database == "sqlite":
        path.parent.chmod(0o700)
        assert told(app) == []


@pytest.mark.once
def test_anchors_by_mail_are_enough(deployed: Callable[..., Flask]) -> None:
    assert told(deployed(ANCHOR_DIR="", ANCHOR_MAIL="keeper@stichting.nl")) == []


@pytest.mark.once
def test_twelve_different_signs_are_enough(deployed: Callable[..., Flask]) -> None:
    assert told(deployed(SECRET_KEY="qzvbnmhjklyu" * 3)) == []


@pytest.mark.once
@pytest.mark.parametrize(("flag", "expected"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_debug_mode_is_named(deployed: Callable[..., Flask], flag: str, expected: bool) -> None:
    found = told(deployed(), {"WAARBORG_SECRET_KEY": SAFE_SECRET, "FLASK_DEBUG": flag})
    assert any("FLASK_DEBUG" in remark.text for remark in found) is expected


@pytest.mark.once
@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("TESTING", True, "FLASK_DEBUG"),
        ("TRUSTED_HOSTS", None, "TRUSTED_HOSTS"),
        ("SESSION_COOKIE_SECURE", False, "Secure and HttpOnly"),
        ("SESSION_COOKIE_HTTPONLY", False, "Secure and HttpOnly"),
        ("SESSION_COOKIE_SAMESITE", None, "SameSite"),
    ],
)
def test_unsafe_configuration_is_named(deployed: Callable[..., Flask], key: str, value: object, named: str) -> None:
    app = deployed()
    app.config[key] = value
    found = told(app)
    assert [remark.weight for remark in found] == [Weight.FAULT]
    assert named in found[0].text


@pytest.mark.once
@pytest.mark.parametrize(
    ("mode", "expected"),
    [pytest.param(0o600, 0, id="owner"), pytest.param(0o640, 1, id="group"), pytest.param(0o604, 1, id="everybody")],
)
def test_files_of_keys_that_others_may_read_are_named(deployed: Callable[..., Flask], mode: int, expected: int) -> None:
    app = deployed()
    settings = app.config["SETTINGS"]
    for path, environ in (
        (settings.master_key_file, {"WAARBORG_SECRET_KEY": SAFE_SECRET}),
        (settings.data_dir / "secret.key", {}),
    ):
        path.write_text("x", encoding="ascii")
        path.chmod(mode)
        found = [remark.text for remark in told(app, environ) if remark.weight is Weight.FAULT]
        assert len(found) == expected
        assert all(str(path) in text for text in found)
        path.unlink()


@pytest.mark.once
def test_key_beside_an_sqlite_file_elsewhere_is_named_too(deployed: Callable[..., Flask], tmp_path: Path) -> None:
    app = deployed()
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(
        settings, database_url=f"sqlite:///{tmp_path / 'apart' / 'w.db'}", master_key_file=tmp_path / "apart" / "m.key"
    )
    assert any("WAARBORG_MASTER_KEY_FILE" in remark.text for remark in told(app))


@pytest.mark.parametrize(
    ("environ", "arguments", "several"),
    [
        pytest.param({}, (), False, id="one", marks=ONCE),
        pytest.param({"WEB_CONCURRENCY": "1"}, (), False, id="one asked for", marks=ONCE),
        pytest.param({"WEB_CONCURRENCY": "2"}, (), True, id="by the environment"),
        pytest.param(
            {"GUNICORN_CMD_ARGS": "--threads 8 --workers=2"},
            (),
            True,
            id="by gunicorn's environment",
            marks=ONCE,
        ),
        pytest.param({}, ("gunicorn", "-w", "3", "app:create_server()"), True, id="by arguments", marks=ONCE),
        pytest.param({}, ("gunicorn", "-w1", "app:create_server()"), False, id="one by arguments", marks=ONCE),
    ],
)
def test_several_processes_on_one_sqlite_file_are_a_warning(
    deployed: Callable[..., Flask], database: str, environ: dict[str, str], arguments: tuple[str, ...], several: bool
) -> None:
    found = told(deployed(), {"WAARBORG_SECRET_KEY": SAFE_SECRET, **environ}, arguments)
    assert any("one SQLite file" in remark.text for remark in found) is (several and database == "sqlite")


def test_tables_that_are_not_up_to_date_are_named(deployed: Callable[..., Flask]) -> None:
    found = told(deployed(template=""))
    assert ["db upgrade" in remark.text for remark in found if remark.weight is Weight.FAULT][-1]


def test_older_tables_are_named(deployed: Callable[..., Flask]) -> None:
    app = deployed()
    if app.config["SETTINGS"].database_url.startswith("sqlite"):
        with app.app_context(), db.engine().begin() as connection:
            connection.execute(
                sa.update(sa.table("alembic_version", sa.column("version_num"))).values(version_num="0001")
            )
        assert any("db upgrade" in remark.text for remark in told(app))


def test_database_that_does_not_answer_is_named(deployed: Callable[..., Flask], tmp_path: Path) -> None:
    app = deployed()
    with app.app_context():
        db.engine().dispose()
        path = db.engine().url.database
        if db.engine().dialect.name == "sqlite":
            assert path
            Path(path).rename(tmp_path / "gone.db")
            Path(path).mkdir()
            assert any("does not answer" in remark.text for remark in remarks({"WAARBORG_SECRET_KEY": SAFE_SECRET}))
            Path(path).rmdir()
            (tmp_path / "gone.db").rename(path)


def test_role_that_owns_the_tables_is_named(stable: Stable, deployed: Callable[..., Flask]) -> None:
    app = deployed()
    assert not any("row-level security" in remark.text for remark in told(app))
    if stable.postgres is None:
        return
    with app.app_context():
        name = db.engine().url.database
        owner = sa.make_url(stable.postgres.owner).set(database=name).render_as_string(hide_password=False)
        db.engine().dispose()
    as_owner = create_app(replace(app.config["SETTINGS"], database_url=owner))
    assert any("row-level security" in remark.text for remark in told(as_owner))
    with as_owner.app_context():
        db.rollback()
        db.engine().dispose()


@pytest.mark.parametrize(
    ("email", "expected"), [("henk@bakkerijdehalm.example", True), ("henk@example.nl", False), ("a@b.examples", False)]
)
def test_sample_accounts_are_named_until_they_are_disabled(
    deployed: Callable[..., Flask], email: str, expected: bool
) -> None:
    app = deployed()
    with app.app_context():
        db.begin(writes=True)
        user = services.add_user(email, "Henk", "drie woorden en een vis", at=clock.now())
        db.commit()
        assert any("ample" in remark.text for remark in told(app)) is expected
        db.begin(writes=True)
        user.disabled_at = clock.now()
        db.commit()
    assert told(app) == []


@pytest.mark.once
def test_faults_stop_a_server_in_production_with_the_same_sentences(
    deployed: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAARBORG_SECRET_KEY", SAFE_SECRET)
    app = deployed(BASE_URL="http://waarborg.stichting.nl", SMTP_URL="")
    monkeypatch.setattr(assembly, "create_app", lambda: app)
    with pytest.raises(UnsafeDeployment) as stopped:
        assembly.create_server()
    answer = app.test_cli_runner().invoke(args=["check-deploy"])
    assert answer.exit_code == 1
    faults = [one.removeprefix("fault: ") for one in answer.output.splitlines() if one.startswith("fault: ")]
    assert faults
    assert str(stopped.value).splitlines()[1:] == faults
    assert any(one.startswith("warning: ") for one in answer.output.splitlines())


@pytest.mark.once
def test_warnings_stop_nothing(deployed: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAARBORG_SECRET_KEY", SAFE_SECRET)
    app = deployed(SMTP_URL="")
    refuse_unsafe(app)
    assert app.test_cli_runner().invoke(args=["check-deploy"]).exit_code == 0


@pytest.mark.once
def test_desk_starts_with_anything(app: Flask) -> None:
    refuse_unsafe(app)
    assert any(remark.weight is Weight.FAULT for remark in told(app))


@pytest.mark.once
def test_production_answers_to_its_own_host_only(deployed: Callable[..., Flask]) -> None:
    client = deployed().test_client()
    assert client.get("/healthz", base_url="https://waarborg.stichting.nl").status_code == 200
    assert client.get("/healthz", base_url="https://elsewhere.nl").status_code == 400
