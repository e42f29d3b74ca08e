"""Columns as cells, some hundred rows at a time.

What costs is asking of each value what it is, and putting its cell together before the row. Where all values of a
column are of its kind one question answers for all, and what stands in the row is joined once; whatever differs is
written cell by cell (`cells.writer_of`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.sheets.cells import (
    CERTAIN,
    EPOCH,
    EXACT,
    FIRST_DAY,
    Kind,
    Shaded,
    Toned,
    Value,
    escape,
    number_cell,
    serial,
    stands_as_it_is,
    text_cell,
    writer_of,
)
from core.sheets.colours import Colours

# How many days, or quarters of an hour, of a column are remembered as they are written.
KNOWN = 20_000
# The format allows rows of 409 points.
MOST_LINES = 27


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of a column are written.

    letters: of the column; width: in characters; styles: of each kind; zone: in which instants are shown; colours:
    told of what has a colour behind it.
    """

    letters: str
    width: int
    styles: Mapping[Kind, int]
    zone: ZoneInfo
    colours: Colours


# How many lines each of some rows needs so far.
Lines = list[int]
# What stands side by side in the rows: constants, the same in each row, and as many numbers or texts as there are rows.
Pieces = list[str | Sequence[str]]
# Turns the values of some rows, whose numbers are given as text, into pieces; notes where text needs more lines.
ColumnWriter = Callable[[Sequence[Value], Sequence[str], Lines], Pieces]
# What stands in the cells, nothing in an empty one; None when the values must be looked at one by one.
_Contents = Callable[[Sequence[Any], Lines, set[type]], Sequence[str] | None]
_NONE = type(None)
_EPOCH_AT = datetime(EPOCH.year, EPOCH.month, EPOCH.day, tzinfo=UTC)


def column_writer(kind: Kind, manner: Manner) -> ColumnWriter:
    """Return the function that writes the cells of a column of this kind."""
    make_contents, opening, closing = _KINDS[kind]
    contents, single = make_contents(manner), writer_of(kind, manner.styles, manner.zone)
    letters, colours, plain, whole = manner.letters, manner.colours, manner.styles[Kind.TEXT], manner.styles[Kind.WHOLE]
    before, after = f'<c r="{letters}', f'" s="{manner.styles[kind]}"{opening}'

    def one(number: str, value: Value) -> str:
        if value is None:
            return ""
        place = letters + number
        if isinstance(value, Toned):
            colours.take_word(place, value)
            return text_cell(place, plain, value.text)
        if isinstance(value, Shaded):
            colours.take_number(int(number), value)
            return number_cell(place, whole, value.number)
        return single(place, value)

    def write(values: Sequence[Value], numbers: Sequence[str], lines: Lines) -> Pieces:
        types = set(map(type, values))
        if types == {_NONE}:
            return []
        texts = contents(values, lines, types)
        if texts is None:
            _make_room([value if isinstance(value, str) else "" for value in values], lines, manner.width)
            return [[one(number, value) for number, value in zip(numbers, values, strict=True)]]
        if "" in texts:
            told = zip(numbers, texts, strict=True)
            return [[f"{before}{number}{after}{text}{closing}" if text else "" for number, text in told]]
        return [before, numbers, after, texts, closing]

    return write


def side_by_side(pieces: Pieces, count: int) -> str:
    """Return `count` rows, each its pieces joined. Raises ValueError for a piece of more or fewer rows than that.

    All rows are joined at once: a join for each, and two constants where one would do, cost three times as much.
    """
    merged: Pieces = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    width = len(merged)
    every = [""] * (count * width)
    for place, piece in enumerate(merged):
        every[place::width] = [piece] * count if isinstance(piece, str) else piece
    return "".join(every)


