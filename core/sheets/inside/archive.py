"""The zip package around a workbook: checked as a whole before any part of it is parsed."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from .terms import MIB, Place, ReadLimits, Refused, UnreadableCode

CHUNK: Final = MIB
ENCRYPTED_FLAG: Final = 0x1
# bz2 and lzma inflate without a bound in the standard library, and no spreadsheet program writes them.
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DOCTYPES: Final = tuple(
    "<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
)
OVERLAP: Final = max(len(doctype) for doctype in DOCTYPES) - 1
UNZIP_ERRORS: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError)


class Archive:
    """Give the parts of a package, by name, in bounded pieces.

    Part names are compared without case, as the package standard does.
    Raises Refused: DAMAGED, ENCRYPTED, TOO_MANY_PARTS, UNPACKED_TOO_LARGE or DOCTYPE, naming the part.
    """

    def __init__(self, file: BinaryIO, size: int, limits: ReadLimits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(file)
        except UNZIP_ERRORS as error:
            raise Refused(UnreadableCode.DAMAGED) from error
        self._parts = self._listed(size)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def _listed(self, size: int) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > self._limits.parts:
            raise Refused(UnreadableCode.TOO_MANY_PARTS)
        if sum(info.compress_size for info in infos) > size:
            raise Refused(UnreadableCode.DAMAGED)  # parts that share their bytes: how small bombs unpack big
        parts: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            place = Place(part=info.orig_filename[:255])
            if info.flag_bits & ENCRYPTED_FLAG:
                raise Refused(UnreadableCode.ENCRYPTED, place)
            if info.compress_type not in METHODS or _misleads(info) or info.filename.lower() in parts:
                raise Refused(UnreadableCode.DAMAGED, place)
            parts[info.filename.lower()] = info
        return parts

    def check(self) -> None:
        """Unpack every part once, counting what really comes out, and refuse any document type declaration."""
        total = 0
        for info in self._parts.values():
            tail = b""
            for piece in self.pieces(info.filename):
                total += len(piece)
                if total > self._limits.unpacked_bytes:
                    raise Refused(UnreadableCode.UNPACKED_TOO_LARGE, Place(part=info.filename))
                window = tail + piece
                if any(doctype in window for doctype in DOCTYPES):
                    raise Refused(UnreadableCode.DOCTYPE, Place(part=info.filename))
                tail = window[-OVERLAP:]

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part unpacked, at most CHUNK bytes at a time, never more than the limits allow."""
        info = self._parts.get(name.lower())
        place = Place(part=name)
        if info is None:
            raise Refused(UnreadableCode.DAMAGED, place)
        largest = min(self._limits.part_bytes, max(MIB, info.compress_size * self._limits.part_ratio))
        unpacked = 0
        try:
            with self._zip.open(info) as stream:
                while piece := stream.read(CHUNK):
                    unpacked += len(piece)
                    if unpacked > largest:
                        raise Refused(UnreadableCode.UNPACKED_TOO_LARGE, place)
                    yield piece
        except UNZIP_ERRORS as error:
            raise Refused(UnreadableCode.DAMAGED, place) from error
        if unpacked != info.file_size:
            raise Refused(UnreadableCode.DAMAGED, place)


def _misleads(info: zipfile.ZipInfo) -> bool:
    """Tell whether an entry's name or type would mean something else to a program that unpacks to a disk."""
    name = info.orig_filename
    steps = name.removesuffix("/").split("/")
    return (
        stat.S_ISLNK(info.external_attr >> 16)
        or any(step in ("", ".", "..") for step in steps)
        or any(character in name for character in "\\:")
        or not name.isprintable()
    )
