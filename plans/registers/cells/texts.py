"""Texts in cells, and what any other kind of cell looks like as text."""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from plans.registers.cells.bad import BadCell

# Longer than any limit of a column, short enough that no pattern takes noticeable time on it.
LONGEST = 40_000
WHITESPACE_CONTROLS = "\t\n\r"
# They make a text read differently from what it is.
DIRECTION_OVERRIDES = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def plain(raw: object) -> str:
    """Return what a person would read in the cell, without blanks around it; an empty cell is an empty text.

    Raises BadCell for what no cell holds, and for characters that cannot be kept.
    """
    text = _written(raw)
    if len(text) > LONGEST:
        raise BadCell(_l("This is far too long."))
    # What is printable holds nothing forbidden: far cheaper than asking of each character.
    if not text.isprintable() and any(_forbidden(character) for character in text):
        raise BadCell(_l("This holds a character that cannot be kept. Type it again."))
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def _written(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int):
        return _number(raw)
    if isinstance(raw, float):
        if not math.isfinite(raw):
            raise BadCell(_l("This is not a number."))
        return _number(int(raw)) if raw.is_integer() else repr(raw)
    if isinstance(raw, Decimal):
        if not raw.is_finite():
            raise BadCell(_l("This is not a number."))
        return f"{raw:f}" if abs(raw.adjusted()) < 30 else _too_large()
    if isinstance(raw, (datetime, date, time)):
        return raw.isoformat()
    raise BadCell(_l("This cell cannot be read."))


def _number(value: int) -> str:
    # Python refuses to write very large numbers out; no column takes them either.
    return str(value) if abs(value) < 10**30 else _too_large()


def _too_large() -> str:
    raise BadCell(_l("This number is too large."))


def _forbidden(character: str) -> bool:
    if character in WHITESPACE_CONTROLS:
        return False
    # Cc: controls; Cs: half of a character; the last two of each plane are never characters.
    return (
        unicodedata.category(character) in ("Cc", "Cs")
        or character in DIRECTION_OVERRIDES
        or ord(character) & 0xFFFE == 0xFFFE
    )


def one_line(raw: object, limit: int) -> str:
    """Return a text of one line, blanks inside it reduced to one. limit: most characters.

    Raises BadCell when it is too long or holds what cannot be kept.
    """
    return _limited(" ".join(plain(raw).split()), limit)


def several_lines(raw: object, limit: int) -> str:
    """Return a text that keeps its lines. limit: most characters. Raises BadCell as one_line does."""
    return _limited(re.sub(r"\r\n?|\u2028|\u2029", "\n", plain(raw)), limit)


def _limited(text: str, limit: int) -> str:
    if len(text) > limit:
        raise BadCell(_l("This has %(length)d characters; at most %(limit)d fit.", length=len(text), limit=limit))
    return text


def lowered(text: str) -> str:
    """Return `text` in small letters with single blanks."""
    return " ".join(text.casefold().split())


def folded(text: str) -> str:
    """Return `text` for comparing: small letters, no accents, single blanks; of accents alone, those accents."""
    if text.isascii():
        return " ".join(text.lower().split())
    bare = unicodedata.normalize("NFKD", text.casefold())
    return lowered("".join(letter for letter in bare if not unicodedata.combining(letter))) or lowered(text)


def each_folded(values: Sequence[object]) -> list[str]:
    """Return each value as a text for comparing, as folded() would; nothing for what is empty."""
    texts = [value if type(value) is str else str(value) if value else "" for value in values]
    whole = f"|{'|'.join(texts)}|"
    # Where no blank is too many and every letter plain, only capitals differ.
    if whole.isascii() and whole.isprintable() and not any(mark in whole for mark in ("  ", "| ", " |")):
        return list(map(str.lower, texts))
    return [folded(text) for text in texts]
