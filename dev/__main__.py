"""The one way in: `python3 -m dev VERB`, from the folder of the project; `make VERB` is the same.

This file must also be readable by an older Python, which only has to find a newer one and step aside.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import sys

OLDEST = (3, 11)
NAMES = ("python3.13", "python3.12", "python3.11", "python3.14", "python3", "/usr/bin/python3", "python")
USAGE = """\
python3 -m dev VERB        (or: make VERB)

  run           start the service; on first start with a sample organisation to look at
  test [ARGS]   all tests, on SQLite, on PostgreSQL and in a browser; ARGS go to pytest (make test ARGS="-k lock")
  lint          style and types
  bench [NAME]  measure; without a name every measurement
  screenshots   pictures of every page, wide and narrow, in screenshots/

  setup         install what run, test and lint need, and build the pages' assets
  assets        build static/dist from static/src
  translations  collect the texts of code and templates into translations/
  lock          pin the versions of requirements*.in and package.json again
  help          this text
"""


def main(argv: list[str]) -> int:
    """Do one verb and return its exit status."""
    verb, arguments = (argv[0], argv[1:]) if argv else ("help", [])
    if verb in ("help", "-h", "--help"):
        sys.stdout.write(USAGE)
        return 0
    if sys.version_info < OLDEST:  # an older one really may get here
        return _hand_to_newer_python()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a throw-away database is stopped too
    _give_caches_a_home()

    from dev.verbs import do  # not before the version is known to be good enough

    return do(verb, arguments)


def _hand_to_newer_python() -> int:
    for name in NAMES:
        python = shutil.which(name)
        if python and _runs(python):
            os.execv(python, [python, "-m", "dev", *sys.argv[1:]])  # noqa: S606 - no shell wanted
    sys.stderr.write(
        f"Waarborg needs Python {OLDEST[0]}.{OLDEST[1]} or newer. On Debian and Ubuntu: apt install python3\n"
    )
    return 1


def _runs(python: str) -> bool:
    """Tell whether this is a Python that works: a version manager's stand-in may be found and still fail."""
    probe = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([python, "-c", probe], stderr=subprocess.DEVNULL, check=False).returncode == 0


def _give_caches_a_home() -> None:
    """Let package managers write inside the project when the user has no folder of their own (service accounts)."""
    home = os.environ.get("HOME", "")
    if not (home and os.access(home, os.W_OK)):
        own = pathlib.Path(__file__).resolve().parent.parent / ".cache" / "home"
        own.mkdir(parents=True, exist_ok=True)
        os.environ["HOME"] = str(own)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
