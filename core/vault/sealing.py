"""Authenticated encryption (AES-256-GCM): bytes that open under the same key and the same label only."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class SealError(Exception):
    """Sealed bytes do not open: changed, moved from elsewhere, or sealed under a key that is not there."""


def new_key() -> bytes:
    """Return 256 random bits."""
    return AESGCM.generate_key(8 * KEY_BYTES)


def seal(key: AESGCM, plain: bytes, label: bytes) -> bytes:
    """Encrypt `plain`; a random nonce stands before the result.

    label: what the bytes are and where they belong; they open under the same label only. One key may seal 2^32 times
    before two nonces could meet (NIST SP 800-38D, 8.3), which no organisation reaches between two rotations.
    """
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, plain, label)


def unseal(key: AESGCM, sealed: bytes | memoryview, label: bytes) -> bytes:
    """Decrypt what `seal` made. Raises SealError when the bytes, the key or the label are not the ones of then."""
    try:
        return key.decrypt(bytes(sealed[:NONCE_BYTES]), sealed[NONCE_BYTES:], label)
    except (InvalidTag, ValueError):
        raise SealError(f"sealed bytes of {label.decode(errors='replace')} were changed or moved") from None
