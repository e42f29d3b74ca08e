"""Text files with a separator between cells: every cell comes out as text, exactly as typed."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from .package import clean
from .reply import Reply
from .terms import Place, ReadLimits, Refused, UnreadableCode
from .values import Plain

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
UNMARKED: Final = ("utf-8", "cp1252")
# In order of trust: commas also stand inside Dutch amounts, tabs hardly ever inside anything.
SEPARATORS: Final = ("\t", ";", "|", ",")
ANNOUNCED: Final = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
SAMPLE_CHARACTERS: Final = 65_536
SAMPLE_ROWS: Final = 50
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
BINARY_SHARE: Final = 0.1
# A last line of our own: when it does not come out alone, a quotation mark before it was never closed.
LAST_LINE: Final = "\x00end of file\x00"


def read_delimited(data: bytes, limits: ReadLimits, reply: Reply) -> None:
    """Send the rows of a text file as one sheet without a name.

    Encodings: UTF-8, UTF-16 and UTF-32 with their mark, else UTF-8 where valid, else Windows-1252.
    Separators: tab, semicolon, bar or comma, found from the first rows, or stated by a first line "sep=;".
    Raises Refused: NOT_A_SPREADSHEET (no text), UNKNOWN_ENCODING, UNCLOSED_QUOTE, TEXT_TOO_LONG, TOO_MANY_ROWS,
    TOO_MANY_COLUMNS, TOO_MANY_CELLS, TOO_MUCH_TEXT, with the row where known.
    """
    text = decode(data)
    if len(CONTROL.findall(text, 0, SAMPLE_CHARACTERS)) > BINARY_SHARE * min(len(text), SAMPLE_CHARACTERS):
        raise Refused(UnreadableCode.NOT_A_SPREADSHEET)
    announced = ANNOUNCED.match(text)
    if announced:
        text, separator = text[announced.end() :], announced[1]
    else:
        separator = separator_of(text[:SAMPLE_CHARACTERS])
    reply.sheet("", hidden=False)
    first_row = 2 if announced else 1
    for number, row in enumerate(_rows(text, separator, limits, first_row), first_row):
        cells: list[Plain] = [clean(cell) or None for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if number > limits.rows:
            raise Refused(UnreadableCode.TOO_MANY_ROWS, Place(row=number))
        if len(cells) > limits.columns:
            raise Refused(UnreadableCode.TOO_MANY_COLUMNS, Place(row=number, column=len(cells)))
        reply.row(number, cells, [])


def decode(data: bytes) -> str:
    """Turn the bytes into text, without a byte order mark."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], (encoding,))
    return _decode(data, UNMARKED)


def separator_of(sample: str) -> str:
    """Choose the separator under which most of the first rows have the same number of cells, more than one."""
    if len(sample) == SAMPLE_CHARACTERS:
        sample = sample[: sample.rfind("\n") + 1] or sample
    scores = {separator: _share_of_equal_rows(sample, separator) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: scores[separator])  # the first of equals


def _share_of_equal_rows(sample: str, separator: str) -> float:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        widths = Counter(len(row) for row in islice(reader, SAMPLE_ROWS) if row)
    except csv.Error:
        return 0.0
    wide = {width: count for width, count in widths.items() if width > 1}
    return max(wide.values()) / widths.total() if wide else 0.0


def _rows(text: str, separator: str, limits: ReadLimits, first_row: int) -> Iterator[list[str]]:
    csv.field_size_limit(limits.cell_characters)
    try:
        reader = csv.reader(io.StringIO(f"{text}\n{LAST_LINE}", newline=""), delimiter=separator)
    except (TypeError, ValueError) as error:  # "sep=" may announce what cannot separate
        raise Refused(UnreadableCode.DAMAGED, Place(row=1)) from error
    number = first_row - 1
    last: list[str] | None = None
    try:
        for row in reader:
            number += 1
            if last is not None:
                yield last
            last = row
    except csv.Error as error:
        raise Refused(UnreadableCode.TEXT_TOO_LONG, Place(row=number + 1)) from error
    if last != [LAST_LINE]:
        raise Refused(UnreadableCode.UNCLOSED_QUOTE, Place(row=number))


def _decode(data: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(UnreadableCode.UNKNOWN_ENCODING)
