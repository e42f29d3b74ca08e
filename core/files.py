"""Uploaded files: kept encrypted, named by the SHA-256 of their plain bytes, on disk before anybody is told so."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from core.vault import open_owned, seal_parts

# Files from before they were encrypted lack it; they are read as they are until `renew` came by.
MARK = b"waarborg sealed file 1\n"
EXTENSION = "waarborg.files"
# What the name of a file begins with that is not whole yet.
ARRIVING = ".arriving-"


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files, one sub-folder per drawer: the number of its owner, whose data key seals what is in it."""

    root: Path

    def put(self, drawer: int, data: bytes) -> str:
        """Keep `data` and return its SHA-256 in hexadecimal. Putting the same bytes twice keeps one file."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(drawer, digest)
        with self._alone(drawer):
            if not path.exists() or not _begins(path, MARK):
                self._write(drawer, digest, data)
            else:
                os.utime(path)  # it was put just now: whoever refers to it has yet to commit
        return digest

    def get(self, drawer: int, digest: str) -> bytes:
        """Return the bytes kept under `digest`.

        Raises FileNotFoundError when there are none, ValueError or SealError when they are no longer what was put.
        """
        kept = self._path(drawer, digest).read_bytes()
        # A view: a slice of a pack of hundreds of megabytes would be held once more.
        data = open_owned(memoryview(kept)[len(MARK) :], _place(digest)) if kept.startswith(MARK) else kept
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError(f"file {digest} was changed on disk")
        return data

    def drawers(self) -> list[int]:
        """Return the drawers there are."""
        return sorted(int(path.name) for path in self.root.glob("*") if path.name.isdigit())

    def put_before(self, drawer: int, moment: datetime) -> list[str]:
        """Return the digests of the files of `drawer` that nobody put, or sealed anew, since `moment`."""
        return [path.name for path in self._files(drawer) if path.stat().st_mtime < moment.timestamp()]

    def remove(self, drawer: int, digest: str, *, unless_put_since: datetime) -> bool:
        """Remove a file that nobody refers to, unless somebody put it since; tell whether it was removed.

        unless_put_since: before the question was asked, by more than any transaction takes.
        """
        with self._alone(drawer):
            path = self._path(drawer, digest)
            if not path.exists() or path.stat().st_mtime >= unless_put_since.timestamp():
                return False
            path.unlink()
        return True

    def remove_halves(self, drawer: int, before: datetime) -> None:
        """Remove what was being written before that moment by a process that died at it."""
        for path in (self.root / str(drawer)).glob(f"??/{ARRIVING}*"):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)

    def stale(self, drawer: int, head: bytes) -> Iterator[str]:
        """Yield the digest of each file of `drawer` whose sealed bytes do not begin with `head`."""
        for path in self._files(drawer):
            if not _begins(path, MARK + head):
                yield path.name

    def renew(self, drawer: int, digest: str) -> None:
        """Keep a file anew, sealed with the newest key. Whoever reads it meanwhile gets the one or the other."""
        self._write(drawer, digest, self.get(drawer, digest))

    def _files(self, drawer: int) -> list[Path]:
        return sorted((self.root / str(drawer)).glob("??/[!.]*"))

    @contextmanager
    def _alone(self, drawer: int) -> Iterator[None]:
        """Let nobody else, on this machine, put or remove files of the drawer meanwhile."""
        folder = self.root / str(drawer)
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _write(self, drawer: int, digest: str, data: bytes) -> None:
        path = self._path(drawer, digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=ARRIVING)
        with os.fdopen(handle, "wb") as file:
            file.writelines((MARK, *seal_parts(data, _place(digest), drawer)))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        _sync_folder(path.parent)

    def _path(self, drawer: int, digest: str) -> Path:
        return self.root / str(drawer) / digest[:2] / digest


def init_files(app: Flask, store: FileStore) -> None:
    """Let `app` keep uploaded files in `store`."""
    app.extensions[EXTENSION] = store


def files() -> FileStore:
    """Return the store of uploaded files; the drawer is the organisation's id."""
    return cast(FileStore, current_app.extensions[EXTENSION])


def _begins(path: Path, wanted: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(wanted)) == wanted


def _place(digest: str) -> str:
    return f"file/{digest}"


def _sync_folder(folder: Path) -> None:
    # The name itself is part of the write: without this a power cut can lose a file that was synced.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
