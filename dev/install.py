"""Python packages: .venv, filled from a lock with hashes, skipped while nothing changed."""

from enum import StrEnum
from pathlib import Path

from dev import uv
from dev.shell import PYTHON, ROOT, VENV, answers, call, digest, one_at_a_time, say, stamped


class Need(StrEnum):
    """Which packages a verb needs. DEV includes RUN."""

    RUN = "run"
    DEV = "dev"


OWN_MODULES = ("app.py", "serving.py", "core", "tenants", "plans", "continuity", "audits", "sample")
LOCKS = {Need.RUN: ROOT / "requirements.txt", Need.DEV: ROOT / "requirements-dev.txt"}


def install(need: Need) -> None:
    """Make .venv hold what `need` asks for.

    Raises SetupError when no virtual environment can be made, CalledProcessError when packages cannot be had.
    """
    with one_at_a_time():
        if not (PYTHON.exists() and answers(PYTHON, "-c", "import encodings")):
            uv.make_venv()
        if not any(stamped(_stamp(level), _mark(level)) for level in Need if level is need or level is Need.DEV):
            say(f"Installing Python packages ({LOCKS[need].name})")
            uv.install_locked(LOCKS[need])
            _stamp(need).write_text(_mark(need), encoding="ascii")


def compile_modules() -> None:
    """Compile our own modules that changed, also where Python was told not to write beside them: starts are faster."""
    call(PYTHON, "-m", "compileall", "-q", *OWN_MODULES)


def _stamp(need: Need) -> Path:
    return VENV / f"installed-{need}"


def _mark(need: Need) -> str:
    """Return what changes when `need` has to be installed again."""
    locks = [LOCKS[level] for level in Need if level is need or need is Need.DEV]
    return digest(locks)
