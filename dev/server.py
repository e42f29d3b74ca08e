"""Start the service on this machine: database up to date, sample organisation on first start, free port."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, inspect

from core.settings import Settings, read_settings
from dev.shell import PYTHON, call, say

FLASK = (str(PYTHON), "-m", "flask", "--app", "app")
PORTS_TRIED = 100


def run() -> int:
    """Bring the database up to date and serve until stopped; returns only when starting failed."""
    if "WAARBORG_PORT" not in os.environ:
        settings = read_settings()
        os.environ["WAARBORG_PORT"] = str(_free_port(settings.host, settings.port))
    settings = read_settings()
    first = _is_new(settings)
    _bring_up_to_date(first=first)
    if first and _sample_wanted():
        say("Filling a sample organisation (WAARBORG_SAMPLE=no leaves it out)")
        call(*FLASK, "sample")
    say(f"Waarborg runs at {settings.base_url} (stop: Ctrl+C)")
    sys.stdout.flush()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    command = [str(PYTHON), "-m", "gunicorn", "--bind", f"{host}:{settings.port}", "--no-control-socket",
               "--log-level", "warning", "app:create_server()"]  # fmt: skip
    os.execv(PYTHON, command)  # noqa: S606 - no shell wanted


def _free_port(host: str, wanted: int) -> int:
    """Return `wanted`, or the first higher port nobody listens on; `wanted` again when all are taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free for gunicorn too
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    return wanted


def _is_new(settings: Settings) -> bool:
    """Tell whether this database never held our tables."""
    url = settings.owner_database_url or settings.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return True  # without making the file: the service itself decides how it is opened
    engine = create_engine(url)
    try:
        return not inspect(engine).has_table("alembic_version")
    finally:
        engine.dispose()


def _bring_up_to_date(*, first: bool) -> None:
    """Make the tables. first: of a new database, whose steps are not told one by one unless somebody asks."""
    say("Making the database" if first else "Bringing the database up to date")
    call(*FLASK, "db", "upgrade", env={"WAARBORG_LOG_LEVEL": "WARNING", **os.environ} if first else None)


def _sample_wanted() -> bool:
    """Ask somebody at a terminal; without one the answer is yes. No question where there is no such command."""
    if os.environ.get("WAARBORG_SAMPLE", "").lower() in ("no", "0", "off", "false"):
        return False
    if subprocess.run([*FLASK, "sample", "--help"], capture_output=True, check=False).returncode != 0:
        return False
    if "WAARBORG_SAMPLE" in os.environ or not sys.stdin.isatty():
        return True
    answer = input("This database is new. Fill it with a sample organisation to look at? [Y/n] ")
    return not answer.strip().lower().startswith("n")
