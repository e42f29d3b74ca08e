"""A kept file, opened: its plain bytes are read from disk as they are asked for, and each is checked before."""

import hashlib
import io
from typing import IO

from core.vault import OpenPieces
from core.vault.pieces import PIECE


class OpenedFile(io.BufferedIOBase):
    """The plain bytes of a file that is sealed in pieces, of which one is held at a time.

    Whoever reads from the beginning to the end gets the last piece only after the SHA-256 of the whole was the right
    one. Whoever reads a part of it rests on the tags of the pieces, which are bound to that SHA-256 and to the drawer.
    Every read may raise SealError or ValueError when the file was changed: what came before is sound, what comes after
    never comes. Not for two threads at once.
    """

    def __init__(self, sealed: IO[bytes], place: str, drawer: int, digest: str) -> None:
        """Open the last piece, so that what was cut off or added to is refused here, and a short file whole.

        sealed: where the sealed pieces begin; closed with this. digest: SHA-256 of all plain bytes, in hexadecimal.
        Raises SealError or ValueError when it was changed or moved.
        """
        self._sealed, self._digest = sealed, digest
        self._pieces = OpenPieces(sealed, place, drawer)
        self.size = self._pieces.size
        self._at = 0
        # So many pieces from the beginning are in the sum.
        self._sum, self._summed = hashlib.sha256(), 0
        self._number, self._held = self._pieces.count - 1, self._pieces.piece(self._pieces.count - 1)
        if self._pieces.count == 1:
            self._piece(0)

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that reading may go on anywhere."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place, as of every file. Raises ValueError before the beginning."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError(f"there is nothing at {start + offset}")
        self._at = start + offset
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """Return so many bytes, or all that are left. Raises SealError or ValueError when they were changed."""
        left = max(0, self.size - self._at)
        end = self._at + (left if size is None or size < 0 else min(left, size))
        parts = []
        while self._at < end:
            number, begin = divmod(self._at, PIECE)
            part = self._piece(number)[begin : begin + end - self._at]
            self._at += len(part)
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """Close the file on disk as well."""
        self._sealed.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if number != self._number:
            self._number, self._held = -1, b""  # gone before the next is opened, and when that does not open
            self._held, self._number = self._pieces.piece(number), number
        if number == self._summed:
            self._sum.update(self._held)
            if number == self._pieces.count - 1 and self._sum.hexdigest() != self._digest:
                raise ValueError(f"file {self._digest} was changed on disk")
            self._summed += 1
        return self._held
