"""Uploaded files: kept by the SHA-256 of their bytes, on disk before anybody is told so."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files, one sub-folder per drawer (a drawer is one organisation's)."""

    root: Path

    def put(self, drawer: str, data: bytes) -> str:
        """Keep `data` and return its SHA-256 in hexadecimal. Putting the same bytes twice keeps one file."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(drawer, digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".arriving-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        _sync_folder(path.parent)
        return digest

    def get(self, drawer: str, digest: str) -> bytes:
        """Return the bytes kept under `digest`.

        Raises FileNotFoundError when there are none, ValueError when they no longer match their digest.
        """
        data = self._path(drawer, digest).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError(f"file {digest} was changed on disk")
        return data

    def _path(self, drawer: str, digest: str) -> Path:
        return self.root / drawer / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    # The name itself is part of the write: without this a power cut can lose a file that was synced.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
