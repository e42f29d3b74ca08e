"""Whether this installation is fit for real data: every setting that is not, in one sentence each.

`flask --app app check-deploy` prints them; in production the server refuses to start on the faults.
"""

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext

from core import db, roles
from core.settings import PREFIX, Environment, SettingError, Settings

EXTENSION = "waarborg.deploy_checks"
FEWEST_SIGNS = 12
MADE_UP = re.compile(r"secret|change|default|password|waarborg|example|test|12345", re.IGNORECASE)
WORKERS = re.compile(r"(?:^|\s)(?:-w\s*|--workers[=\s]+)(\d+)")
OTHERS = 0o077


class Weight(StrEnum):
    """A fault stops the server in production; a warning is told and nothing more."""

    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is not as it should be. text: a sentence that names the setting and what to do."""

    weight: Weight
    text: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is looked at: settings, the application's configuration, environment and arguments of this process."""

    settings: Settings
    config: Mapping[str, Any]
    debug: bool
    environ: Mapping[str, str]
    arguments: Sequence[str]


Check = Callable[[Deployment], Iterator[Remark]]


class UnsafeDeployment(SettingError):
    """The server was asked to start in production with settings that are not safe; the text says which."""


def fault(text: str) -> Remark:
    """Return a remark that stops the server in production."""
    return Remark(Weight.FAULT, text)


def warning(text: str) -> Remark:
    """Return a remark that stops nothing."""
    return Remark(Weight.WARNING, text)


def check_mode(seen: Deployment) -> Iterator[Remark]:
    """Look at what makes mistakes visible to strangers."""
    if seen.settings.env is not Environment.PRODUCTION:
        yield fault(f"{PREFIX}ENV is {seen.settings.env}: set it to production.")
    if seen.debug or seen.config.get("TESTING"):
        yield fault("Debug mode is on: unset FLASK_DEBUG, as it lets visitors run code.")
    if seen.settings.log_level == "DEBUG":
        yield fault(f"{PREFIX}LOG_LEVEL is DEBUG: set it to INFO, as debug lines may hold what people typed.")


def check_address(seen: Deployment) -> Iterator[Remark]:
    """Look at the address, which host is answered to, and the cookies."""
    address = urlsplit(seen.settings.base_url)
    if address.scheme != "https":
        yield fault(f"{PREFIX}BASE_URL begins with {address.scheme}://: passwords would travel readably; use https://.")
    if _is_local(address.hostname or ""):
        yield fault(f"{PREFIX}BASE_URL names {address.hostname}: mailed links would lead nowhere; name the real host.")
    if not seen.config.get("TRUSTED_HOSTS"):
        yield fault("TRUSTED_HOSTS is empty: anybody could choose the host of an address; leave it to the service.")
    if not (seen.config.get("SESSION_COOKIE_SECURE") and seen.config.get("SESSION_COOKIE_HTTPONLY")):
        yield fault("The session cookie is not Secure and HttpOnly: it could be read on the way or by a script.")
    if seen.config.get("SESSION_COOKIE_SAMESITE") not in {"Lax", "Strict"}:
        yield fault("The session cookie has no SameSite: other sites could send requests in a visitor's name.")
    if address.scheme == "https" and not seen.settings.trusted_proxies:
        yield warning(
            f"{PREFIX}TRUSTED_PROXIES is 0: behind a proxy every visitor counts as one address, and one locks out all."
        )


def _is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host in {"", "localhost"} or host.endswith((".localhost", ".local"))


def check_secrets(seen: Deployment) -> Iterator[Remark]:
    """Look at the secret of cookies and the master key."""
    settings = seen.settings
    if len(set(settings.secret_key)) < FEWEST_SIGNS or MADE_UP.search(settings.secret_key):
        yield fault(f"{PREFIX}SECRET_KEY looks made up: use 48 random characters, or leave it out and one is made.")
    own_file = settings.data_dir / "secret.key"
    if not seen.environ.get(f"{PREFIX}SECRET_KEY"):
        if _others_may(own_file):
            yield fault(f"{own_file} may be read by others: chmod 600, and make a new one as it is known by now.")
        if not _sqlite(settings):
            yield warning(f"The secret key comes from {own_file}: every machine of this service needs the same one.")
    key = settings.master_key_file
    if _others_may(key):
        yield fault(f"{key} may be read by others: chmod 600, as it opens everything that is encrypted.")
    if any(key.is_relative_to(folder) for folder in _copied(settings)):
        yield fault(
            f"{key} lies in the folder of the data: a copy of that folder would open itself; move it and name its new"
            f" place in {PREFIX}MASTER_KEY_FILE."
        )


def _others_may(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & OTHERS)


def _copied(settings: Settings) -> list[Path]:
    """Return the folders that a backup holds as a whole."""
    database = sa.make_url(settings.database_url).database
    beside = [Path(database).resolve().parent] if _sqlite(settings) and database else []
    return [settings.data_dir, *beside]


