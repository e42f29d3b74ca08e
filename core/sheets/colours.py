"""The colours of a sheet as rules, so that a cell somebody changes gets the colour of what it says then.

A rule for each word of a column, and one for each shade from the lowest number that has it. What one rule cannot say,
such as a word with two colours in one column, is said of the cells themselves, before the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise

from core.sheets.cells import SHADES, Shaded, Tone, Toned, escape

# Behind text, and behind numbers, the darker the more. Dark letters can be read on each of them.
TONES = {Tone.GOOD: "D9F0E1", Tone.SOON: "DCEBF7", Tone.WARN: "FFF1CC", Tone.BAD: "FADBD8"}
SHADE_FILLS = ("E3F1F4", "BFDFE6", "93C8D3", "63ADBC")
# The looks that rules refer to, by their place: none, then each tone, then each shade.
LOOKS = (None, *TONES.values(), *SHADE_FILLS)
# The line under a cell; where there is no cell, a rule draws it.
LINE = "D5DDE0"
_OF_TONE = {Tone.PLAIN: 0, **{tone: 1 + place for place, tone in enumerate(TONES)}}
_OF_SHADE = (0, *(1 + len(TONES) + place for place in range(SHADES)))
# A rule cannot compare with a longer text; and nobody reads more rules than this.
MOST_TEXT, MOST_WORDS = 200, 60
CELLS_A_RULE = 500


@dataclass(slots=True)
class Colours:
    """What the cells of one column showed so far. odd: cells that no rule tells of, by their look."""

    letters: str
    words: dict[str, int] = field(default_factory=dict)
    odd: dict[int, list[str]] = field(default_factory=dict)
    shaded: list[tuple[int, int, int]] = field(default_factory=list)

    def take_word(self, place: str, value: Toned) -> None:
        """Take in a text with a colour behind it. place: of its cell."""
        look, word = _OF_TONE[value.tone], value.text.casefold()
        if word not in self.words and len(self.words) < MOST_WORDS and _comparable(word):
            self.words[word] = look
        elif self.words.get(word, 0) != look:
            self.odd.setdefault(look, []).append(place)

    def take_number(self, row: int, value: Shaded) -> None:
        """Take in a number with a colour behind it."""
        self.shaded.append((row, value.number, _OF_SHADE[value.shade]))

    def rules(self, last_row: int, priority: "count[int]") -> Iterator[str]:
        """Yield the rules of the column. last_row: of the sheet; priority: gives the next number, lowest first."""
        shades = _lowest(self.shaded)
        odd = dict(self.odd)
        if self.shaded and shades is None:
            for row, _number, look in self.shaded:
                odd.setdefault(look, []).append(f"{self.letters}{row}")
        for look, places in sorted(odd.items()):
            for start in range(0, len(places), CELLS_A_RULE):
                rule = _rule("expression", "", look, next(priority), "TRUE")
                yield _over(" ".join(places[start : start + CELLS_A_RULE]), rule)
        if self.words:
            told = [_rule("cellIs", "equal", look, next(priority), _quoted(word)) for word, look in self.words.items()]
            yield _over(f"{self.letters}2:{self.letters}{last_row}", "".join(told))
        if shades:
            told = [_rule("cellIs", "greaterThanOrEqual", look, next(priority), str(low)) for low, look in shades]
            yield _over(" ".join(self._runs()), "".join(told))

    def _runs(self) -> Iterator[str]:
        """Yield the runs of rows that hold numbers with a colour."""
        rows = [row for row, _number, _look in self.shaded]
        first = last = rows[0]
        for row in [*rows[1:], None]:
            if row is not None and row == last + 1:
                last = row
                continue
            yield f"{self.letters}{first}:{self.letters}{last}"
            first = last = row or 0


def looks() -> str:
    """Return the looks that rules refer to, as a part of the styles."""
    fills = "".join(
        "<dxf><fill><patternFill "
        + ('patternType="none"/>' if fill is None else f'patternType="solid"><bgColor rgb="FF{fill}"/></patternFill>')
        + "</fill></dxf>"
        for fill in LOOKS
    )
    line = f'<dxf><border><left/><right/><top/><bottom style="thin"><color rgb="FF{LINE}"/></bottom></border></dxf>'
    return f'<dxfs count="{len(LOOKS) + 1}">{fills}{line}</dxfs>'


def line_below(cells: str, first: str, priority: "count[int]") -> str:
    """Return the rule that draws the line under what is empty: an empty cell is not written, so it has no look.

    cells: the area, from its `first` cell on.
    """
    return _over(cells, _rule("expression", "", len(LOOKS), next(priority), f"ISBLANK({first})"))


def _lowest(shaded: list[tuple[int, int, int]]) -> list[tuple[int, int]] | None:
    """Return the lowest number of each shade, darkest first; None where the shades of a column do not follow on."""
    low: dict[int, int] = {}
    high: dict[int, int] = {}
    for _row, number, look in shaded:
        low[look], high[look] = min(low.get(look, number), number), max(high.get(look, number), number)
    known = sorted(low)
    if any(high[one] >= low[other] for one, other in pairwise(known)):
        return None
    return [(low[look], look) for look in reversed(known) if look]


def _comparable(word: str) -> bool:
    return 0 < len(word) <= MOST_TEXT and word.isprintable() and "_x" not in word


def _quoted(word: str) -> str:
    return '"' + escape(word).replace('"', '""') + '"'


def _rule(kind: str, operator: str, look: int, priority: int, formula: str) -> str:
    compared = f' operator="{operator}"' if operator else ""
    return (
        f'<cfRule type="{kind}" dxfId="{look}" priority="{priority}" stopIfTrue="1"{compared}>'
        f"<formula>{formula}</formula></cfRule>"
    )


def _over(cells: str, rules: str) -> str:
    return f'<conditionalFormatting sqref="{cells}">{rules}</conditionalFormatting>'
