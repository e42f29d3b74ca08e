"""The keeper of master keys: wraps the keys that data is encrypted with, and never lets a master key out.

The default keeps them in a file outside the database. A key management service fits behind the same protocol.
"""

import base64
import binascii
import fcntl
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from core import db
from core.settings import Environment, SettingError, Settings
from core.vault.sealing import KEY_BYTES, SealError, new_key, seal, unseal

EXTENSION = "waarborg.keeper"
# How files begin that are being written. One that a killed process left holds what the file beside it holds.
ARRIVING = ".master-"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
HEADING = """\
# The master keys of this installation. With this file and the database everything can be read; without it, nothing.
# Keep a copy apart from the database and its copies. The last line is the newest key; older ones stay until
# `flask --app app keys rewrap` says that they may go.
"""


class MasterKeyError(SettingError):
    """The master key is missing, unreadable or not the one this database was filled with; the text says what to do."""


class KeyKeeper(Protocol):
    """Whoever holds the master keys. Implement it for a key management service and pass it to `use_keeper`."""

    @property
    def newest(self) -> str:
        """Name the master key that wraps from now on."""

    def wrap(self, key: bytes, context: str) -> bytes:
        """Encrypt a key of 32 bytes under the newest master key, for `context` only."""

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Return the key. Raises MasterKeyError for an unknown master key, SealError for other bytes or context."""

    def wrapped_by(self, wrapped: bytes) -> str:
        """Name the master key that wrapped these bytes."""

    def mac_root(self) -> bytes:
        """Return the 32 bytes all keys for message authentication come from; they stay when master keys change."""


class NeedsMasterKey:
    """Marks a column type whose values cannot be read without a master key."""


class WrappedKey(NeedsMasterKey, sa.types.TypeDecorator[bytes]):
    """A key that a master key wrapped."""

    impl = sa.LargeBinary
    cache_ok = True


@dataclass(frozen=True, slots=True)
class _Keys:
    root: bytes
    masters: Mapping[str, AESGCM]
    newest: str


class FileKeeper:
    """Master keys in a file of lines: `mac <key>` once, then `key <name> <key>`, the newest last."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises MasterKeyError when it is missing or unreadable."""
        self.path = path
        self._keys = _read(path)

    @property
    def newest(self) -> str:
        """Name the last key of the file."""
        return self._keys.newest

    def wrap(self, key: bytes, context: str) -> bytes:
        """Encrypt `key`; the name of the master key stands before it."""
        name = self.newest.encode("ascii")
        return bytes([len(name)]) + name + seal(self._keys.masters[self.newest], key, context.encode())

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Return the key. Raises MasterKeyError for an unknown master key, SealError for other bytes or context."""
        name = self.wrapped_by(wrapped)
        if name not in self._keys.masters:
            self._keys = _read(self.path)  # another process may have added one
        if name not in self._keys.masters:
            raise MasterKeyError(
                f"{self.path}: has no master key {name!r}, which this database was filled with. Put it back"
            )
        return unseal(self._keys.masters[name], wrapped[1 + wrapped[0] :], context.encode())

    def wrapped_by(self, wrapped: bytes) -> str:
        """Name the master key that wrapped these bytes. Raises SealError when they are no wrapped key."""
        try:
            return wrapped[1 : 1 + wrapped[0]].decode("ascii")
        except (IndexError, UnicodeDecodeError):
            raise SealError("these bytes are no wrapped key") from None

    def mac_root(self) -> bytes:
        """Return the key of the `mac` line."""
        return self._keys.root

    def add_master(self) -> str:
        """Add a new master key to the file and return its name; from now on it wraps."""
        name, key = _new_line()
        # Of two at once the second must read what the first wrote: a key that it left out would be lost.
        with _alone(self.path.parent):
            _written(self.path, self.path.read_text(encoding="ascii").rstrip("\n") + f"\n{key}\n").replace(self.path)
        self._keys = _read(self.path)
        return name


def make_file(path: Path) -> None:
    """Make a file with one new master key, mode 600, unless there is one. Two processes at once make one file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = f"{HEADING}mac {_text(new_key())}\n{_new_line()[1]}\n"
    with _alone(path.parent):
        arriving = _written(path, text)
        try:
            os.link(arriving, path)
        except FileExistsError:
            return
        finally:
            arriving.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else, on this machine, write master keys there meanwhile; what the dead left half-way goes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for left in folder.glob(f"{ARRIVING}*"):
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)


def _new_line() -> tuple[str, str]:
    name = secrets.token_hex(4)
    return name, f"key {name} {_text(new_key())}"


def _text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode("ascii")


def _written(path: Path, text: str) -> Path:
    # mkstemp makes it readable to nobody else.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=ARRIVING)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _read(path: Path) -> _Keys:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise MasterKeyError(f"{path}: the master key cannot be read ({type(problem).__name__})") from None
    root, masters, newest = b"", {}, ""
    for number, line in enumerate(lines, start=1):
        match line.split():
            case []:
                continue
            case [first, *_] if first.startswith("#"):
                continue
            case ["mac", key]:
                root = _key(path, number, key)
            case ["key", newest, key]:
                masters[newest] = AESGCM(_key(path, number, key))
            case _:
                raise MasterKeyError(f"{path}: line {number} is no master key")
    if not root or not masters:
        raise MasterKeyError(f"{path}: holds no complete set of master keys")
    return _Keys(root, MappingProxyType(masters), newest)


def _key(path: Path, number: int, text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise MasterKeyError(f"{path}: line {number} is no key of {KEY_BYTES} bytes")
    return key


def readable_by_others(path: Path) -> bool:
    """Tell whether somebody else on this machine may read the file at `path`."""
    return bool(path.exists() and path.stat().st_mode & OTHERS)


def use_keeper(chosen: KeyKeeper) -> None:
    """Let the running application take its master keys from `chosen` instead of the file."""
    current_app.extensions[EXTENSION] = chosen


def keeper() -> KeyKeeper:
    """Return who holds the master keys of the running application; the file is made on first use.

    Raises MasterKeyError when the file is missing although the database needs it, cannot be read, or, in production,
    may be read by others.
    """
    found = current_app.extensions.get(EXTENSION)
    if found is None:
        found = current_app.extensions[EXTENSION] = _file_keeper(current_app.config["SETTINGS"])
    return cast(KeyKeeper, found)


def _file_keeper(settings: Settings) -> FileKeeper:
    path = settings.master_key_file
    if not path.exists():
        if _something_is_sealed():
            raise MasterKeyError(
                f"{path}: the master key is missing, and this database cannot be read without it."
                " Put the file back, or name its place in WAARBORG_MASTER_KEY_FILE"
            )
        make_file(path)
    if settings.env is Environment.PRODUCTION and readable_by_others(path):
        raise MasterKeyError(f"{path}: others may read the master key; make it readable to the service only (mode 600)")
    return FileKeeper(path)


def _something_is_sealed() -> bool:
    """Tell whether any row needs a master key that exists already."""
    with db.engine().connect().execution_options(**{db.WRITES: False}) as connection:
        present = set(sa.inspect(connection).get_table_names())
        return any(
            connection.execute(sa.select(sa.literal(1)).select_from(table).where(column.is_not(None)).limit(1)).first()
            for table in db.Base.metadata.tables.values()
            if table.name in present
            for column in table.columns
            if isinstance(column.type, NeedsMasterKey)
        )
