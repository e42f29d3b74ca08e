"""Parts that are long and alike: read a stretch at a time where that is safe, an element at a time where it is not.

expat sees every byte and decides what is well-formed. A stretch is a run of whole elements, cut where one ends. It is
read at once when its reader knows every character of it, and then expat has nobody to tell; from the first stretch
that is any different on, expat tells of each element. So the quick way only ever accepts: what it does not know, and
all that is refused, is left to the slow one.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, Protocol
from xml.parsers import expat

from .archive import Archive
from .markup import End, Start, parsing

MARK: Final = b"\xef\xbb\xbf"  # that text is UTF-8
REFERENCE: Final = re.compile("&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|([a-z]+));")
NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# What returns how to keep a stretch, and raises Irregular for all it does not know.
Read = Callable[[str], Callable[[], None]]


class Irregular(Exception):
    """Leave a stretch, and all that follows it, to be told element by element."""


class Slow(Protocol):
    """Who is told of each element."""

    parser: expat.XMLParserType
    start: Start
    end: End


class Watch:
    """How deep expat is inside the elements while it reads what stands before the first stretch."""

    def __init__(self, slow: Slow) -> None:
        self._slow = slow
        self.depth = 0
        self.innermost = self.encoding = ""
        slow.parser.StartElementHandler = self._start
        slow.parser.EndElementHandler = self._end
        slow.parser.XmlDeclHandler = self._declared

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.innermost = name
        self._slow.start(name, attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self._slow.end(name)

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = (encoding or "").casefold()


def feed_in_stretches(
    slow: Slow,
    archive: Archive,
    part: str,
    *,
    opening: bytes,
    closing: bytes,
    ready: Callable[[Watch, bytes], bool],
    read: Read,
) -> None:
    """Run a whole part through the parser of `slow`, by stretches as far as that goes.

    opening: what the first element of a stretch begins with, closing: its end tag; ready: tells, of what stands before
    the first stretch, whether stretches may be read; read: is given a stretch as text that may not be well-formed yet.
    Raises Refused as `markup.feed` does.
    """
    with parsing(part):
        pieces = archive.pieces(part)
        rest = next(pieces, b"")
        at = max(rest.find(opening), 0)
        head, rest = rest[:at], rest[at:]
        watch = Watch(slow)
        slow.parser.Parse(head, False)
        # Inside a comment or the like a tag is no tag.
        bare = b"<!" not in head and b"<?" not in head.removeprefix(MARK)[1:] and watch.encoding in ("", "utf-8")
        regular = rest.startswith(opening) and bare and ready(watch, head)
        if not regular:
            _tell(slow)
        _feed(slow, rest, pieces, closing, read if regular else None)
        slow.parser.Parse(b"", True)


def _feed(slow: Slow, rest: bytes, pieces: Iterator[bytes], closing: bytes, read: Read | None) -> None:
    """Run `rest` and the pieces after it through the parser; read: None where nothing may be read at once."""
    while rest:
        cut = rest.rfind(closing) + len(closing) if closing in rest else 0
        if read and cut:
            read = read if _at_once(slow, rest[:cut], read) else None
            rest = rest[cut:]
        more = next(pieces, b"")
        if not (read and cut and more):
            _tell(slow)
            slow.parser.Parse(rest, False)
            read, rest = None, b""
        rest += more


def _at_once(slow: Slow, stretch: bytes, read: Read) -> bool:
    """Read one stretch; tell whether it went without asking expat for its elements."""
    try:
        keep = read(stretch.decode())
    except (Irregular, UnicodeDecodeError):
        _tell(slow)
        slow.parser.Parse(stretch, False)
        return False
    slow.parser.StartElementHandler = slow.parser.EndElementHandler = None
    slow.parser.Parse(stretch, False)
    keep()
    return True


def _tell(slow: Slow) -> None:
    slow.parser.StartElementHandler, slow.parser.EndElementHandler = slow.start, slow.end


def resolved(text: str) -> str:
    """Return text with its references put in. Raises Irregular for one that XML does not know of itself."""

    def meant(found: re.Match[str]) -> str:
        decimal, hexadecimal, name = found.groups()
        if name is not None:
            return NAMED[name]
        return chr(int(decimal) if decimal else int(hexadecimal, 16))

    try:
        done = REFERENCE.sub(meant, text)
    except (LookupError, ValueError, OverflowError):
        raise Irregular from None
    if REFERENCE.sub("", text).count("&"):
        raise Irregular
    return done
