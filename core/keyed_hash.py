"""Keyed hashes of many messages: HMAC with SHA-256 (RFC 2104), of which what the key alone decides is done once."""

import hashlib
from collections.abc import Callable

BLOCK_BYTES = 64
INNER, OUTER = bytes(byte ^ 0x36 for byte in range(256)), bytes(byte ^ 0x5C for byte in range(256))


def keyed_hash(key: bytes, head: bytes = b"") -> Callable[[bytes], bytes]:
    """Return what gives the HMAC of `head` and a message, as hmac.digest() would, for short messages in half the time.

    Raises ValueError for a key of more than 64 bytes.
    """
    if len(key) > BLOCK_BYTES:
        raise ValueError(f"a key of {len(key)} bytes, of which at most {BLOCK_BYTES} fit")
    padded = key.ljust(BLOCK_BYTES, b"\0")
    inner = hashlib.sha256(padded.translate(INNER) + head).copy
    outer = hashlib.sha256(padded.translate(OUTER)).copy

    def hashed(message: bytes) -> bytes:
        within, around = inner(), outer()
        within.update(message)
        around.update(within.digest())
        return around.digest()

    return hashed
