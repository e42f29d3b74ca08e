"""Where sealed columns find the data keys of owners: the floor above knows who they are and keeps their keys."""

from collections.abc import Callable
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Ring(Protocol):
    """The data keys that may be used now."""

    def reading(self, owner: int, version: int) -> AESGCM:
        """Return a key. Raises SealError when it is not there, and whatever the ring raises for a foreign owner."""

    def writing(self, owner: int | None) -> tuple[bytes, AESGCM]:
        """Return the head of what is sealed now, and the key. owner None: whose rows are being written now."""


class _Hook:
    """Holds the one function that finds the ring of the present transaction."""

    find: Callable[[], Ring] | None = None


def find_ring_by(find: Callable[[], Ring]) -> None:
    """Let sealed columns ask `find` for the ring, each time they need one."""
    _Hook.find = find


def ring() -> Ring:
    """Return the ring of the present transaction. Raises RuntimeError when nobody said where to find one."""
    if _Hook.find is None:
        raise RuntimeError("no ring of data keys is connected")
    return _Hook.find()
