"""Lists in parts: each part names the next by a cursor, which tells where to go on and nothing else.

A cursor is signed: whoever makes one up is told so, rather than being shown something odd.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from core.serving.problems import Problem
from core.vault import mac_key

USUAL, MOST = 100, 1000
MAC_BYTES = 12
LONGEST = 400
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list. limit: 1 to MOST; cursor: "" for the beginning."""

    limit: int = USUAL
    cursor: str = ""

    def after(self, of: str) -> tuple[str, ...]:
        """Return the key of the last line of the part before, () at the beginning. of: the list it belongs to.

        Raises Problem with 422 for a cursor that was not made here, or for another list.
        """
        return _read(of, self.cursor) if self.cursor else ()


def part_of(of: str, found: Sequence[T], wanted: Part, key: Callable[[T], tuple[str, ...]]) -> dict[str, Any]:
    """Return a part as it is answered. found: its lines, and one more where the list goes on; key: of a line."""
    shown = list(found[: wanted.limit])
    more = len(found) > wanted.limit
    return {"items": shown, "next": _made(of, key(shown[-1])) if more else None}


def _made(of: str, key: tuple[str, ...]) -> str:
    told = json.dumps([of, *key], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mac(told) + told).decode().rstrip("=")


def _read(of: str, cursor: str) -> tuple[str, ...]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True)
        mac, told = raw[:MAC_BYTES], raw[MAC_BYTES:]
        if len(cursor) > LONGEST or not hmac.compare_digest(mac, _mac(told)):
            raise ValueError(cursor)
        name, *key = json.loads(told)
        if name != of:
            raise ValueError(cursor)
    except (ValueError, binascii.Error):
        wrong = {"query": {"cursor": ["Use a cursor that this list answered as next."]}}
        raise Problem(422, "This cursor is none of this list.", errors=wrong) from None
    return tuple(key)


def _mac(told: bytes) -> bytes:
    return hmac.digest(mac_key("api_cursor"), told, "sha256")[:MAC_BYTES]
