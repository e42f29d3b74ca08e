"""Columns kept encrypted under their owner's data key.

What is kept: format, owner, version of the key, nonce, ciphertext. Owner, version and the place the value belongs to
are authenticated with it: moved to another column or owner, or changed, it does not open. An empty value stays empty,
so that the database can tell what is filled in.
"""

import json
import os
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, cast

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Dialect

from core.vault.asked import WhetherOrEmpty
from core.vault.ring import ring
from core.vault.sealing import NONCE_BYTES, SealError, seal, unseal

FORMAT = 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
HEAD = struct.Struct(">BQI")  # format, owner, version of the key
_HEAD, _BODY = HEAD.size, HEAD.size + NONCE_BYTES


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


def open_under(key: AESGCM, place: str, sealed: bytes | memoryview) -> bytes:
    """Decrypt what `seal_under` made. Raises SealError when it was changed or belongs elsewhere."""
    try:
        return unseal(key, sealed[HEAD.size :], bytes(sealed[: HEAD.size]) + place.encode())
    except SealError:
        owner, version = sealed_by(sealed)
        raise SealError(f"{place} of owner {owner}, key {version}: was changed, or moved here from elsewhere") from None


def sealed_by(sealed: bytes | memoryview) -> tuple[int, int]:
    """Return owner and version of the key of sealed bytes. Raises SealError when they are not sealed."""
    if len(sealed) < HEAD.size or sealed[0] != FORMAT:
        raise SealError("these bytes are not sealed")
    _format, owner, version = HEAD.unpack_from(sealed)
    return owner, version


def seal_owned(plain: bytes, place: str, owner: int | None = None) -> bytes:
    """Encrypt `plain` for `place` under the newest key of `owner`; None: of whose rows are being written now."""
    head, key = ring().writing(owner)
    return head + seal(key, plain, head + place.encode())


def seal_all(plains: Iterable[bytes | None], place: str, owner: int | None = None) -> list[bytes | None]:
    """Encrypt many values for `place`, as `seal_owned` would each; an empty one stays empty, and nothing nothing."""
    head, key = ring().writing(owner)
    values = list(plains)
    # One draw for all of them: asking the system for each costs as much as encrypting it.
    drawn = struct.iter_unpack(f"{NONCE_BYTES}s", os.urandom(NONCE_BYTES * len(values)))
    nonces, label = [nonce for (nonce,) in drawn], repeat(head + place.encode())
    if all(values):
        sealed = map(key.encrypt, nonces, cast("list[bytes]", values), label)
        return [head + nonce + one for nonce, one in zip(nonces, sealed, strict=True)]
    return [
        head + nonce + key.encrypt(nonce, plain, whose) if plain else plain
        for nonce, plain, whose in zip(nonces, values, label, strict=False)
    ]


def open_owned(sealed: bytes | memoryview, place: str) -> bytes:
    """Decrypt what `seal_owned` made, with the key its own head names. Of a view nothing is copied.

    Raises SealError when it was changed, moved, or its key is not there.
    """
    owner, version = sealed_by(sealed)
    return open_under(ring().reading(owner, version), place, sealed)


class SealedType(sa.types.TypeDecorator[Any]):
    """What sealed columns share. place: `table.column`, which stays what it was when either is renamed."""

    impl = sa.LargeBinary
    cache_ok = True  # to be said again by each class below: it is not inherited

    comparator_factory = WhetherOrEmpty

    def __init__(self, place: str) -> None:
        """Keep the place."""
        super().__init__()
        self.place = place

    def to_bytes(self, value: Any) -> bytes:
        """Return what is to be encrypted; nothing when the value is empty."""
        raise NotImplementedError

    def each_to_bytes(self, values: Iterable[Any]) -> list[bytes | None]:
        """Return what is to be encrypted of many values; nothing where there is no value."""
        return [None if value is None else self.to_bytes(value) for value in values]

    def from_bytes(self, plain: bytes) -> Any:
        """Return the value again."""
        raise NotImplementedError

    def each_from_bytes(self, plains: Sequence[bytes | None]) -> list[Any]:
        """Return many values again; nothing where there is no value."""
        return [None if plain is None else self.from_bytes(plain) for plain in plains]

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
        return self.result_processor(dialect, None)(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return what decrypts on the way out. There are many such cells, so it asks for no more than it must."""
        place, label, turn = self.place, self.place.encode(), self.from_bytes

        def opened(value: bytes | None) -> Any:
            if not value:
                return None if value is None else turn(b"")
            head = value[:_HEAD]
            key = ring().opening(head)
            if key is None:
                return turn(open_owned(bytes(value), place))
            try:
                return turn(key.decrypt(value[_HEAD:_BODY], value[_BODY:], head + label))
            except InvalidTag:
                return turn(open_owned(bytes(value), place))  # tells what is wrong with it

        return opened

    def open_all(self, values: Sequence[bytes | None]) -> list[Any]:
        """Return the values of many cells, as the database gives them: the key is looked for where it changes.

        Raises SealError when one was changed or belongs elsewhere, and whatever the ring raises for a foreign owner.
        """
        if not any(values):
            return self.each_from_bytes([None if value is None else b"" for value in values])
        place, keys = self.place, ring()
        label, seen, whose, decrypt = self.place.encode(), b"", b"", None
        opened: list[bytes | None] = []
        for value in values:
            if not value:
                opened.append(None if value is None else b"")
                continue
            if (head := value[:_HEAD]) != seen or decrypt is None:
                key = keys.opening(head) or keys.reading(*sealed_by(value))
                seen, whose, decrypt = head, head + label, key.decrypt
            try:
                opened.append(decrypt(value[_HEAD:_BODY], value[_BODY:], whose))
            except InvalidTag:
                opened.append(open_owned(bytes(value), place))  # tells what is wrong with it
        return self.each_from_bytes(opened)


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

    def each_to_bytes(self, values: Iterable[str | None]) -> list[bytes | None]:
        """Return the texts as UTF-8. Raises ValueError when one is too long."""
        texts = list(values)
        longest = max((len(one) for one in texts if one), default=0)
        if self.length is not None and longest > self.length:
            raise ValueError(f"{self.place}: {longest} characters, of which at most {self.length} fit")
        return [None if one is None else one.encode() for one in texts]

    def from_bytes(self, plain: bytes) -> str:
        """Return the text."""
        return plain.decode()

    def each_from_bytes(self, plains: Sequence[bytes | None]) -> list[str | None]:
        """Return the texts, without a call of our own for each."""
        if None in plains:
            return [None if plain is None else plain.decode() for plain in plains]
        return list(map(bytes.decode, cast("Sequence[bytes]", plains)))


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
        return json.loads(plain.decode()) if plain else {}
