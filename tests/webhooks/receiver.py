"""A program that is told things: it really listens, over https on loopback, and misbehaves when a test wants it to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.certificates import authority
from tests.loopback import listening


@dataclass
class Receiver:
    """What was received: headers and body of each message. status: what it answers; sleeps: seconds before it does."""

    address: str = ""
    trusted: str = ""
    status: int = 204
    sleeps: float = 0
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """Return the ids of what was received."""
        return [headers["Waarborg-Id"] for headers, _body in self.received]


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.receiver.received.append((dict(self.headers), body))
        time.sleep(self.receiver.sleeps)
        try:
            self.send_response(self.receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            pass  # whoever told us gave up waiting

    def log_message(self, *_told: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving(folder: Path) -> Iterator[Receiver]:
    """Run a receiver; its certificate's authority is in `trusted`."""
    trusted, context = authority(folder, "localhost")
    receiver = Receiver(trusted=str(trusted))
    with listening(type("Handler", (_Handler,), {"receiver": receiver}), context) as base:
        receiver.address = f"{base}/told?by=waarborg"
        yield receiver
