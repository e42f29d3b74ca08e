"""Settings: read once from the environment (prefix WAARBORG_), checked, frozen."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

PREFIX = "WAARBORG_"
ROOT = Path(__file__).resolve().parent.parent
E = TypeVar("E", bound=StrEnum)


class Environment(StrEnum):
    """Where the service runs: on somebody's desk, or with real data."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class BatchesBy(StrEnum):
    """Who works on many organisations: the scheduler's own process, or workers through procrastinate."""

    OWN = "own"
    PROCRASTINATE = "procrastinate"


class SettingError(ValueError):
    """A setting has a value the service cannot start with; the text names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides. Durations in minutes, sizes in bytes."""

    env: Environment
    host: str
    port: int
    base_url: str
    data_dir: Path
    database_url: str
    owner_database_url: str
    secret_key: str
    master_key_file: Path
    anchor_dir: Path
    anchor_mail: str
    # Who runs this service, and where people ask about their data or report a leak: an address or an https page.
    provider: str
    contact: str
    smtp_url: str
    mail_from: str
    # To which mail comes back, each with a number of its own after a "+"; "" for mail_from.
    mail_bounces: str
    log_level: str
    scheduler: bool
    runner: BatchesBy
    sweep_at: str
    session_idle_minutes: int
    session_absolute_minutes: int
    step_up_minutes: int
    trusted_proxies: int
    upload_limit: int
    # How many days the file of a made report is kept.
    report_days: int
    # Of tests only: a certificate authority, whose servers on this machine may be called as if they stood outside.
    test_loopback_ca: str

    @property
    def https(self) -> bool:
        """Tell whether people reach the service over https."""
        return self.base_url.startswith("https://")


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read every WAARBORG_ variable of `environ`, with its default.

    Raises SettingError, naming the variable, when a value cannot be used or a name is unknown.
    """
    reader = _Reader(environ)
    settings = _settings(reader)
    _check_together(settings)
    reader.refuse_unknown()
    return settings


def _settings(reader: "_Reader") -> Settings:
    port = reader.number("PORT", 8000, 1, 65535)
    base_url = reader.url("BASE_URL", f"http://localhost:{port}", {"http", "https"}).rstrip("/")
    data_dir = Path(reader.text("DATA_DIR", str(ROOT / "instance"))).resolve()
    return Settings(
        env=reader.choice("ENV", Environment, Environment.DEVELOPMENT),
        host=reader.text("HOST", "127.0.0.1"),
        port=port,
        base_url=base_url,
        data_dir=data_dir,
        database_url=_driver(reader.url("DATABASE_URL", f"sqlite:///{data_dir / 'waarborg.db'}", DATABASE_SCHEMES)),
        owner_database_url=_driver(reader.url("OWNER_DATABASE_URL", "", DATABASE_SCHEMES)),
        secret_key=reader.secret("SECRET_KEY", data_dir / "secret.key"),
        master_key_file=Path(reader.text("MASTER_KEY_FILE", str(data_dir / "master.key"))).resolve(),
        anchor_dir=Path(reader.text("ANCHOR_DIR", str(data_dir / "anchors"))).resolve(),
        anchor_mail=reader.mailbox("ANCHOR_MAIL", ""),
        provider=reader.line("PROVIDER", ""),
        contact=reader.contact("CONTACT", ""),
        smtp_url=reader.url("SMTP_URL", "", {"smtp", "smtps"}),
        mail_from=reader.mailbox("MAIL_FROM", ""),
        mail_bounces=reader.return_address("MAIL_BOUNCES", ""),
        log_level=reader.one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        scheduler=reader.one_of("SCHEDULER", "on", ("on", "off")) == "on",
        runner=reader.choice("RUNNER", BatchesBy, BatchesBy.OWN),
        sweep_at=reader.time_of_day("SWEEP_AT", "04:30"),
        session_idle_minutes=reader.number("SESSION_IDLE_MINUTES", 30, 1, 1440),
        session_absolute_minutes=reader.number("SESSION_ABSOLUTE_MINUTES", 720, 1, 10080),
        step_up_minutes=reader.number("STEP_UP_MINUTES", 10, 1, 1440),
        trusted_proxies=reader.number("TRUSTED_PROXIES", int(base_url.startswith("https://")), 0, 5),
        upload_limit=reader.number("UPLOAD_LIMIT", 10_000_000, 100_000, 100_000_000),
        report_days=reader.number("REPORT_DAYS", 400, 30, 36_500),
        test_loopback_ca=reader.text("TEST_LOOPBACK_CA", ""),
    )


def _check_together(settings: Settings) -> None:
    if settings.runner is BatchesBy.PROCRASTINATE and not settings.database_url.startswith("postgresql"):
        raise SettingError(f"{PREFIX}RUNNER: procrastinate needs PostgreSQL")
    if settings.test_loopback_ca and settings.env is Environment.PRODUCTION:
        raise SettingError(f"{PREFIX}TEST_LOOPBACK_CA: is for tests, and refused in production")


DATABASE_SCHEMES = {"sqlite", "postgresql", "postgresql+psycopg"}


def _driver(url: str) -> str:
    return "postgresql+psycopg" + url.removeprefix("postgresql") if url.startswith("postgresql://") else url


class _Reader:
    """Takes one variable after the other and remembers which names it knows."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.known: set[str] = set()

    def text(self, name: str, default: str) -> str:
        self.known.add(PREFIX + name)
        return self.environ.get(PREFIX + name, default).strip()

    def one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise SettingError(f"{PREFIX}{name}: {value!r} is not one of {', '.join(allowed)}")
        return value

    def choice(self, name: str, kind: type[E], default: E) -> E:
        return kind(self.one_of(name, default.value, tuple(kind)))

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise SettingError(f"{PREFIX}{name}: {value!r} is not a whole number from {low} to {high}")
        return int(value)

    def url(self, name: str, default: str, schemes: set[str]) -> str:
        value = self.text(name, default)
        if value and urlsplit(value).scheme not in schemes:
            raise SettingError(f"{PREFIX}{name}: must begin with one of {', '.join(sorted(schemes))}")
        return value

    def line(self, name: str, default: str) -> str:
        """Take one line of text that people will read."""
        value = self.text(name, default)
        if len(value) > 200 or not value.isprintable():
            raise SettingError(f"{PREFIX}{name}: must be one line of at most 200 characters")
        return value

    def contact(self, name: str, default: str) -> str:
        """Take a plain mail address or the https address of a page; return it as it stands."""
        value = self.text(name, default)
        mail = re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", value)
        page = re.fullmatch(r"https://[A-Za-z0-9.-]+(:\d+)?(/[!-~]*)?", value)
        if value and not (mail or page):
            raise SettingError(f"{PREFIX}{name}: must be a plain mail address or begin with https://")
        return value

    def mailbox(self, name: str, default: str) -> str:
        """Take one address, alone or as `Name <local@host>`."""
        value = self.text(name, default)
        address = parseaddr(value)[1]
        if value and (not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", address) or not value.isprintable()):
            raise SettingError(f"{PREFIX}{name}: must be one address, such as Waarborg <noreply@example.org>")
        return value

    def return_address(self, name: str, default: str) -> str:
        """Take one plain address that leaves room for a number after a plus sign (RFC 5321: 64 characters)."""
        value = self.mailbox(name, default)
        if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,24}@[A-Za-z0-9.-]+", value):
            raise SettingError(f"{PREFIX}{name}: must be one plain address with at most 24 characters before the @")
        return value

    def time_of_day(self, name: str, default: str) -> str:
        value = self.text(name, default)
        hour, _, minute = value.partition(":")
        if not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
            raise SettingError(f"{PREFIX}{name}: {value!r} is not a time as 04:30")
        if int(hour) == 2:
            # Europe/Amsterdam has this hour twice in October and not at all in March.
            raise SettingError(f"{PREFIX}{name}: must not lie between 02:00 and 03:00, when clocks change")
        return value

    def secret(self, name: str, path: Path) -> str:
        """Take the secret from the environment, else from `path`, made on first use with mode 600."""
        value = self.text(name, "")
        if value:
            if len(value) < 32:
                raise SettingError(f"{PREFIX}{name}: must have at least 32 characters")
            return value
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(made := secrets.token_urlsafe(48))
        return made

    def refuse_unknown(self) -> None:
        mistyped = sorted(
            name
            for name in self.environ
            if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_") and name not in self.known | FOREIGN
        )
        if mistyped:
            raise SettingError(f"{mistyped[0]}: no such setting")


# Read by the start script, before the service exists.
FOREIGN = {f"{PREFIX}SAMPLE"}