def _make_room(texts: Sequence[str], lines: Lines, width: int) -> None:
    """Note how many lines each of `texts` needs in a column of `width` characters, where that is more than so far."""
    if "\n" not in "".join(texts):
        # Nearly always: its length alone tells, and costs a fourth of looking at each text.
        for index, size in enumerate(map(len, texts)):
            if size > width and (needed := -(-size // width)) > lines[index]:
                lines[index] = needed
        return
    for index, text in enumerate(texts):
        if len(text) > width or "\n" in text:
            needed = sum(-(-len(line) // width) or 1 for line in text.split("\n", MOST_LINES))
            lines[index] = max(lines[index], needed)


def _texts(manner: Manner) -> _Contents:
    width = manner.width

    def told(values: Sequence[Any], lines: Lines, types: set[type]) -> Sequence[str] | None:
        if not types <= {str, _NONE}:
            return None
        texts = [value or "" for value in values] if _NONE in types else values
        longest, plain = max(map(len, texts)), stands_as_it_is("".join(texts))
        if longest > width or not plain:
            _make_room(texts, lines, width)
        return texts if plain and longest <= CERTAIN else [escape(text) for text in texts]

    return told


def _numbers(_: Manner) -> _Contents:
    def told(values: Sequence[Any], _: Lines, types: set[type]) -> Sequence[str] | None:
        if not types <= {int, float, Decimal, _NONE}:
            return None
        there = [value for value in values if value is not None] if _NONE in types else values
        # Asking the greatest is cheaper than asking each, but a float that is no number hides from it.
        near = all(abs(one) < EXACT for one in there) if float in types else max(map(abs, there), default=0) < EXACT
        if not near:
            return None
        return ["" if value is None else str(value) for value in values] if _NONE in types else list(map(str, values))

    return told


def _days(_: Manner) -> _Contents:
    known: dict[Any, str] = {}

    def told(values: Sequence[Any], _: Lines, types: set[type]) -> Sequence[str] | None:
        if not types <= {date, _NONE}:
            return None
        if len(known) > KNOWN:
            known.clear()
        for value in set(values).difference(known):
            if value is not None and value < FIRST_DAY:
                return None
            known[value] = "" if value is None else str(serial(value))
        return list(map(known.__getitem__, values))

    return told


def _instants(manner: Manner) -> _Contents:
    zone, first = manner.zone, FIRST_DAY.year
    offsets: dict[int, int] = {}

    def told(values: Sequence[Any], _: Lines, types: set[type]) -> Sequence[str] | None:
        if not types <= {datetime, _NONE}:
            return None
        texts = []
        for value in values:
            if value is None:
                texts.append("")
                continue
            if value.year <= first:
                return None
            since = value - _EPOCH_AT
            seconds = since.days * 86_400 + since.seconds
            # Clocks are only ever put forward or back at a quarter of an hour.
            offset = offsets.get(seconds // 900)
            if offset is None:
                offset = offsets[seconds // 900] = _offset(value, zone)
            seconds += offset
            texts.append(f"{seconds // 86_400 + seconds % 86_400 / 86_400:.10f}")
        if len(offsets) > KNOWN:
            offsets.clear()
        return texts

    return told


def _offset(value: datetime, zone: ZoneInfo) -> int:
    """Return how many seconds the clock of `zone` is ahead of UTC."""
    there = value.astimezone(zone).utcoffset()
    return there.days * 86_400 + there.seconds if there else 0


def _answers(_: Manner) -> _Contents:
    words = {None: "", True: "1", False: "0"}

    def told(values: Sequence[Any], _: Lines, types: set[type]) -> Sequence[str] | None:
        return [words[value] for value in values] if types <= {bool, _NONE} else None

    return told


def _mixed(_: Manner) -> _Contents:
    return lambda _values, _lines, _types: None


_NUMBER = ("><v>", "</v></c>")
_KINDS: dict[Kind, tuple[Callable[[Manner], _Contents], str, str]] = {
    Kind.TEXT: (_texts, ' t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"),
    Kind.WHOLE: (_numbers, *_NUMBER),
    Kind.DECIMAL: (_numbers, *_NUMBER),
    Kind.MONEY: (_numbers, *_NUMBER),
    Kind.DAY: (_days, *_NUMBER),
    Kind.MONTH: (_days, *_NUMBER),
    Kind.INSTANT: (_instants, *_NUMBER),
    Kind.YES_NO: (_answers, ' t="b"><v>', "</v></c>"),
    Kind.MIXED: (_mixed, "", ""),
}
