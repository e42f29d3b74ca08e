"""Photos without what they tell beside the picture."""

import struct
import zlib

import pytest

from core.pictures import BadPicture, bare


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def exif(side: int, order: str = "<") -> bytes:
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    entries = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, side, 0) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 26)
    directory = struct.pack(f"{order}IH", 8, 2) + entries + struct.pack(f"{order}I", 0)
    return b"Exif\x00\x00" + mark + directory + b"GPS 51.58 N 4.77 E"


JFIF = b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01"
SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"image\xff\x00data\xff\xd0more"
TABLES = segment(0xDB, b"\x00" * 65) + segment(0xC4, b"huffman")
WANTED = b"\xff\xd8" + segment(0xE0, JFIF + b"\x00\x00") + TABLES + SCAN + segment(0xC4, b"next") + SCAN + b"\xff\xd9"


def photo(*metadata: bytes, end: bytes = b"") -> bytes:
    return (
        b"\xff\xd8" + segment(0xE0, JFIF + b"\x01\x01thumb") + b"".join(metadata) + TABLES + SCAN
        + segment(0xC4, b"next") + SCAN + b"\xff\xd9" + end
    )  # fmt: skip


def test_a_photo_keeps_its_picture_and_loses_place_time_device_thumbnail_and_what_follows_its_end() -> None:
    telling = (
        segment(0xE1, exif(1)), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<xmp>Fatima</xmp>"),
        segment(0xE2, b"MPF\x00second picture"), segment(0xED, b"Photoshop"), segment(0xFE, b"my own phone"),
    )  # fmt: skip
    assert bare(photo(*telling, end=b"a film of the same moment")) == WANTED


@pytest.mark.parametrize("order", ["<", ">"])
def test_which_side_is_up_stays_and_nothing_else_of_it(order: str) -> None:
    found = bare(photo(segment(0xE1, exif(6, order))))
    assert b"GPS" not in found
    assert found == bare(found), "it can be read again"
    assert found.startswith(b"\xff\xd8\xff\xe1")
    assert found[2:].endswith(WANTED[2:])


def test_colours_stay_as_they_were_meant() -> None:
    profile, adobe = segment(0xE2, b"ICC_PROFILE\x00\x01\x01data"), segment(0xEE, b"Adobe\x00d\x00\x00\x00\x00\x01")
    found = bare(photo(profile, adobe))
    assert profile in found
    assert adobe in found


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG = b"\x89PNG\r\n\x1a\n"
HEAD, DATA, END = chunk(b"IHDR", bytes(13)), chunk(b"IDAT", zlib.compress(b"\x00")), chunk(b"IEND", b"")


def test_a_png_keeps_its_picture_and_loses_its_texts() -> None:
    telling = chunk(b"tEXt", b"Author\x00Fatima") + chunk(b"eXIf", exif(1)) + chunk(b"tIME", bytes(7))
    assert bare(PNG + HEAD + telling + DATA + END + b"hidden") == PNG + HEAD + DATA + END


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8\xff",
        photo()[:40],
        photo()[:-2],
        b"\xff\xd8" + b"\xff\xe1\x00\x01",
        PNG,
        PNG + DATA + END,
        PNG + HEAD + DATA,
        PNG + HEAD + DATA[:-1] + b"x" + END,
        PNG + HEAD + HEAD + END,
    ],
)
def test_what_is_no_whole_picture_is_refused(broken: bytes) -> None:
    with pytest.raises(BadPicture):
        bare(broken)
