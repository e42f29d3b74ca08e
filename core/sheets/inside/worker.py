"""The limited process: bounds itself, reads one file from its input, writes one reply, ends."""

import gc
import io
import json
import resource
import sys
from collections.abc import Sequence
from typing import Final

from .archive import Archive
from .delimited import read_delimited
from .package import open_contents
from .reply import Reply
from .terms import ReadLimits, Refused, SpreadsheetKind, UnreadableCode
from .worksheet import read_sheet

ZIP: Final = b"PK\x03\x04"
EMPTY_ZIP: Final = b"PK\x05\x06"
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
# What other programs' files, or pages saved under a spreadsheet's name, begin with.
OTHER: Final = (
    b"%pdf-",
    b"<!doctype",
    b"<html",
    b"<?xml",
    b"<table",
    b"<head",
    b"<meta",
    b"{\\rtf",
    b"\x89png",
    b"gif8",
)
TEXT: Final = "text"


def main(arguments: Sequence[str]) -> int:
    """Read the file on standard input; arguments: the limits as JSON, and TEXT where the name tells text.

    Anything not foreseen ends the process without a last line; whoever started it takes that for a damaged file.
    """
    gc.disable()  # nothing here makes cycles, and the process ends before they would matter
    limits = ReadLimits(**json.loads(arguments[0]))
    _bound(limits)
    output = sys.stdout.buffer
    reply = Reply(output, limits)
    try:
        _read(sys.stdin.buffer.read(), limits, reply, may_be_text=arguments[1] == TEXT)
    except Refused as refused:
        reply.refuse(refused)
    except MemoryError:
        reply.refuse(Refused(UnreadableCode.TOO_MUCH_MEMORY))
    output.flush()
    return 0


def _bound(limits: ReadLimits) -> None:
    """Give up what reading does not need. Set here, not by the parent: forking code in a threaded server can hang."""
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 8),
        (resource.RLIMIT_NPROC, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (allowed, allowed))
    # A second between the two: the first bound ends the process with a signal of its own, the second just kills.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))


def _read(data: bytes, limits: ReadLimits, reply: Reply, *, may_be_text: bool) -> None:
    if data.startswith(ZIP):
        _read_workbook(data, limits, reply)
        kind = SpreadsheetKind.WORKBOOK
    else:
        _refuse_other(data)
        if not may_be_text:
            raise Refused(UnreadableCode.NOT_A_SPREADSHEET)
        read_delimited(data, limits, reply)
        kind = SpreadsheetKind.DELIMITED
    if reply.is_empty:
        raise Refused(UnreadableCode.EMPTY)
    reply.end(kind)


def _read_workbook(data: bytes, limits: ReadLimits, reply: Reply) -> None:
    archive = Archive(io.BytesIO(data), len(data), limits)
    archive.check()
    contents = open_contents(archive, limits)
    for entry in contents.sheets:
        read_sheet(archive, entry, contents, limits, reply)


def _refuse_other(data: bytes) -> None:
    if data.startswith(COMPOUND):
        encrypted = ENCRYPTED_STREAM in data
        raise Refused(UnreadableCode.ENCRYPTED if encrypted else UnreadableCode.OLD_EXCEL)
    start = data[:256].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n").lower()
    if data.startswith(EMPTY_ZIP) or start.startswith(OTHER):
        raise Refused(UnreadableCode.NOT_A_SPREADSHEET)
    if not start:
        raise Refused(UnreadableCode.EMPTY)
