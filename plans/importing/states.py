"""What a record was when it was downloaded, in one hidden cell: its key, its version and a digest of each column.

The digests are keyed, for each organisation and column anew: a file tells nobody what else stood in a cell, and nobody
makes one for a value that was not in it. They stand in the order of the register's columns behind a mark of which
columns those are: of a register that has other columns by now no digest is taken for that of another column. All of it
is base64 of as many bytes for each record; files of before are read by `states_before`.
"""

import binascii
import hashlib
import hmac
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import cast
from uuid import UUID

from core.vault import mac_key
from plans.registers.shape import Register, Value

# 1 in 4,294,967,296 that two values look alike, and nobody without the key can search for such two.
DIGEST_BYTES = 4
MARK_BYTES = 3
FORMAT = 1
HEAD = struct.Struct(f">B{MARK_BYTES}sI")  # format, mark of the columns, version
KEY_BYTES = 16
FIRST = HEAD.size + KEY_BYTES
# How many values of a column are remembered.
MOST_KNOWN = 10_000
PURPOSE = "row_state"
Digest = Callable[[str, Value], bytes]


@dataclass(frozen=True, slots=True)
class RowState:
    """What a record was. digests: of what stood in each column, by its name; digest: makes one, of a column's value."""

    version: int
    digests: Mapping[str, bytes]
    digest: Digest = field(compare=False, repr=False)

    def says(self, name: str, value: Value) -> bool:
        """Tell whether this stood in the column then; not when nothing is known of the column."""
        known = self.digests.get(name)
        return known is not None and known == self.digest(name, value)


def told(value: Value) -> bytes:
    """Return what is digested of a value."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, date):
        return value.isoformat().encode()
    if isinstance(value, Decimal):
        return f"{value:.2f}".encode()
    return (value.hex if isinstance(value, UUID) else repr(value)).encode()


def named_columns(register: Register) -> tuple[str, ...]:
    """Return the names of the columns that are digested, in their order: all that stand in a workbook."""
    return tuple(column.name for column in register.columns if not column.secret)


class States:
    """Writes and reads the cells of one register of one organisation.

    What a column says again and again is digested once, and forgotten with this: some of it is confidential.
    """

    def __init__(self, register: Register, tenant_id: int) -> None:
        """Make a key for each column. Raises MasterKeyError where the vault does."""
        self._names = named_columns(register)
        self._mark = _mark(self._names)
        secret = mac_key(PURPOSE)
        self._hashes = {name: _hash(secret, f"{tenant_id}/{register.slug}/{name}") for name in self._names}
        self._known: dict[str, dict[Value, bytes]] = {name: {} for name in self._names}
        self._size = FIRST + DIGEST_BYTES * len(self._names)
        self._pad = -self._size % 3

    def digest(self, name: str, value: Value) -> bytes:
        """Return the digest of a value of a column."""
        return self._each(name, [value])[0]

    def write(self, keys: Sequence[str], versions: Sequence[int], values: Mapping[str, Sequence[Value]]) -> list[str]:
        """Return the cells of some records. keys: 32 digits each.

        values: by column name, with FOREVER where there is no last day.
        """
        heads = {version: HEAD.pack(FORMAT, self._mark, version) for version in set(versions)}
        pieces: list[Sequence[bytes]] = [
            list(map(heads.__getitem__, versions)),
            list(map(bytes.fromhex, keys)),
            *(self._each(name, values[name]) for name in self._names),
        ]
        if self._pad:
            pieces.append([bytes(self._pad)] * len(keys))
        every = [b""] * (len(keys) * len(pieces))
        for place, piece in enumerate(pieces):
            every[place :: len(pieces)] = piece
        text = binascii.b2a_base64(b"".join(every), newline=False).decode()
        width = (self._size + self._pad) // 3 * 4
        return [text[start : start + width] for start in range(0, len(text), width)]

    def read(self, text: str) -> tuple[UUID, RowState] | None:
        """Return whose cell this is and what it says; None when somebody changed it into something else."""
        try:
            cell = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
        except ValueError:
            return None
        if len(cell) < FIRST or cell[0] != FORMAT:
            return None
        _format, mark, version = HEAD.unpack_from(cell)
        key = UUID(bytes=cell[HEAD.size : FIRST])
        if mark != self._mark or len(cell) != self._size + self._pad:
            return key, RowState(version, {}, self.digest)
        starts = range(FIRST, self._size, DIGEST_BYTES)
        parts = [cell[start : start + DIGEST_BYTES] for start in starts]
        return key, RowState(version, dict(zip(self._names, parts, strict=True)), self.digest)

    def _each(self, name: str, values: Sequence[Value]) -> Sequence[bytes]:
        """Return the digests of values of a column."""
        known = self._known.get(name)
        if known is None:
            return self._anew(name, values)
        if missing := list(set(values).difference(known)):
            known.update(zip(missing, self._anew(name, missing), strict=True))
        if len(known) > MOST_KNOWN:
            # Names and the like hardly ever come back: remembering more of them costs more than it saves.
            del self._known[name]
        return list(map(known.__getitem__, values))

    def _anew(self, name: str, values: Sequence[Value]) -> list[bytes]:
        hashing, found = self._hashes[name], list[bytes]()
        if set(map(type, values)) == {str}:
            for text in map(str.encode, cast("Sequence[str]", values)):
                one = hashing()
                one.update(text)
                found.append(one.digest())
            return found
        for value in values:
            one = hashing()
            one.update(told(value))
            found.append(one.digest())
        return found


def _hash(secret: bytes, whose: str) -> "Callable[[], hashlib.blake2b]":
    key = hmac.digest(secret, whose.encode(), "sha256")
    return hashlib.blake2b(digest_size=DIGEST_BYTES, key=key).copy


@cache
def _mark(names: tuple[str, ...]) -> bytes:
    return hashlib.blake2b(" ".join(names).encode(), digest_size=MARK_BYTES).digest()
