"""Where sealed columns find the data keys of owners: the floor above knows who they are and keeps their keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Ring(Protocol):
    """The data keys that may be used now."""

    def reading(self, owner: int, version: int) -> AESGCM:
        """Return a key. Raises SealError when it is not there, and whatever the ring raises for a foreign owner."""

    def opening(self, head: bytes) -> AESGCM | None:
        """Return the key of values that begin with `head`, where `reading` gave it out before; else None."""

    def writing(self, owner: int | None) -> tuple[bytes, AESGCM]:
        """Return the head of what is sealed now, and the key. owner None: whose rows are being written now."""


class _Hook:
    """Holds the one function that finds the ring of the present transaction."""

    find: Callable[[], Ring] | None = None
    held: ContextVar[Ring | None] = ContextVar("ring", default=None)


def find_ring_by(find: Callable[[], Ring]) -> None:
    """Let sealed columns ask `find` for the ring, each time they need one."""
    _Hook.find = find


@contextmanager
def holding() -> Iterator[None]:
    """Find the ring once for all values that are opened inside, where no scope and no transaction can change."""
    before = _Hook.held.set(ring())
    try:
        yield
    finally:
        _Hook.held.reset(before)


def ring() -> Ring:
    """Return the ring of the present transaction. Raises RuntimeError when nobody said where to find one."""
    if (held := _Hook.held.get()) is not None:
        return held
    if _Hook.find is None:
        raise RuntimeError("no ring of data keys is connected")
    return _Hook.find()
