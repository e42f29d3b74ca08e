"""Uploaded contracts: which files are taken, what they are called, and where they are kept."""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from core.serving.options import unreadable

LONGEST_NAME = 150
WORD_PARTS = frozenset({"[Content_Types].xml", "word/document.xml"})
BROKEN_ZIP = (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, OverflowError)


class MediaType(StrEnum):
    """The kinds of files that are taken."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    JPEG = "image/jpeg"
    PNG = "image/png"


ENDINGS = {
    MediaType.PDF: (".pdf",),
    MediaType.DOCX: (".docx",),
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.PNG: (".png",),
}
BEGINNINGS = {
    b"%PDF-": MediaType.PDF,
    b"\xff\xd8\xff": MediaType.JPEG,
    b"\x89PNG\r\n\x1a\n": MediaType.PNG,
    b"PK\x03\x04": MediaType.DOCX,
}


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was looked over. name: safe to show and to save under; media_type: what its bytes say it is."""

    name: str
    media_type: MediaType
    data: bytes


def look_over(name: str, data: bytes, limit: int) -> Document:
    """Return the uploaded file when it may be kept.

    limit: the largest size in bytes. Raises Refused when it is empty, too large, or its bytes are not those of a PDF,
    Word document, JPEG or PNG, whatever its name says.
    """
    if not data:
        raise Refused(_l("This file is empty."), "document")
    if len(data) > limit:
        raise Refused(_l("This file is too large: at most %(size)d MB.", size=limit // 1_000_000), "document")
    media_type = next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), None)
    if media_type is None or (media_type is MediaType.DOCX and not _is_word(data)):
        raise Refused(_l("This is not a PDF, Word document (docx), JPEG or PNG."), "document")
    return Document(clean_name(name, media_type), media_type, data)


def _is_word(data: bytes) -> bool:
    """Tell whether a zip is a Word document without macros. Only its list of contents is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (*BROKEN_ZIP, struct.error, zlib.error):
        return False
    return names >= WORD_PARTS and not any(name.lower().endswith("vbaproject.bin") for name in names)


def clean_name(name: str, media_type: MediaType) -> str:
    """Return `name` without folders, control characters and signs a file system refuses, ending as its kind does."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(" " if sign in '<>:"|?*' else sign for sign in last if not unreadable(sign))
    stem = " ".join(kept.split())
    endings = ENDINGS[media_type]
    ending = next((one for one in endings if stem.lower().endswith(one)), None)
    stem = stem[: -len(ending)] if ending else stem
    return f"{stem.strip('. ')[:LONGEST_NAME].strip('. ') or 'document'}{endings[0]}"
