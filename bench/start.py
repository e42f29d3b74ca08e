"""The whole process of `flask --app app audit run` with nothing due, and what of it is Python and its libraries.

Goal: below 2 s; with compiled modules (as make leaves them) about 1.2 s. Best and median of nine runs.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.place import settings_in

ROOT = Path(__file__).resolve().parent.parent
RUNS = 9
FLASK = (sys.executable, "-m", "flask", "--app", "app")
MEASURED = {
    "python": (sys.executable, "-c", "pass"),
    "flask, sqlalchemy": (sys.executable, "-c", "import flask, flask_sqlalchemy"),
    "audit run, nothing due": (*FLASK, "audit", "run"),
    "a command with pages": (*FLASK, "tenant", "--help"),
    "server": (sys.executable, "-c", "import app; app.create_server()"),
}


def main() -> None:
    """Fill a database, judge it, and print a line per kind of start."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, **settings_in(folder)}
        _run((*FLASK, "db", "upgrade"), env)
        _run((*FLASK, "sample"), env)
        print(f"{'':<24}{'best s':>8}{'median s':>10}")
        for name, command in MEASURED.items():
            times = [_run(command, env) for _ in range(RUNS)]
            print(f"{name:<24}{min(times):>8.2f}{statistics.median(times):>10.2f}", flush=True)


def _run(command: tuple[str, ...], env: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 -- our own programs
    return time.perf_counter() - began
