"""Typed cells as the XML of a worksheet: text stays text, whatever it begins with."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

MAX_TEXT = 32_767
# So many characters are never too many, however they are counted: see _length().
CERTAIN = MAX_TEXT // 2
MAX_COLUMNS = 16_384
# Excel computes with doubles: a longer number would lose its last digits without a word.
EXACT = 10**15
FIRST_DAY = date(1900, 3, 1)  # before it Excel's calendar has a day that never was
EPOCH = date(1899, 12, 30)

CellValue = str | int | float | Decimal | bool | date | datetime | None


class Kind(StrEnum):
    """What a column holds, and so how its cells are written and shown."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    MONEY = "money"
    DAY = "day"
    # A day of it, by custom the first, shown without the day: sorts and filters as days do.
    MONTH = "month"
    INSTANT = "instant"
    YES_NO = "yes_no"
    # Each value as what it is; for sheets of few rows, as every cell is looked at by itself.
    MIXED = "mixed"


class Tone(StrEnum):
    """A colour behind a word. The word says it all; the colour only helps to find it."""

    PLAIN = "plain"
    GOOD = "good"
    SOON = "soon"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Toned:
    """A text with a colour behind it."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Shaded:
    """A whole number with a colour behind it, the darker the more. shade: 0 (none) up to and including SHADES."""

    number: int
    shade: int


Value = CellValue | Toned | Shaded
# How many shades there are beside none.
SHADES = 4


def shaded(number: int, most: int) -> Shaded:
    """Return `number` in the shade of its share of `most`; only nothing is without any."""
    return Shaded(number, 0 if number <= 0 or most <= 0 else min(SHADES, -(-number * SHADES // most)))


# XML 1.0 knows no other control characters; the format has its own way to write them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f]")
_NO_CHARACTER = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def escape(text: str) -> str:
    """Return `text` as XML character data that reads back as the same text.

    Control characters are written in the format's own way (_x0007_); halves of characters, which no file can hold,
    become U+FFFD; text over MAX_TEXT characters is cut and says by how much.
    """
    if len(text) > CERTAIN and _length(text) > MAX_TEXT:
        text = _cut(text)
    if _SPECIAL.search(text) is None:
        return text
    text = _NO_CHARACTER.sub("\ufffd", text)
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CONTROL.sub(lambda found: f"_x{ord(found.group()):04X}_", text)


def _length(text: str) -> int:
    """Return how many characters a spreadsheet counts, which takes one beyond U+FFFF for two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str) -> str:
    """Return the beginning of a text that is too long, and how many characters are left out."""
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (MAX_TEXT - 20)].decode("utf-16-le", "ignore")
    return f"{kept}… [+{len(text) - len(kept)}]"


def stands_as_it_is(text: str) -> bool:
    """Tell that `text`, or many texts joined, needs no escaping. No is not certain: `escape` knows."""
    # What is printable has no control character, no half of one and no line end: far cheaper than searching.
    return text.isprintable() and "&" not in text and "<" not in text and ">" not in text and "_x" not in text


@cache
def column_name(index: int) -> str:
    """Return the letters of the column at `index`, from 0: A, B, … Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def text_cell(place: str, style: int, text: str) -> str:
    """Return a cell that holds text and can never be a formula."""
    if not text:
        return ""
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def number_cell(place: str, style: int, number: object) -> str:
    """Return a cell that holds a number."""
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def serial(day: date) -> int:
    """Return Excel's number of a day."""
    return (day - EPOCH).days


Writer = Callable[[str, CellValue], str]


def writer_of(kind: Kind, styles: Mapping[Kind, int], zone: ZoneInfo) -> Writer:
    """Return the function that writes the cells of a column.

    styles: of each kind; a value that does not fit the kind is text, written as it reads.
    """
    style, plain = styles[kind], styles[Kind.TEXT]

    def day(place: str, value: CellValue) -> str:
        if isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_DAY:
            return number_cell(place, style, serial(value))
        return text_cell(place, plain, str(value))

    def instant(place: str, value: CellValue) -> str:
        if not isinstance(value, datetime) or value.date() < FIRST_DAY:
            return text_cell(place, plain, str(value))
        local = value.astimezone(zone)
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        return number_cell(place, style, f"{serial(local.date()) + seconds / 86_400:.10f}")

    def number(place: str, value: CellValue) -> str:
        return number_cell(place, style, value) if _is_number(value) else text_cell(place, plain, str(value))

    def yes_no(place: str, value: CellValue) -> str:
        if isinstance(value, bool):
            return f'<c r="{place}" s="{style}" t="b"><v>{int(value)}</v></c>'
        return text_cell(place, plain, str(value))

    def text(place: str, value: CellValue) -> str:
        return text_cell(place, style, str(value))

    if kind is Kind.MIXED:
        return lambda place, value: writer_of(_kind_of(value), styles, zone)(place, value)
    return {
        Kind.TEXT: text,
        Kind.WHOLE: number,
        Kind.DECIMAL: number,
        Kind.MONEY: number,
        Kind.DAY: day,
        Kind.MONTH: day,
        Kind.INSTANT: instant,
        Kind.YES_NO: yes_no,
    }[kind]


def _is_number(value: CellValue) -> bool:
    """Tell that a value is a number that a spreadsheet keeps to its last digit."""
    return isinstance(value, (int, Decimal, float)) and not isinstance(value, bool) and -EXACT < value < EXACT


def _kind_of(value: CellValue) -> Kind:
    """Return how a value is written where a column has none for all of its cells."""
    match value:
        case bool():
            return Kind.YES_NO
        case int():
            return Kind.WHOLE
        case float() | Decimal():
            return Kind.DECIMAL
        case datetime():
            return Kind.INSTANT
        case date():
            return Kind.DAY
    return Kind.TEXT
