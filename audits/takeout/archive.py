"""A zip whose members are listed with their size and SHA-256: the same members give the same bytes."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

# A member that is larger waits on disk, not in memory.
IN_MEMORY = 5_000_000
PIECE = 1_000_000
STILL = (1980, 1, 1, 0, 0, 0)
READABLE_BY_OWNER = 0o600 << 16
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the zip. size: bytes before packing; sha256: hexadecimal."""

    name: str
    size: int
    sha256: str


class Archive:
    """Writes a zip to `target` member by member; nothing of it is kept in memory but the list."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.members: list[Member] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> int:
        """Write one member and return how many pieces it had. Raises ValueError when the name is taken or unsafe."""
        if name in {member.name for member in self.members} or name.startswith("/") or ".." in name.split("/"):
            raise ValueError(f"a zip cannot hold {name!r} now")
        info = zipfile.ZipInfo(name, STILL)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, READABLE_BY_OWNER
        digest, size, count = hashlib.sha256(), 0, 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size, count = size + len(piece), count + 1
        self.members.append(Member(name, size, digest.hexdigest()))
        return count

    def add_written(self, name: str, write: Callable[[IO[bytes]], object]) -> None:
        """Write one member by a function that needs a file to write to."""
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as waiting:
            write(waiting)
            waiting.seek(0)
            self.add(name, iter(lambda: waiting.read(PIECE), b""))

    def close(self) -> None:
        """Add the list that `sha256sum --check SHA256SUMS` reads, and end the zip."""
        listed = "".join(f"{member.sha256}  {member.name}\n" for member in self.members)
        self.add(SUMS, [listed.encode()])
        self._zip.close()


def digest_of(target: IO[bytes]) -> str:
    """Return the SHA-256 of a file from its beginning, in hexadecimal."""
    target.seek(0)
    return hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]
