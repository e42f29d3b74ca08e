"""Photos without what they tell beside the picture: place, time, owner, device, thumbnails and what follows the end.

Nothing is decoded: segments that are not needed to draw the picture are left out, byte for byte the rest stays. A
telephone writes which side is up as metadata; that one number is kept, in a segment of our own.
"""

import zlib
from collections.abc import Iterator

JPEG_START, PNG_START = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
SOI, EOI, SOS, APP0, APP1, APP2, APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
APPS, COMMENT = range(0xE0, 0xF0), 0xFE
EXIF, JFIF, ICC = b"Exif\x00\x00", b"JFIF\x00", b"ICC_PROFILE\x00"
ORIENTATION, UPRIGHT = 0x0112, 1
KEPT_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sRGB", b"sBIT", b"pHYs"})


class BadPicture(ValueError):
    """The bytes are not those of a whole JPEG or PNG."""


def bare(data: bytes) -> bytes:
    """Return a JPEG or PNG without metadata. Raises BadPicture for anything else and for one that is cut short."""
    if data.startswith(JPEG_START):
        return _bare_jpeg(data)
    if data.startswith(PNG_START):
        return PNG_START + b"".join(_chunks(data))
    raise BadPicture


def _bare_jpeg(data: bytes) -> bytes:
    side, kept = UPRIGHT, []
    for marker, segment in _segments(data):
        content = segment[4:]
        if marker == APP1 and content.startswith(EXIF):
            side = _side(content[len(EXIF) :])
        if (cleaned := _needed(marker, segment, content)) is not None:
            kept.append(cleaned)
    return b"\xff\xd8" + _turned(side) + b"".join(kept)


def _needed(marker: int, segment: bytes, content: bytes) -> bytes | None:
    """Return a segment as it stays, None when the picture is drawn the same without it."""
    if marker == APP0 and content.startswith(JFIF) and len(content) >= 14:
        # Without the thumbnail, whose two sizes end the part that stays.
        return b"\xff\xe0\x00\x10" + content[:12] + b"\x00\x00"
    if marker == APP2 and content.startswith(ICC):
        return segment
    return None if (marker in APPS and marker != APP14) or marker == COMMENT else segment


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each marker with its bytes up to the end of the picture; image data goes with the marker before it."""
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if len(data) < at + 2 or data[at] != 0xFF:
            raise BadPicture
        marker = data[at + 1]
        if marker == EOI:
            yield marker, data[at : at + 2]
            return
        end = at + 2 if marker in ALONE else at + 2 + _length(data, at + 2)
        if marker == SOS:
            end = _end_of_scan(data, end)
        if end > len(data):
            raise BadPicture
        yield marker, data[at:end]
        at = end


def _length(data: bytes, at: int) -> int:
    found = int.from_bytes(data[at : at + 2])
    if found < 2:
        raise BadPicture
    return found


def _end_of_scan(data: bytes, at: int) -> int:
    """Return where the next marker begins that ends the image data from `at` on."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] not in (0x00, 0xFF) and data[at + 1] not in ALONE:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
    raise BadPicture


def _side(tiff: bytes) -> int:
    """Return which side is up, from 1 to 8, as the first directory of an Exif segment tells."""
    order = {b"II*\x00": "little", b"MM\x00*": "big"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    little = order == "little"

    def number(start: int, size: int) -> int:
        return int.from_bytes(tiff[start : start + size], "little" if little else "big")

    directory = number(4, 4)
    for entry in range(directory + 2, directory + 2 + 12 * number(directory, 2), 12):
        if entry + 12 <= len(tiff) and number(entry, 2) == ORIENTATION:
            found = number(entry + 8, 2)
            return found if 1 <= found <= 8 else UPRIGHT
    return UPRIGHT


def _turned(side: int) -> bytes:
    """Return an Exif segment that says nothing but which side is up; nothing for an upright picture."""
    if side == UPRIGHT:
        return b""
    entry = ORIENTATION.to_bytes(2) + b"\x00\x03" + b"\x00\x00\x00\x01" + side.to_bytes(2) + b"\x00\x00"
    content = EXIF + b"MM\x00*\x00\x00\x00\x08" + b"\x00\x01" + entry + b"\x00\x00\x00\x00"
    return b"\xff\xe1" + (len(content) + 2).to_bytes(2) + content


def _chunks(data: bytes) -> Iterator[bytes]:
    """Yield the chunks of a PNG that are needed to draw it."""
    at, first = len(PNG_START), True
    while True:
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            raise BadPicture
        if first != (kind == b"IHDR"):
            raise BadPicture
        if kind in KEPT_CHUNKS:
            yield data[at:end]
        if kind == b"IEND":
            return
        at, first = end, False
