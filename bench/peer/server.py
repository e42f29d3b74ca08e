"""A web server with one worker, looked at from outside: what a request costs it, and what it holds."""

import http.cookiejar
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 180
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request cost. cpu, wall: seconds; size: bytes of the answer."""

    cpu: float
    wall: float
    size: int


@dataclass(slots=True)
class Server:
    """A server that runs. master: process id of gunicorn; headers: sent along with every request."""

    master: int
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def fetch(self, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        """Return the whole answer. data: sent as a form. Raises HTTPError for an answer that is an error."""
        sent = {**self.headers, **(headers or {})}
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        with opener.open(urllib.request.Request(self.address + path, data, sent), timeout=3600) as answer:  # noqa: S310
            found: bytes = answer.read()
        return found

    def cost(self, path: str, headers: Mapping[str, str] | None = None) -> Cost:
        """Ask once and return what it cost."""
        return self.costs(lambda: len(self.fetch(path, headers=headers)))

    def costs(self, work: Callable[[], int]) -> Cost:
        """Return what `work` cost the server. It asks as often as it likes, and returns the size of what it got."""
        cpu, wall = self.cpu(), time.perf_counter()
        size = work()
        waited = time.perf_counter() - wall
        return Cost(self.cpu() - cpu, waited, size)

    def cpu(self) -> float:
        """Return the CPU seconds of its processes until now, and of what they started."""
        workers = _children(self.master)
        own = sum(map(_running, workers)) / 1e9
        return own + sum(_ended(one) + sum(map(_spent, _descendants(one))) for one in workers)

    def held(self) -> float:
        """Return the PSS in MiB of the one that answers: its own memory and its share of what processes share."""
        worker = max(_children(self.master), key=_running)
        with Path(f"/proc/{worker}/smaps_rollup").open() as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def running(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Iterator[Server]:
    """Run a server while the block runs. command: gunicorn and its arguments, without an address and workers.

    Raises RuntimeError when it does not answer within PATIENCE seconds.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = [*command, "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(told, cwd=folder, env=dict(env), stdout=subprocess.DEVNULL)  # noqa: S603 -- as told to
    try:
        _wait(process, port)
        yield Server(process.pid, f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise RuntimeError("the server does not answer")


def _running(pid: int) -> int:
    """Return the nanoseconds that the threads of a process ran."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int(task.joinpath("schedstat").read_text().split()[0]) for task in tasks)


def _fields(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the third on: the second may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _ended(pid: int) -> float:
    """Return the CPU seconds of those it started that ended and were collected."""
    return (int(_fields(pid)[13]) + int(_fields(pid)[14])) / TICK


def _spent(pid: int) -> float:
    try:
        fields = _fields(pid)
    except OSError:
        return 0.0
    return sum(int(one) for one in fields[11:15]) / TICK


def _children(pid: int) -> list[int]:
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                parent = int(_fields(int(one.name))[1])
            except OSError:
                continue  # it ended in between
            if parent == pid:
                found.append(int(one.name))
    return found


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for child in _children(pid):
        found += [child, *_descendants(child)]
    return found
