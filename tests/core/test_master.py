"""A real gunicorn over the service: who answers pages runs no jobs, and somebody always runs them."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Stable

ROOT = Path(__file__).resolve().parents[2]
LEADS = re.compile(r"this process runs the jobs now\s+process=(\d+)")
PATIENCE = 120


class Served:
    """A running server. said: what stands in its log."""

    def __init__(self, folder: Path, database: Path) -> None:
        shutil.copyfile(database, folder / "waarborg.db")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        told = {"DATA_DIR": str(folder), "BASE_URL": f"http://127.0.0.1:{self.port}"}
        env = {**os.environ, **{f"WAARBORG_{name}": value for name, value in told.items()}}
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--no-control-socket", "--bind", f"127.0.0.1:{self.port}",
                 "app:create_server()"], cwd=ROOT, env=env, stderr=log,
            )  # fmt: skip

    def forks(self) -> set[int]:
        """Return the processes that the master started."""
        master = self.process.pid
        return set(map(int, Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()))

    def leaders(self) -> list[int]:
        """Return which processes ever ran the jobs, in their order."""
        return [int(one) for one in LEADS.findall(self.log.read_text(encoding="utf-8"))]

    def answers(self) -> bool:
        """Tell whether a page comes."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz") as answer:
                return bool(answer.status == 200)
        except urllib.error.URLError:
            return False


@pytest.fixture
def served(stable: Stable, tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path, stable.folder / f"empty_{os.getpid()}.db")
    yield server
    server.process.kill()
    server.process.wait()


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    pause = threading.Event()
    assert any(holds() or pause.wait(0.2) for _ in range(PATIENCE * 5)), "it never came true"


@pytest.mark.once
def test_jobs_have_a_process_of_their_own_that_is_replaced_and_ends_with_the_others(served: Served) -> None:
    until(lambda: served.answers() and served.leaders())
    (first,) = served.leaders()
    pages = served.forks() - {first}
    assert len(pages) == 1
    os.kill(first, signal.SIGKILL)
    until(lambda: len(served.leaders()) == 2)
    second = served.leaders()[1]
    assert served.forks() == pages | {second}
    served.process.send_signal(signal.SIGHUP)
    until(lambda: len(served.forks()) == 2 and not served.forks() & (pages | {second}))
    until(lambda: served.leaders()[-1] in served.forks() and served.answers())
    last = served.forks()
    served.process.terminate()
    assert served.process.wait(PATIENCE) == 0
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in last))
