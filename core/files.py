"""Uploaded files: kept encrypted, named by the SHA-256 of their plain bytes, on disk before anybody is told so."""

import fcntl
import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from flask import Flask, current_app

from core.opened_file import OpenedFile
from core.vault import SealError, open_owned, seal_pieces, sealed_by
from core.vault.pieces import Readable

# How a file begins that is sealed in pieces, as all are that are kept now.
MARK = b"waarborg sealed file 2\n"
# Files of before stay what they are until `renew` comes by: these are sealed whole, older ones are not sealed at all.
WHOLE_MARK = b"waarborg sealed file 1\n"
MARKS = (MARK, WHOLE_MARK)
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
        self._put(drawer, digest, io.BytesIO(data))
        return digest

    def put_from(self, drawer: int, source: IO[bytes]) -> str:
        """Keep what `source` holds from its beginning, as `put` does, however long it is. It is read twice."""
        source.seek(0)
        digest = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]  # it is readable
        source.seek(0)
        self._put(drawer, digest, source)
        return digest

    def _put(self, drawer: int, digest: str, source: Readable) -> None:
        path = self._path(drawer, digest)
        with self._alone(drawer):
            if not path.exists() or not _begins(path, MARKS):
                self._write(drawer, digest, source)
            else:
                os.utime(path)  # it was put just now: whoever refers to it has yet to commit

    def get(self, drawer: int, digest: str) -> bytes:
        """Return the bytes kept under `digest`, all at once: for files that are short. Raises as `open` does."""
        with self.open(drawer, digest) as kept:
            return kept.read()

    def open(self, drawer: int, digest: str) -> io.BufferedIOBase:
        """Open what is kept under `digest`, to be read by and by, also after the scope is closed; see OpenedFile.

        Raises FileNotFoundError when there is none, ValueError or SealError when it is no longer what was put. One of
        more than a piece may do so while it is read.
        """
        sealed = self._path(drawer, digest).open("rb")
        try:
            mark = sealed.read(len(MARK))
            if mark == MARK:
                return OpenedFile(sealed, _place(digest), drawer, digest)
            sealed.seek(0)
            kept = sealed.read()
        except BaseException:
            sealed.close()
            raise
        sealed.close()
        return io.BytesIO(_of_before(kept, drawer, digest))

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
            if not _begins(path, [mark + head for mark in MARKS]):
                yield path.name

    def of_before(self, drawer: int) -> list[str]:
        """Return the digests of the files of `drawer` that are sealed whole, or not sealed at all."""
        return [path.name for path in self._files(drawer) if not _begins(path, [MARK])]

    def renew(self, drawer: int, digest: str) -> None:
        """Keep a file anew, sealed with the newest key. Whoever reads it meanwhile gets the one or the other.

        Raises as `open` and reading do; the file is then left as it was.
        """
        with self.open(drawer, digest) as kept:
            self._write(drawer, digest, kept)

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

    def _write(self, drawer: int, digest: str, source: Readable) -> None:
        path = self._path(drawer, digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=ARRIVING)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(MARK)
                file.writelines(seal_pieces(source, _place(digest), drawer))
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
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


def _of_before(kept: bytes, drawer: int, digest: str) -> bytes:
    """Return the plain bytes of a file that is not sealed in pieces. Raises ValueError or SealError as `open` does."""
    data: bytes = kept
    if kept.startswith(WHOLE_MARK):
        sealed = memoryview(kept)[len(WHOLE_MARK) :]  # a view: a slice of a long file would be held once more
        if sealed_by(sealed)[0] != drawer:
            raise SealError(f"file {digest} was moved to drawer {drawer} from another")
        data = open_owned(sealed, _place(digest))
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"file {digest} was changed on disk")
    return data


def _begins(path: Path, wanted: Iterable[bytes]) -> bool:
    """Tell whether a file begins with one of these, which are equally long."""
    either = frozenset(wanted)
    with path.open("rb") as file:
        return file.read(max(map(len, either))) in either


def _place(digest: str) -> str:
    return f"file/{digest}"


def _sync_folder(folder: Path) -> None:
    # The name itself is part of the write: without this a power cut can lose a file that was synced.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
