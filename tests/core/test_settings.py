"""Settings: a wrong one refuses the start and names the variable."""

from pathlib import Path

import pytest

from core.settings import Environment, SettingError, read_settings


def test_defaults_start_on_a_desk(tmp_path: Path) -> None:
    settings = read_settings({"WAARBORG_DATA_DIR": str(tmp_path)})
    assert settings.env is Environment.DEVELOPMENT
    assert settings.database_url == f"sqlite:///{tmp_path}/waarborg.db"
    assert settings.scheduler


def test_secret_is_made_once_and_readable_to_nobody_else(tmp_path: Path) -> None:
    first = read_settings({"WAARBORG_DATA_DIR": str(tmp_path)}).secret_key
    assert read_settings({"WAARBORG_DATA_DIR": str(tmp_path)}).secret_key == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("ENV", "prod"),
        ("SCHEDULER", "yes"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", "mysql://x"),
        ("BASE_URL", "waarborg.example"),
        ("SMTP_URL", "http://mail"),
        ("MAIL_BOUNCES", "Bounces <bounces@x.example>"),
        ("MAIL_BOUNCES", "twenty-five.or-longer-box@x.example"),
        ("SECRET_KEY", "short"),
        ("SWEEP_AT", "02:30"),
        ("SWEEP_AT", "25:00"),
        ("UPLOAD_LIMIT", "0"),
        ("DATABSE_URL", "sqlite://"),
    ],
)
def test_wrong_setting_refuses_and_names_the_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"WAARBORG_{name}"):
        read_settings({"WAARBORG_DATA_DIR": str(tmp_path), f"WAARBORG_{name}": value})


def test_secret_of_a_setting_is_not_told_in_the_refusal(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({"WAARBORG_DATA_DIR": str(tmp_path), "WAARBORG_DATABASE_URL": "mysql://me:hunter2@db"})
    assert "hunter2" not in str(caught.value)
