"""A Chromium for the browser tests: the system's own, else installed by apt, else Playwright's.

One without windows, where it is there: it opens the same pages in half the time.
"""

import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from dev.shell import PYTHON, SetupError, answers, output, say

VARIABLE = "WAARBORG_TEST_CHROMIUM"  # tells the tests which program to start
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium-headless-shell", "chromium")  # of Debian; not each release has the first
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\nwith sync_playwright() as p: print(p.chromium.executable_path)"
)


def find() -> Path:
    """Return a Chromium that starts, installing one where possible.

    Raises SetupError when there is none.
    """
    if told := os.environ.get(VARIABLE):
        return Path(told)
    found = _system() or _by_apt() or _playwrights()
    if found is None:
        raise SetupError(
            "no Chromium starts here and none could be installed. On Debian: apt install chromium-headless-shell"
        )
    return found


def _system() -> Path | None:
    """Return the first of the system's browsers that really starts (Ubuntu has a stand-in that only says 'snap')."""
    for name in NAMES:
        if (path := shutil.which(name)) and _starts(path):
            return Path(path)
    return None


def _starts(path: str | Path) -> bool:
    """Try it once, with a profile that is thrown away."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        return answers(path, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", "about:blank")


def _by_apt() -> Path | None:
    """Install Debian's own package, where this user may."""
    if os.geteuid() != 0 or not shutil.which("apt-get") or platform.freedesktop_os_release().get("ID") != "debian":
        return None
    _apt("update")
    for package in PACKAGES:
        say(f"Installing {package} with apt, for the browser tests")
        _apt("install", "-y", "--no-install-recommends", package)
        if found := _system():
            return found
    return None


def _apt(*arguments: str) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *arguments], env=env, stdin=subprocess.DEVNULL, check=False)


def _playwrights() -> Path | None:
    """Let Playwright fetch its own browser, and as root also the libraries it wants."""
    told = (output(PYTHON, "-c", ASK_PLAYWRIGHT) or "").strip()
    if told and not _starts(told):
        say("Installing Playwright's Chromium, for the browser tests")
        extra = ("--with-deps",) if os.geteuid() == 0 else ()
        subprocess.run([PYTHON, "-m", "playwright", "install", *extra, "chromium"], check=False)
    return Path(told) if told and _starts(told) else None
