"""Columns kept encrypted under their owner's data key.

What is kept: format, owner, version of the key, nonce, ciphertext. Owner, version and the place the value belongs to
are authenticated with it: moved to another column or owner, or changed, it does not open. An empty value stays empty,
so that the database can tell what is filled in.
"""

import json
import struct
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.operators import OperatorType, eq, is_, is_not, ne

from core.vault.ring import ring
from core.vault.sealing import SealError, seal, unseal

FORMAT = 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
HEAD = struct.Struct(">BQI")  # format, owner, version of the key


@dataclass(frozen=True, slots=True)
class Owned:
    """A value and whose it is: for statements over rows of several owners, where the column cannot know."""

    owner: int
    value: Any


def head_of(owner: int, version: int) -> bytes:
    """Return what all bytes begin with that are sealed under this key."""
    return HEAD.pack(FORMAT, owner, version)


def seal_under(key: AESGCM, owner: int, version: int, place: str, plain: bytes) -> bytes:
    """Encrypt `plain` for one place of one owner."""
    head = head_of(owner, version)
    return head + seal(key, plain, head + place.encode())


def open_under(key: AESGCM, place: str, sealed: bytes) -> bytes:
    """Decrypt what `seal_under` made. Raises SealError when it was changed or belongs elsewhere."""
    try:
        return unseal(key, sealed[HEAD.size :], sealed[: HEAD.size] + place.encode())
    except SealError:
        owner, version = sealed_by(sealed)
        raise SealError(f"{place} of owner {owner}, key {version}: was changed, or moved here from elsewhere") from None


def sealed_by(sealed: bytes) -> tuple[int, int]:
    """Return owner and version of the key of sealed bytes. Raises SealError when they are not sealed."""
    if len(sealed) < HEAD.size or sealed[0] != FORMAT:
        raise SealError("these bytes are not sealed")
    _format, owner, version = HEAD.unpack_from(sealed)
    return owner, version


def seal_owned(plain: bytes, place: str, owner: int | None = None) -> bytes:
    """Encrypt `plain` for `place` under the newest key of `owner`; None: of whose rows are being written now."""
    head, key = ring().writing(owner)
    return head + seal(key, plain, head + place.encode())


def open_owned(sealed: bytes, place: str) -> bytes:
    """Decrypt what `seal_owned` made, with the key its own head names.

    Raises SealError when it was changed, moved, or its key is not there.
    """
    owner, version = sealed_by(sealed)
    return open_under(ring().reading(owner, version), place, sealed)


def _nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value)


class SealedType(sa.types.TypeDecorator[Any]):
    """What sealed columns share. place: `table.column`, which stays what it was when either is renamed."""

    impl = sa.LargeBinary
    cache_ok = True  # to be said again by each class below: it is not inherited

    class Comparator(sa.types.TypeDecorator.Comparator[Any]):
        """Only asks whether something is there."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> sa.ColumnElement[Any]:
            """Compare with nothing. Raises TypeError for every other question."""
            if op in (is_, is_not) or (op in (eq, ne) and (_nothing(other[0]) or self._itself(other[0]))):
                return super().operate(op, *other, **kwargs)
            place = getattr(self.type, "place", "this")
            raise TypeError(f"{place} is sealed: the database can tell whether it is empty, and no more")

        def _itself(self, other: Any) -> bool:
            """Tell whether this is the same column: SQLAlchemy asks so when it looks a column up."""
            return isinstance(other, sa.ColumnElement) and hash(other) == hash(self.expr)

    comparator_factory = Comparator

    def __init__(self, place: str) -> None:
        """Keep the place."""
        super().__init__()
        self.place = place

    def to_bytes(self, value: Any) -> bytes:
        """Return what is to be encrypted; nothing when the value is empty."""
        raise NotImplementedError

    def from_bytes(self, plain: bytes) -> Any:
        """Return the value again."""
        raise NotImplementedError

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in."""
        owner = None
        if isinstance(value, Owned):
            owner, value = value.owner, value.value
        if value is None:
            return None
        plain = self.to_bytes(value)
        return seal_owned(plain, self.place, owner) if plain else b""

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Decrypt on the way out."""
        if value is None:
            return None
        return self.from_bytes(open_owned(bytes(value), self.place) if value else b"")


class Sealed(SealedType):
    """A text, kept encrypted. length: the most characters it may have."""

    cache_ok = True

    def __init__(self, place: str, length: int | None = None) -> None:
        """Keep place and length."""
        super().__init__(place)
        self.length = length

    def to_bytes(self, value: str) -> bytes:
        """Return the text as UTF-8. Raises ValueError when it is too long."""
        if self.length is not None and len(value) > self.length:
            raise ValueError(f"{self.place}: {len(value)} characters, of which at most {self.length} fit")
        return value.encode()

    def from_bytes(self, plain: bytes) -> str:
        """Return the text."""
        return plain.decode()


class SealedBytes(SealedType):
    """Bytes, kept encrypted."""

    cache_ok = True

    def to_bytes(self, value: bytes) -> bytes:
        """Return them as they are."""
        return value

    def from_bytes(self, plain: bytes) -> bytes:
        """Return them as they are."""
        return plain


class SealedJson(SealedType):
    """An object or list of JSON, kept encrypted. An object without anything in it is what an empty value stands for."""

    cache_ok = True

    def to_bytes(self, value: Any) -> bytes:
        """Return it as JSON."""
        return b"" if value == {} else _ENCODER.encode(value).encode()

    def from_bytes(self, plain: bytes) -> Any:
        """Return what the JSON says."""
        return json.loads(plain) if plain else {}
