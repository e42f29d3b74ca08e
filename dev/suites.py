"""Tests and checks: the suite on SQLite, on PostgreSQL and in a browser, each shown as it goes, counted together."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from dev import age, chromium
from dev.shell import PYTHON, SetupError, ci, say
from tests.postgres import NoPostgres, running_postgres

# One more than the cores on which this has to be quick: while one waits for a lock, its browser or PostgreSQL, another
# goes on. Two leave a tenth to a fifth of two cores idle. What checks types waits for nothing.
WORKERS, CHECKERS = 3, 2
NOTHING_COLLECTED = 5
# Names the folder where the processes of one run find the templates that one of them compiled.
TEMPLATES_FOLDER = "WAARBORG_TEST_TEMPLATES"
# Names the folder in which pytest makes those of the tests.
TESTS_FOLDER = "PYTEST_DEBUG_TEMPROOT"
# Files that are kept in memory: on a disk each commit of SQLite waits until it would outlive a power cut.
MEMORY = Path("/dev/shm")  # noqa: S108 - what is made in it is private
ROOM = 4 * 2**30


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run of the suite ended."""

    passed: int
    failed: int


def test(arguments: Sequence[str]) -> int:
    """Run all tests; `arguments` go to pytest. A run without any test counts as failed unless tests were chosen."""
    age.ensure()
    with tempfile.TemporaryDirectory() as folder, _folder_of_tests() as files:
        kept = {TEMPLATES_FOLDER: folder, **files}
        outcomes = [
            _suite("on SQLite", "not browser", "sqlite", arguments, kept),
            _on_postgresql(arguments, kept),
            _in_browser(arguments, kept),
        ]
    passed, failed = sum(each.passed for each in outcomes), sum(each.failed for each in outcomes)
    if not passed and not failed:
        say("No test ran")
        failed = 1
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


@contextmanager
def _folder_of_tests() -> Iterator[dict[str, str]]:
    """Give what tells pytest to make the folders of tests in memory, where there is room; gone afterwards."""
    if not has_room(MEMORY):
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="waarborg-tests-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield {TESTS_FOLDER: folder}


def has_room(folder: Path, room: int = ROOM) -> bool:
    """Tell whether `folder` is there, has `room` bytes left, and is one where we may write and start programs."""
    try:
        told = os.statvfs(folder)
    except OSError:
        return False
    runs = not told.f_flag & os.ST_NOEXEC
    return runs and told.f_bavail * told.f_frsize >= room and os.access(folder, os.W_OK | os.X_OK)


def _on_postgresql(arguments: Sequence[str], kept: Mapping[str, str]) -> Outcome:
    """Run the suite as the role that owns nothing. No PostgreSQL is a failure: half of the lock is in it."""
    try:
        with running_postgres() as urls:
            return _suite("on PostgreSQL", "not browser", "postgresql", arguments, {**kept, **urls.environment()})
    except NoPostgres as error:
        say(f"FAILED: no PostgreSQL: {error}")
        return Outcome(passed=0, failed=1)


def _in_browser(arguments: Sequence[str], kept: Mapping[str, str]) -> Outcome:
    try:
        browser = chromium.find()
    except SetupError as error:
        say(f"{'FAILED' if ci() else 'SKIPPED, NOT TESTED'}: the pages in a browser: {error}")
        return Outcome(passed=0, failed=1 if ci() else 0)
    extra = {**kept, chromium.VARIABLE: str(browser)}
    return _suite("in Chromium", "browser", "sqlite", arguments, extra, "tests/browser")


def _suite(
    title: str,
    mark: str,
    database: str,
    arguments: Sequence[str],
    extra: Mapping[str, str],
    where: str = "tests",
) -> Outcome:
    """Run pytest once and count; what it prints is shown live.

    where: the folder of the tests with this mark, so that no worker reads thousands of others; arguments go before it.
    """
    say(f"Tests {title}")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command: list[str | Path] = [PYTHON, "-m", "pytest", "-q", "-m", mark, f"--database={database}",
                                     "-n", str(WORKERS), "--dist=worksteal", f"--junitxml={report}",
                                     "-o", "junit_logging=no", *(arguments or [where])]  # fmt: skip
        status = subprocess.run(command, env={**_remembering(), **extra}, check=False).returncode
        outcome = _count(report)
    if status == NOTHING_COLLECTED and arguments:
        return outcome
    if status != 0 and not outcome.failed:
        say(f"FAILED: {'there are no tests' if status == NOTHING_COLLECTED else 'pytest broke off'} {title}")
        return Outcome(outcome.passed, failed=1)
    return outcome


def _remembering() -> dict[str, str]:
    """Return the environment in which Python keeps what it compiled: each suite and worker would do it all again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _count(report: Path) -> Outcome:
    """Count a JUnit report; a test that passed and then failed to clean up has failed."""
    if not report.exists():
        return Outcome(passed=0, failed=0)
    passed = failed = 0
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - written by pytest a moment ago
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is None:
            passed += 1
    return Outcome(passed, failed)


def lint() -> int:
    """Check style and types; every check runs, whatever the one before found."""
    checks = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy", "--num-workers", str(CHECKERS)))
    failed = 0
    for check in checks:
        say(" ".join(check))
        failed += subprocess.run([PYTHON, "-m", *check], check=False).returncode != 0
    return 1 if failed else 0


def screenshots(arguments: Sequence[str]) -> int:
    """Take pictures of every page. Raises SetupError without a browser."""
    env = {**os.environ, chromium.VARIABLE: str(chromium.find())}
    sys.stdout.flush()
    return subprocess.run([PYTHON, "-m", "tests.browser.screenshots", *arguments], env=env, check=False).returncode
