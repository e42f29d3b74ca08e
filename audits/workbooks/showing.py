"""How rows come to stand in a sheet: yes and no as words, and no text that is longer than a row can be high.

A truth value would be shown in the language of the program that opens the workbook. And a row can be so high and no
higher: what does not fit in it is neither seen nor printed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _

from core.sheets.cells import Kind
from core.sheets.writing import Column, InColumns, Sheet, Value

# Lines of a cell: a few fewer than the format has room for, as programs break lines between words.
MOST_LINES = 24
# Nothing shorter can need that many.
SHORT = 2 * MOST_LINES
COUNTED = frozenset({Kind.WHOLE, Kind.DECIMAL, Kind.MONEY})
Block = Sequence[Sequence[Value]]


def shown(sheet: Sheet) -> Sheet:
    """Return a sheet that says the same; a row whose text needs more lines than a row shows goes on in further rows.

    Those begin with “(continued)” and say everything else of the row again, but no numbers: sums stay right.
    """
    texts = [(place, column.shown_width) for place, column in enumerate(sheet.columns) if column.kind is Kind.TEXT]
    answers = [place for place, column in enumerate(sheet.columns) if column.kind is Kind.YES_NO]
    columns = tuple(replace(one, kind=Kind.TEXT) if one.kind is Kind.YES_NO else one for one in sheet.columns)
    words = {None: None, True: str(_("Yes")), False: str(_("No"))}
    if isinstance(sheet.rows, InColumns):
        told = _flowing_blocks(_worded_blocks(sheet.rows.blocks, answers, words), columns, texts)
        return replace(sheet, columns=columns, rows=InColumns(told))
    return replace(sheet, columns=columns, rows=_flowing(_worded(sheet.rows, answers, words), columns, texts))


def _worded(
    rows: Iterable[Sequence[Value]], places: Sequence[int], words: Mapping[Any, Value]
) -> Iterable[Sequence[Value]]:
    if not places:
        return rows
    return (_answered(row, places, words) for row in rows)


def _answered(row: Sequence[Value], places: Sequence[int], words: Mapping[Any, Value]) -> Sequence[Value]:
    cells = list(row)
    for place in places:
        cells[place] = words[cells[place]]
    return cells


def _worded_blocks(blocks: Iterable[Block], places: Sequence[int], words: Mapping[Any, Value]) -> Iterator[Block]:
    for block in blocks:
        yield [[words[value] for value in values] if place in places else values for place, values in enumerate(block)]


def _flowing(
    rows: Iterable[Sequence[Value]], columns: Sequence[Column], texts: Sequence[tuple[int, int]]
) -> Iterator[Sequence[Value]]:
    for row in rows:
        long = [(place, width) for place, width in texts if _too_long(row[place], width)]
        if long:
            yield from _parts(row, columns, long)
        else:
            yield row


def _flowing_blocks(
    blocks: Iterable[Block], columns: Sequence[Column], texts: Sequence[tuple[int, int]]
) -> Iterator[Block]:
    """Yield the blocks as they are; only one that holds too long a text is looked at row by row."""
    for block in blocks:
        if any(_too_long(value, width) for place, width in texts for value in block[place]):
            yield list(zip(*_flowing(zip(*block, strict=True), columns, texts), strict=True))
        else:
            yield block


def _too_long(value: Value, width: int) -> bool:
    return isinstance(value, str) and len(value) > SHORT and _lines(value, width) > MOST_LINES


def _lines(text: str, width: int) -> int:
    return sum(-(-len(line) // width) or 1 for line in text.split("\n"))


def _parts(
    row: Sequence[Value], columns: Sequence[Column], long: Sequence[tuple[int, int]]
) -> Iterator[tuple[Value, ...]]:
    flows = {place: split(str(row[place]), width) for place, width in long}
    again = _("(continued)")
    for number, texts in enumerate(zip_longest(*flows.values())):
        cells = list(row)
        if number:
            cells = [None if one.kind in COUNTED else value for one, value in zip(columns, row, strict=True)]
            texts = tuple(text and f"{again} {text}" for text in texts)
        for place, text in zip(flows, texts, strict=True):
            cells[place] = text
        yield tuple(cells)


def split(text: str, width: int) -> list[str]:
    """Return a text in parts of less than MOST_LINES lines of `width` characters, broken between words where it can be.

    Between two parts only a space or a line end is left out.
    """
    pieces: list[tuple[str, str]] = []
    for line in text.split("\n"):
        before, left = "\n", line
        while True:
            piece, between, left = _broken(left, width)
            pieces.append((before, piece))
            before = between
            if not left:
                break
    parts = []
    for start in range(0, len(pieces), MOST_LINES - 1):
        (_before, first), *rest = pieces[start : start + MOST_LINES - 1]
        parts.append(first + "".join(map("".join, rest)))
    return parts


def _broken(line: str, width: int) -> tuple[str, str, str]:
    """Return what of a line fits, what stood between, and the rest."""
    if len(line) <= width:
        return line, "", ""
    at = line.rfind(" ", 1, width + 1)
    return (line[:at], " ", line[at + 1 :]) if at > 0 else (line[:width], "", line[width:])
