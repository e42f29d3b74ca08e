"""This folder and what is run in it: where things are, commands and their output, what was done before."""

import fcntl
import hashlib
import os
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = ROOT / ".cache"


class SetupError(RuntimeError):
    """This machine lacks something; the text tells what, and what to do."""


def stamped(stamp: Path, mark: str) -> bool:
    """Tell whether `stamp` says that the work marked `mark` was done."""
    return stamp.is_file() and stamp.read_text(encoding="ascii") == mark


def digest(paths: Sequence[Path]) -> str:
    """Return one SHA-256 (hex) over names and contents of `paths`."""
    sum_ = hashlib.sha256()
    for path in paths:
        sum_.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return sum_.hexdigest()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep a second terminal waiting while this one sets up the same folder."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def answers(*command: str | Path) -> bool:
    """Tell whether `command` exists and ends well; what it prints is thrown away."""
    return output(*command) is not None


def output(*command: str | Path, env: dict[str, str] | None = None) -> str | None:
    """Return what `command` prints, or None when it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def call(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Do `command` with its output shown. Raises CalledProcessError when it fails."""
    subprocess.run(command, check=True, env=env)


def shown(command: object) -> str:
    """Return a command as one would type it."""
    return shlex.join(str(part) for part in command) if isinstance(command, (list, tuple)) else str(command)


def say(text: str) -> None:
    """Tell the person at the terminal what happens now."""
    print(f"== {text}", flush=True)


def ci() -> bool:
    """Tell whether this runs unattended, where leaving something out must not look like success."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
