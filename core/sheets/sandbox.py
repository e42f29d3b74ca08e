"""One limited process for one untrusted file: bytes in, bytes out, nothing else shared."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

HERE: Final = Path(__file__).resolve().parent
# Isolated (-I) and without site packages (-S): the process sees the standard library and its own package only.
# That package is found from this folder, last on the path, so that importing it runs no other module of ours.
START: Final = (
    "import sys; sys.path.append(sys.argv.pop(1)); from inside.worker import main; sys.exit(main(sys.argv[1:]))"
)
COMMAND: Final = (sys.executable, "-I", "-S", "-X", "utf8", "-c", START, str(HERE))
CHUNK: Final = 65_536
FAREWELL_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one process: its output, its exit status (negative: the signal), and what we stopped it for."""

    output: bytes
    status: int
    late: bool
    overflowed: bool


def run(
    arguments: Sequence[str],
    given: bytes,
    *,
    wall_seconds: float,
    output_bytes: int,
    command: Sequence[str] = COMMAND,
) -> Outcome:
    """Run the reading process, or another `command`, on the given bytes and wait for it, at most wall_seconds.

    output_bytes: past this size the process is killed and the output dropped.
    The process gets an empty environment, no file but its three streams, a session of its own, and is gone, with
    everything it might have started, when this returns. Safe to call from several threads.
    """
    process = _started([*command, *arguments])
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(process)

    alarm = threading.Timer(wall_seconds, stop)
    alarm.daemon = True
    alarm.start()
    try:
        with process:
            _give(process.stdin, given)
            output = _take(process.stdout, output_bytes)
            # The alarm ends before the process is waited for: it must never signal a number that is free again.
            _end(alarm)
            _leave(process, killed=output is None)
    finally:
        _end(alarm)
    return Outcome(output or b"", process.returncode, late.is_set(), output is None)


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and code; the file's name is data to it
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
        bufsize=0,
    )


def _give(stream: IO[bytes] | None, given: bytes) -> None:
    if stream is None:
        return
    rest = memoryview(given)
    try:
        while rest:
            rest = rest[stream.write(rest) :]
        stream.close()
    except BrokenPipeError:
        pass  # it ended early; its output or status says why


def _take(stream: IO[bytes] | None, most: int) -> bytes | None:
    chunks: list[bytes] = []
    taken = 0
    while stream is not None and (chunk := stream.read(CHUNK)):
        taken += len(chunk)
        if taken > most:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _end(alarm: threading.Timer) -> None:
    alarm.cancel()
    alarm.join()


def _leave(process: subprocess.Popen[bytes], *, killed: bool) -> None:
    """Wait for the process to end, and make it end where it does not."""
    if not killed:
        try:
            process.wait(FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            killed = True
    if killed:
        _kill(process)
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):  # it was quicker
        os.killpg(process.pid, signal.SIGKILL)
