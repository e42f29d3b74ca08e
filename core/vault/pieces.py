"""Sealing in pieces what may be long, so that memory does not grow with it: each piece opens by itself, at its place.

What is kept: the key of this one file, sealed for its owner as any value is, then the pieces. The nonce of a piece
tells its number and whether it is the last (STREAM), so pieces do not open when they are swapped, left out, added, cut
off or taken from another file; the key does not open for another owner or place. Nothing of a piece is handed out
before its tag was checked.

Source: Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance"
(CRYPTO 2015), section 7.
"""

import io
import os
import struct
from collections.abc import Iterator
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.vault.columns import HEAD, open_owned, seal_owned, sealed_by
from core.vault.sealing import KEY_BYTES, NONCE_BYTES, SealError, new_key

# Plain bytes of each piece but the last. Two of them, plain and sealed, are all that a reader holds; much smaller ones
# would have threads wait for each other more often than they work.
PIECE = 262_144
TAG_BYTES = 16
# The beginning of all nonces of one file, the number of the piece, and whether it is the last: 12 bytes together.
_NONCE = struct.Struct(">7sI?")
_PREFIX_BYTES = NONCE_BYTES - 5
_SECRET_BYTES = KEY_BYTES + _PREFIX_BYTES
_KEY_PART = HEAD.size + NONCE_BYTES + _SECRET_BYTES + TAG_BYTES


class Readable(Protocol):
    """Anything bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, nothing at the end."""


def seal_pieces(plain: Readable, place: str, owner: int) -> Iterator[bytes]:
    """Yield the sealed form of what is left of `plain`, in parts to be written one after the other.

    Under the newest key of `owner`, for `place` alone; at most two pieces of it are held at a time.
    Raises struct.error beyond 2^32 pieces, a petabyte.
    """
    secret = new_key() + os.urandom(_PREFIX_BYTES)
    sealed_key = seal_owned(secret, _key_place(place), owner)
    yield sealed_key
    key, prefix, label = _of(secret, sealed_key, place)
    number, piece, following = 0, _filled(plain), _filled(plain)
    while following:
        yield key.encrypt(_NONCE.pack(prefix, number, False), piece, label)
        number, piece, following = number + 1, following, _filled(plain)
    yield key.encrypt(_NONCE.pack(prefix, number, True), piece, label)


class OpenPieces:
    """What `seal_pieces` made, to be opened a piece at a time, in any order. size: plain bytes; count: pieces."""

    def __init__(self, sealed: IO[bytes], place: str, owner: int) -> None:
        """Open the key, which needs the open scope; later pieces need neither. sealed: at its beginning, seekable.

        Raises SealError when the key was changed, or belongs to another owner or place.
        """
        self._place, self._sealed = place, sealed
        sealed_key = sealed.read(_KEY_PART)
        if sealed_by(sealed_key)[0] != owner:
            raise SealError(f"{place}: was moved to owner {owner} from another")
        self._key, self._prefix, self._label = _of(open_owned(sealed_key, _key_place(place)), sealed_key, place)
        self._start = sealed.tell()
        length = sealed.seek(0, io.SEEK_END) - self._start
        self.count = max(1, -(-length // (PIECE + TAG_BYTES)))
        self.size = length - self.count * TAG_BYTES

    def piece(self, number: int) -> bytes:
        """Return one piece, from 0. Raises SealError when it is not the one that was sealed in its place."""
        self._sealed.seek(self._start + number * (PIECE + TAG_BYTES))
        sealed = self._sealed.read(PIECE + TAG_BYTES)
        try:
            return self._key.decrypt(_NONCE.pack(self._prefix, number, number == self.count - 1), sealed, self._label)
        except (InvalidTag, ValueError):
            raise SealError(f"{self._place}: piece {number} of {self.count} was changed, moved or cut off") from None


def _of(secret: bytes, sealed_key: bytes, place: str) -> tuple[AESGCM, bytes, bytes]:
    """Return the key of a file, how its nonces begin, and what its pieces are bound to."""
    return AESGCM(secret[:KEY_BYTES]), secret[KEY_BYTES:], sealed_key[: HEAD.size] + place.encode()


def _key_place(place: str) -> str:
    # Not `place` itself, for which files were sealed whole: else one of those, if as long, would do as a key.
    return f"key/{place}"


def _filled(plain: Readable) -> bytes:
    """Return the next piece; a file may give less than it was asked for before its end."""
    piece = plain.read(PIECE)
    while 0 < len(piece) < PIECE and (more := plain.read(PIECE - len(piece))):
        piece += more
    return piece
