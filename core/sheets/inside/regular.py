"""Rows as spreadsheet programs write them, a stretch at a time: one match a row, then a column at a time.

A row is matched whole, against a pattern grown from the cells met so far. Whatever no pattern knows is Irregular and
read by `worksheet`, which this must always agree with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import ge
from typing import Final

from .package import TRUE, Contents, unescape
from .serials import Shown, moment
from .stretches import Irregular, resolved
from .terms import ReadLimits
from .values import EXACT_DIGITS, LAST_ROW, Plain, column_number, moment_tag, number_of

# Rows looked at to learn from when one is met that is not known yet; how often, and how many sorts of cells.
LOOK_ROWS: Final = 50
MOST_LESSONS: Final = 20
MOST_SORTS: Final = 1_000

CLOSING: Final = "</row>"
ATTRIBUTES: Final = (
    "(?: (?:spans|s|customFormat|ht|hidden|customHeight|outlineLevel|collapsed|thickTop|thickBot|ph|x14ac:dyDescent)"
    '="[^"<&]*")*'
)
OPENED: Final = f'<row r="([1-9][0-9]{{0,6}})"{ATTRIBUTES}>'
FORMULA: Final = '<f(?: (?:t|ref|si|ca|aca|dt2D|dtr|del1|del2|r1|r2|bx|xml:space)="[^"<&]*")*(?:/>|>[^<]*</f>)'
IN_LINE: Final = '<is><t(?: xml:space="preserve")?>([^<]*)</t></is>'
ROW: Final = re.compile(OPENED)
EMPTY_ROW: Final = re.compile(f'<row r="([1-9][0-9]{{0,6}})"{ATTRIBUTES}/>')
CELL: Final = re.compile(
    '<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,6})")?(?: t="(n|s|b|e|str|inlineStr)")?'
    f"(?:/>|></c>|>({FORMULA})?<v>([^<]*)</v></c>|>{IN_LINE}</c>)"
)
TEXTS: Final = ("str", "inlineStr")


@dataclass(frozen=True, slots=True)
class Sort:
    """One way in which cells of a column are written; kind: their type, style: as written."""

    index: int
    letters: str
    style: str | None
    kind: str | None
    computed: bool

    @property
    def pattern(self) -> str:
        """Return what matches such a cell, or nothing. The row's number is the first group."""
        style = "" if self.style is None else f' s="{self.style}"'
        kind = "" if self.kind is None else f' t="{self.kind}"'
        if self.computed:
            # One without a value is told of, but for text.
            value = f">{FORMULA}<v>([^<]{'*' if self.kind == 'str' else '+'})</v></c>"
        elif self.kind == "inlineStr":
            value = f"(?:/>|></c>|>{IN_LINE}</c>)"
        else:
            value = "(?:/>|></c>|><v>([^<]*)</v></c>)"
        return f'<c r="{self.letters}\\1"{style}{kind}{value}'


@dataclass(slots=True)
class Block:
    """Rows that were read, by column: cells, and beside them the moments that take the place of cells.

    numbers: of the rows; moments: (index of the column, tag, ISO text or None for each row); errors: (row, column from
    1, text) of cells that hold an error; last: the number of the last row, also when it holds nothing.
    """

    last: int
    numbers: Sequence[int]
    columns: list[Sequence[Plain] | None]
    moments: list[tuple[int, str, Sequence[str | None]]] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)


