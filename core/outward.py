"""Calls to other people's servers: only https, only public addresses, no redirects, little data, little time.

An address that somebody typed decides whom we call. It must never reach this machine or the network it stands in,
so the name is looked up once, every address it has is judged, and the connection goes to the one that was judged.
"""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Container, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

PORTS = frozenset({443, 8443})
STEP_SECONDS, WHOLE_SECONDS = 5.0, 10.0
LARGEST = 500_000
# Of what stands between two points of a name (RFC 1035, 2.3.4); Python refuses to look up anything longer.
LONGEST_LABEL = 63
ANSWERED, TAKEN = frozenset({http.client.OK}), range(200, 300)
# What is handed out of the new internet (RFC 4291): all else is local, or carries an address of the old one.
HANDED_OUT = ip_network("2000::/3")
# Handed out, but they carry an address of the old internet inside, and so a way around the judgement of it; or they
# are for papers alone, which Python does not know of all.
TUNNELS = (ip_network("2002::/16"), ip_network("2001::/32"), ip_network("3fff::/20"))
# Relays of 6to4.
RELAYS = ip_network("192.88.99.0/24")


class NotCalled(Exception):
    """Nothing was called: the address is not one this service calls."""


class NoAnswer(Exception):
    """The other server did not answer, or not with what was asked for. The text holds nothing it said."""


@dataclass(frozen=True, slots=True)
class Outside:
    """How the outside is reached. loopback_ca: of tests only, see Settings.test_loopback_ca."""

    loopback_ca: str = ""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> bytes:
        """Return what `url` answers. Raises NotCalled and NoAnswer."""
        return self._call("GET", url, None, headers or {})

    def get_json(self, url: str) -> dict[str, Any]:
        """Return the JSON object that `url` answers. Raises NotCalled and NoAnswer."""
        return _object(self.get(url, headers={"Accept": "application/json"}))

    def post_form(self, url: str, form: Mapping[str, str], *, headers: Mapping[str, str]) -> dict[str, Any]:
        """Send a form and return the JSON object answered. Raises NotCalled and NoAnswer."""
        sent = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", **headers}
        return _object(self._call("POST", url, urlencode(form).encode(), sent))

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> None:
        """Send `body`; whatever is answered is fine as long as its status says so. Raises NotCalled and NoAnswer."""
        self._call("POST", url, body, headers, fine=TAKEN)

    def _call(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], fine: Container[int] = ANSWERED
    ) -> bytes:
        host, port, path = split(url, any_port=bool(self.loopback_ca))
        connection = _Pinned(host, port, self._judged(host, port), self._context())
        # A server that sends a byte now and then would otherwise hold us for ever.
        clock = threading.Timer(WHOLE_SECONDS, connection.cut)
        clock.start()
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            if response.status not in fine:
                raise NoAnswer(f"the server answered {response.status}")
            data = response.read(LARGEST + 1)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NoAnswer(f"the server did not answer ({type(error).__name__})") from None
        finally:
            clock.cancel()
            connection.close()
        if len(data) > LARGEST:
            raise NoAnswer("the server answered too much")
        return data

    def _judged(self, host: str, port: int) -> str:
        """Return the network address to call. Raises NotCalled when `host` has any that is not public."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NoAnswer("there is no such server") from None
        addresses = [str(entry[4][0]) for entry in found]
        if self.loopback_ca and all(ip_address(address).is_loopback for address in addresses):
            return addresses[0]
        if not addresses or not all(is_public(address) for address in addresses):
            raise NotCalled("this address does not lie on the public internet")
        return addresses[0]

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.loopback_ca or None)


class _Pinned(http.client.HTTPSConnection):
    """A connection to the one network address that was judged, under the certificate of the name."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=STEP_SECONDS, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        """Connect to the judged address, whatever the name says by now."""
        plain = socket.create_connection((self._address, self.port), STEP_SECONDS)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def cut(self) -> None:
        """Break the connection off from another thread."""
        try:
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # closed already


def split(url: str, *, any_port: bool = False) -> tuple[str, int, str]:
    """Return host, port and path of an https address. Raises NotCalled for any other."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        raise NotCalled("this is not an address") from None
    if parts.scheme != "https":
        raise NotCalled("an address begins with https://")
    # Of other signs than these a request cannot be made at all: a path with one is written with %.
    if not host or parts.username is not None or not url.isascii() or not url.isprintable() or " " in url:
        raise NotCalled("this is not an address")
    if any(not 0 < len(label) <= LONGEST_LABEL for label in host.removesuffix(".").split(".")):
        raise NotCalled("this is not an address")
    if port not in PORTS and not any_port:
        raise NotCalled("this port is not called")
    return host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def is_public(address: str) -> bool:
    """Tell whether a network address lies on the public internet, and carries no other address inside."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found not in HANDED_OUT or any(found in network for network in TUNNELS):
            return False
    if found in RELAYS:
        return False
    return found.is_global and not found.is_multicast


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NoAnswer("the server did not answer as agreed")
    return cast(dict[str, Any], found)