def _sqlite(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def check_anchors_and_mail(seen: Deployment) -> Iterator[Remark]:
    """Look at where the trail is anchored and whether mail can leave."""
    settings = seen.settings
    if settings.anchor_dir.is_relative_to(settings.data_dir) and not settings.anchor_mail:
        yield fault(
            f"The anchors of the trail lie beside the database: set {PREFIX}ANCHOR_MAIL, or {PREFIX}ANCHOR_DIR to a"
            " place that the service can only add to."
        )
    if not settings.smtp_url:
        yield warning(f"{PREFIX}SMTP_URL is empty: invitations, resets, reminders and anchors stay in a folder.")
    elif not settings.mail_from:
        yield warning(f"{PREFIX}MAIL_FROM is empty: many mail servers refuse mail without a sender of theirs.")


def check_database(seen: Deployment) -> Iterator[Remark]:
    """Look at the role, the tables and how many processes share one SQLite file."""
    settings = seen.settings
    if _sqlite(settings) and _workers(seen) > 1:
        yield warning("Several server processes share one SQLite file: writers wait for each other; use PostgreSQL.")
    if settings.owner_database_url:
        yield warning(f"{PREFIX}OWNER_DATABASE_URL stands in this environment: give it to migrations only.")
    yield from (
        warning(f"{file} may be read by others: chmod 600, and chmod 700 the folder it lies in.")
        for file in _files_of_database(settings)
        if _others_may(file) and _others_may(file.parent)
    )
    if not db.answers(db.engine()):
        yield fault(f"The database of {PREFIX}DATABASE_URL does not answer.")
        return
    unsafe = roles.unsafe_role()
    if unsafe is not None:
        yield fault(f"The role in {PREFIX}DATABASE_URL {unsafe}: row-level security would not bind it; use another.")
    if not _at_head():
        yield fault("The tables are not up to date: flask --app app db upgrade.")


def _files_of_database(settings: Settings) -> list[Path]:
    name = sa.make_url(settings.database_url).database
    return [Path(name + end).resolve() for end in ("", "-wal", "-shm")] if _sqlite(settings) and name else []


def _workers(seen: Deployment) -> int:
    """Return how many server processes this one was asked for, as far as gunicorn's own words tell."""
    told = " ".join([*shlex.split(seen.environ.get("GUNICORN_CMD_ARGS", "")), *seen.arguments])
    found = [int(number) for number in WORKERS.findall(told)]
    chosen = seen.environ.get("WEB_CONCURRENCY", "")
    return max([1, *found, *([int(chosen)] if chosen.isdecimal() else [])])


def _at_head() -> bool:
    from core.migrating import heads  # Alembic is needed nowhere else in a server

    version = sa.select(sa.column("version_num", sa.String())).select_from(sa.table("alembic_version"))
    try:
        with db.engine().connect().execution_options(**{db.WRITES: False}) as connection:
            return set(connection.scalars(version)) == heads()
    except (sa.exc.OperationalError, sa.exc.ProgrammingError):
        return False


def check_imprint(seen: Deployment) -> Iterator[Remark]:
    """Look at whether people can read who keeps their data, and whom to tell of a leak."""
    if not seen.settings.provider:
        yield warning(f"{PREFIX}PROVIDER is empty: the page about privacy cannot say who runs this service.")
    if not seen.settings.contact:
        yield warning(f"{PREFIX}CONTACT is empty: nobody can read where to ask about their data or report a leak.")


CHECKS: tuple[Check, ...] = (
    check_mode,
    check_address,
    check_secrets,
    check_anchors_and_mail,
    check_database,
    check_imprint,
)


def add_checks(app: Flask, checks: tuple[Check, ...]) -> None:
    """Let floors above look too; they are asked last, and only where the database answers."""
    app.extensions[EXTENSION] = checks


def remarks(environ: Mapping[str, str] = os.environ, arguments: Sequence[str] = ()) -> list[Remark]:
    """Return all that is wrong with the running application, in the order of CHECKS."""
    app = current_app
    debug = app.debug or environ.get("FLASK_DEBUG", "").lower() in {"1", "true", "yes"}
    seen = Deployment(app.config["SETTINGS"], app.config, debug, environ, arguments)
    found = [remark for check in CHECKS for remark in check(seen)]
    if db.answers(db.engine()) and _at_head():
        found += [remark for check in app.extensions.get(EXTENSION, ()) for remark in check(seen)]
    return found


def refuse_unsafe(app: Flask) -> None:
    """Stop a server in production that is not safe. Raises UnsafeDeployment with a sentence for each fault."""
    with app.app_context():
        settings: Settings = app.config["SETTINGS"]
        if settings.env is not Environment.PRODUCTION:
            return
        found = remarks(arguments=sys.argv)
        faults = [remark.text for remark in found if remark.weight is Weight.FAULT]
    if faults:
        raise UnsafeDeployment("\n".join(["This service does not start with unsafe settings:", *faults]))


@click.command("check-deploy")
@with_appcontext
def check_deploy() -> None:
    """Name every setting that is not fit for real data. Exit status 1 when there is a fault."""
    found = remarks()
    for remark in found:
        click.echo(f"{remark.weight}: {remark.text}")
    if any(remark.weight is Weight.FAULT for remark in found):
        raise SystemExit(1)
    click.echo("Nothing stands in the way." if not found else "Nothing but warnings stands in the way.")