class RegularRows:
    """The rows of one sheet."""

    def __init__(self, contents: Contents, limits: ReadLimits) -> None:
        self._contents, self._limits = contents, limits
        self._sorts: dict[int, list[Sort]] = {}
        self._lessons = self._sorted = 0
        self._pattern = ROW
        self._order: list[Sort] = []
        self._days: dict[Shown, dict[str, tuple[str, str]]] = {}
        self._numbers: dict[str, int | float] = {}

    def read(self, stretch: str, after: int) -> list[Block]:
        """Read whole rows. after: the number of the row before them. Raises Irregular."""
        if "\r" in stretch:
            raise Irregular
        if '/><row r="' in stretch:
            stretch = EMPTY_ROW.sub(r'<row r="\1">' + CLOSING, stretch)
        rows = stretch.split(CLOSING)
        rows.pop()
        blocks: list[Block] = []
        matched: list[tuple[str | None, ...]] = []
        match = self._pattern.fullmatch
        for place, row in enumerate(rows):
            found = match(row)
            if found is None:
                if matched:
                    blocks.append(self._block(matched))
                    matched = []
                self._learn(rows[place : place + LOOK_ROWS])
                match = self._pattern.fullmatch
                found = match(row)
                if found is None:
                    raise Irregular
            matched.append(found.groups())
        if matched:
            blocks.append(self._block(matched))
        for block in blocks:
            if block.numbers and block.numbers[0] <= after:
                raise Irregular
            after = block.last
        return blocks

    def _learn(self, rows: Sequence[str]) -> None:
        """Grow the pattern by the cells of some rows that are not all known yet."""
        self._lessons += 1
        if self._lessons > MOST_LESSONS:
            raise Irregular
        for row in rows:
            opened = ROW.match(row)
            if opened is None:
                raise Irregular
            at, last = opened.end(), -1
            while at < len(row):
                cell = CELL.match(row, at)
                if cell is None:
                    raise Irregular
                sort = _sort(cell)
                if sort.index <= last or cell[2] != opened[1]:
                    raise Irregular
                known = self._sorts.setdefault(sort.index, [])
                if sort not in known:
                    known.append(sort)
                    self._sorted += 1
                    if self._sorted > MOST_SORTS:
                        raise Irregular
                at, last = cell.end(), sort.index
        self._order = [sort for index in sorted(self._sorts) for sort in self._sorts[index]]
        columns = ("|".join(sort.pattern for sort in self._sorts[index]) for index in sorted(self._sorts))
        self._pattern = re.compile(OPENED + "".join(f"(?:{column})?" for column in columns))

    def _block(self, matched: Sequence[tuple[str | None, ...]]) -> Block:
        labels, *groups = zip(*matched, strict=True)
        numbers = list(map(int, labels))
        if any(map(ge, numbers, numbers[1:])) or numbers[-1] > LAST_ROW:
            raise Irregular
        block = Block(numbers[-1], numbers, [])
        for sort, texts in zip(self._order, groups, strict=True):
            if any(texts):
                self._column(block, sort, texts)
        _trim(block)
        if len(block.columns) > self._limits.columns or (block.columns and block.last > self._limits.rows):
            raise Irregular
        return _without_empty_rows(block)

    def _column(self, block: Block, sort: Sort, texts: Sequence[str | None]) -> None:
        """Put the values of one sort of cells into their column."""
        joined = "".join(filter(None, texts))
        if "&" in joined and sort.kind not in TEXTS:
            raise Irregular
        block.columns += [None] * (sort.index + 1 - len(block.columns))
        if sort.kind == "e":
            told = zip(block.numbers, texts, strict=True)
            block.errors += [(number, sort.index + 1, text) for number, text in told if text]
            return
        values: Sequence[Plain]
        if sort.kind in TEXTS:
            values = self._typed(texts, joined)
        elif sort.kind == "s":
            values = self._shared(texts, joined)
        elif sort.kind == "b":
            values = [text.strip() in TRUE if text else None for text in texts]
        elif shown := self._contents.shown.get(sort.style or ""):
            self._moments(block, sort.index, shown, texts)
            return
        else:
            values = self._plain_numbers(texts, joined)
        before = block.columns[sort.index]
        if before is not None:
            values = [new if old is None else old for old, new in zip(before, values, strict=True)]
        block.columns[sort.index] = values

    def _typed(self, texts: Sequence[str | None], joined: str) -> Sequence[Plain]:
        as_it_is = joined.isprintable() and "&" not in joined and "_x" not in joined
        if as_it_is and max(map(len, filter(None, texts))) <= self._limits.cell_characters:
            return [text or None for text in texts] if "" in texts else texts
        return [self._text(text) or None if text else None for text in texts]

    def _text(self, text: str) -> str:
        if "&" in text:
            text = resolved(text)
        if len(text) > self._limits.cell_characters:
            raise Irregular
        return unescape(text)

    def _shared(self, texts: Sequence[str | None], joined: str) -> Sequence[Plain]:
        known = self._contents.texts
        if not (joined.isascii() and joined.isdigit()):
            raise Irregular
        places = [int(text) if text and len(text) <= EXACT_DIGITS else text for text in texts]
        try:
            return [known[place] or None if isinstance(place, int) else None for place in places]
        except IndexError:
            raise Irregular from None

    def _plain_numbers(self, texts: Sequence[str | None], joined: str) -> Sequence[Plain]:
        whole = joined.isascii() and joined.isdigit() and all(texts)
        if whole and max(map(len, filter(None, texts))) <= EXACT_DIGITS:
            return list(map(int, filter(None, texts)))
        known = self._numbers
        for text in set(texts).difference(known):
            if text:
                known[text] = _number(text)
        return [known[text] if text else None for text in texts]

    def _moments(self, block: Block, index: int, shown: Shown, texts: Sequence[str | None]) -> None:
        known = self._days.setdefault(shown, {})
        for text in set(texts).difference(known):
            if text:
                found = moment(_number(text), shown, from_1904=self._contents.from_1904)
                if found is None:
                    raise Irregular
                known[text] = moment_tag(found), found.isoformat()
        given = [known[text] if text else ("", None) for text in texts]
        for tag in sorted({tag for tag, _iso in given} - {""}):
            block.moments.append((index, tag, [iso if one == tag else None for one, iso in given]))


def _sort(cell: re.Match[str]) -> Sort:
    letters, _row, style, kind, formula, value, typed = cell.groups()
    index = column_number(letters) - 1
    wrong = (kind == "inlineStr") != (typed is not None) and (value is not None or typed is not None)
    if index < 0 or wrong or (formula is not None and not value and kind != "str"):
        raise Irregular
    return Sort(index, letters, style, kind, formula is not None)


def _number(text: str) -> int | float:
    number = number_of(text)
    if number is None:
        raise Irregular
    return number


def _trim(block: Block) -> None:
    """Cut the columns at the end off that hold nothing but references to empty texts."""
    used = {index for index, *_ in block.moments} | {column - 1 for _row, column, _text in block.errors}
    while block.columns and len(block.columns) - 1 not in used:
        last = block.columns[-1]
        if last is not None and any(value is not None for value in last):
            return
        block.columns.pop()


def _without_empty_rows(block: Block) -> Block:
    """Leave out the rows that hold nothing: they count for nothing, not even for the height of the sheet."""
    given = [*(column for column in block.columns if column is not None), *(one for *_, one in block.moments)]
    if any(None not in one for one in given):
        return block
    noted = {row for row, _column, _text in block.errors}
    kept = [number in noted for number in block.numbers]
    for one in given:
        kept = [known or value is not None for known, value in zip(kept, one, strict=True)]
    return Block(
        block.last,
        list(compress(block.numbers, kept)),
        [None if one is None else list(compress(one, kept)) for one in block.columns],
        [(index, tag, list(compress(one, kept))) for index, tag, one in block.moments],
        block.errors,
    )
