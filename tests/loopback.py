"""A server that really listens, over https on loopback, for as long as a test needs it."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class _Server(ThreadingHTTPServer):
    context: ssl.SSLContext

    def get_request(self) -> tuple[Any, Any]:
        """Accept a connection; who breaks off during the handshake is no error of ours."""
        plain, address = self.socket.accept()
        return self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, *_told: Any) -> None:
        """Say nothing: a client that does not trust us breaks off."""


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext) -> Iterator[str]:
    """Serve until the block ends, with the certificate of `context`; give the address, without a path."""
    server = _Server(("127.0.0.1", 0), handler)
    server.context = context
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
