"""Anchors: once a day the ends of all chains are written down outside the database.

An anchor tells how long each chain was and with which link it ended, and nothing of what happened. Kept where the
database's own keeper cannot reach (write-once storage, a mailbox elsewhere), it shows a trail that was put back.
One text for file and mail, in ASCII, a line each:

    waarborg trail anchor 1
    at 2026-11-22T04:30:00+00:00
    3 120 <link in hexadecimal>      (chain, number of entries, link; chain 0 holds the events of accounts)
    mac <keyed hash over all lines above>
"""

import hmac
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from core import db
from core.vault import mac_key
from tenants.models import TrailHead
from tenants.trail.verifying import Anchored

PURPOSE = "trail-anchor"
FIRST, AT, MAC = "waarborg trail anchor 1", "at ", "mac "
LINE = re.compile(r"(\d{1,19}) (\d{1,10}) ([0-9a-f]{64})")


class AnchorError(Exception):
    """A file holds no anchor, or one that was altered; the text says which and why."""


def make(at: datetime) -> str:
    """Return the anchor of this moment. A transaction must be under way."""
    query = sa.select(TrailHead.chain, TrailHead.seq, TrailHead.link).order_by(TrailHead.chain)
    ends = [f"{row.chain} {row.seq} {bytes(row.link).hex()}" for row in db.session().execute(query)]
    lines = [FIRST, f"{AT}{at.isoformat(timespec='seconds')}", *ends]
    return "".join(f"{line}\n" for line in [*lines, f"{MAC}{_mac(lines)}"])


def keep(text: str, folder: Path, at: datetime) -> Path:
    """Add an anchor to the file of its day in `folder`; nobody finds half of one. Return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"trail-{at:%Y-%m-%d}.txt"
    before = path.read_text(encoding="ascii") + "\n" if path.exists() else ""
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".trail-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(before + text)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return path


def kept(folder: Path) -> list[Path]:
    """Return the files of anchors in `folder`, oldest first."""
    return sorted(folder.glob("trail-*.txt"))


def read(paths: Iterable[Path]) -> dict[int, dict[int, Anchored]]:
    """Return what the anchors in the files say: chain -> number of entry -> link.

    A saved mail will do: lines around an anchor are passed over. Raises AnchorError for a file without an anchor,
    an anchor that was altered or is incomplete, and two that contradict each other.
    """
    found: dict[int, dict[int, Anchored]] = {}
    for path in paths:
        try:
            lines = [line.rstrip() for line in path.read_text(encoding="ascii", errors="replace").splitlines()]
        except OSError as error:
            raise AnchorError(f"{path}: cannot be read ({error.strerror})") from None
        if FIRST not in lines:
            raise AnchorError(f"{path}: holds no anchor")
        for number, seq, link in _ends(path, lines):
            known = found.setdefault(number, {}).setdefault(seq, Anchored(link, path.name))
            if known.link != link:
                raise AnchorError(f"{path}: contradicts {known.anchor} about entry {seq} of chain {number}")
    return found


def _ends(path: Path, lines: list[str]) -> Iterator[tuple[int, int, bytes]]:
    starts = [place for place, line in enumerate(lines) if line == FIRST]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        block = lines[start:end]
        last = next((place for place, line in enumerate(block) if line.startswith(MAC)), None)
        if last is None:
            raise AnchorError(f"{path}: the anchor in line {start + 1} is incomplete")
        if not hmac.compare_digest(_mac(block[:last]).encode(), block[last].removeprefix(MAC).encode()):
            raise AnchorError(f"{path}: the anchor in line {start + 1} was altered, or is of another installation")
        for line in block[2:last]:
            match = LINE.fullmatch(line)
            if match is None:
                raise AnchorError(f"{path}: the anchor in line {start + 1} has a line that is none of ours")
            if int(match[2]):
                yield int(match[1]), int(match[2]), bytes.fromhex(match[3])


def _mac(lines: Iterable[str]) -> str:
    text = "".join(f"{line}\n" for line in lines)
    return hmac.new(mac_key(PURPOSE), text.encode("ascii", errors="replace"), "sha256").hexdigest()
