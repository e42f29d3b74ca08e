"""Sealing what belongs to no organisation: secrets of people, mail that waits, keys for authentication."""

import struct
from functools import lru_cache

import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.engine import Dialect

from core.vault.asked import Whether
from core.vault.keeper import NeedsMasterKey, keeper
from core.vault.sealing import KEY_BYTES, SealError, new_key, seal, unseal

FORMAT = 1
HEAD = struct.Struct(">BH")  # format, length of the wrapped key


def platform_seal(text: str, purpose: str) -> bytes:
    """Encrypt `text` under a key of its own, which the newest master key wraps; it opens for `purpose` only."""
    key = new_key()
    wrapped = keeper().wrap(key, _context(purpose))
    return HEAD.pack(FORMAT, len(wrapped)) + wrapped + seal(AESGCM(key), text.encode(), purpose.encode())


def platform_open(sealed: bytes, purpose: str) -> str:
    """Decrypt what `platform_seal` made.

    Raises SealError when the bytes were changed or sealed for another purpose, MasterKeyError when the master key
    of then is not there.
    """
    wrapped, rest = _split(sealed)
    return unseal(AESGCM(keeper().unwrap(wrapped, _context(purpose))), rest, purpose.encode()).decode()


def platform_rewrap(sealed: bytes, purpose: str) -> bytes:
    """Return `sealed` with its key wrapped by the newest master key; the same bytes when it is so already."""
    wrapped, rest = _split(sealed)
    held = keeper()
    if held.wrapped_by(wrapped) == held.newest:
        return sealed
    anew = held.wrap(held.unwrap(wrapped, _context(purpose)), _context(purpose))
    return HEAD.pack(FORMAT, len(anew)) + anew + rest


def _split(sealed: bytes) -> tuple[bytes, bytes]:
    if len(sealed) < HEAD.size:
        raise SealError("these bytes are not sealed")
    kind, length = HEAD.unpack_from(sealed)
    if kind != FORMAT:
        raise SealError(f"sealed in an unknown format {kind}")
    return sealed[HEAD.size : HEAD.size + length], sealed[HEAD.size + length :]


def _context(purpose: str) -> str:
    return f"platform/{purpose}"


def mac_key(purpose: str) -> bytes:
    """Return the 32 bytes for message authentication and blind indexes of `purpose`; the same ones for ever.

    Source: RFC 5869 (HKDF with SHA-256).
    """
    return _derived(keeper().mac_root(), purpose)


@lru_cache(maxsize=64)
def _derived(root: bytes, purpose: str) -> bytes:
    info = f"waarborg/mac/{purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(root)


class PlatformSealed(NeedsMasterKey, sa.types.TypeDecorator[str]):
    """A text kept under `platform_seal`. purpose: `table.column`, which stays what it is when either is renamed.

    Such a column cannot be searched or sorted in the database.
    """

    impl = sa.LargeBinary
    cache_ok = True
    comparator_factory = Whether

    def __init__(self, purpose: str) -> None:
        """Keep the purpose."""
        super().__init__()
        self.purpose = purpose

    @property
    def place(self) -> str:
        """Name the column, for whoever asks too much of it."""
        return self.purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in."""
        return None if value is None else platform_seal(value, self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else platform_open(bytes(value), self.purpose)
