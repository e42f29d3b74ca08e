"""What each verb does, in the order somebody would do it by hand."""

import os
import subprocess
import sys
from pathlib import Path

from dev import install, shell
from dev.install import Need
from dev.shell import PYTHON, ROOT, VENV

NEEDS = {
    "run": Need.RUN,
    "test": Need.DEV,
    "lint": Need.DEV,
    "bench": Need.DEV,
    "screenshots": Need.DEV,
    "setup": Need.DEV,
    "assets": Need.RUN,
    "translations": Need.RUN,
    "lock": Need.DEV,
}


def do(verb: str, arguments: list[str]) -> int:
    """Install what `verb` needs, go on inside .venv, do it; return the exit status."""
    if verb not in NEEDS:
        print(f"No such verb: {verb}. See: python3 -m dev help", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    try:
        install.install(NEEDS[verb])
        if Path(sys.prefix).resolve() != VENV.resolve():
            os.execv(PYTHON, [str(PYTHON), "-m", "dev", verb, *arguments])  # noqa: S606 - no shell wanted
        return _do_inside(verb, arguments)
    except subprocess.CalledProcessError as error:
        print(f"Stopped: {shell.shown(error.cmd)} ended with {error.returncode}", file=sys.stderr)
        return 1
    except shell.SetupError as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return 1


def _do_inside(verb: str, arguments: list[str]) -> int:
    """Do `verb` with everything it needs at hand."""
    from dev import lock, suites, texts

    match verb:
        case "run":
            from dev import server

            _build()
            return server.run()
        case "test":
            _build()
            return suites.test(arguments)
        case "lint":
            return suites.lint()
        case "bench":
            texts.compile_all()
            install.compile_modules()
            return subprocess.run([PYTHON, "-m", "bench", *arguments], check=False).returncode
        case "screenshots":
            _build()
            return suites.screenshots(arguments)
        case "translations":
            texts.collect()
        case "lock":
            lock.lock()
        case _:
            _build()
    return 0


def _build() -> None:
    """Make everything that is made of sources: the pages' files, translations, compiled modules."""
    from dev import assets, texts

    assets.build()
    texts.compile_all()
    install.compile_modules()
