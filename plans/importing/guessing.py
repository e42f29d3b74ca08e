"""Guess what a sheet holds: where its headings are, which layout fits, what each column is. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from plans.importing.cells import Grid
from plans.importing.headings import EXTERNAL, INTO_NOTE, NOT_USED, SHEET_WORDS, SORT, Words, normal, words_of
from plans.importing.layouts import BY_SLUG, LAYOUTS, MOBILE_DEVICES, PEOPLE, TELEPHONY, Layout
from plans.importing.mapping import Chosen, data_rows, headings
from plans.importing.routing import route
from plans.registers.cells import DayOrder
from plans.registers.shape import Kind

LOOK_ROWS = 20
LOOK_DATA = 200
WHOLE, PART, HELD = 4, 3, 1
NAME_OF_SHEET, TITLE_ABOVE = 8, 5
FALLBACK = "office-pcs"
# A layout for several registers fits only where the column that tells its rows apart is there.
TOLD_APART_BY = {PEOPLE.slug: EXTERNAL, MOBILE_DEVICES.slug: SORT}
NUMERIC_DAY = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})\b")


def guess(grid: Grid, sheet_name: str) -> Chosen:
    """Return the likeliest reading of a sheet; somebody looks it over before anything is brought in."""
    header_row = guess_header_row(grid)
    titles = [text for number in range(1, header_row) if (text := " ".join(_texts(grid, number)))]
    layout = guess_layout(grid, header_row, sheet_name, titles)
    return guess_columns(grid, layout, header_row)


def guess_columns(grid: Grid, layout: Layout, header_row: int) -> Chosen:
    """Return the likeliest columns, given what the sheet holds and where its headings are."""
    targets = match_columns(layout, headings(grid, header_row))
    return Chosen(layout, header_row, targets, guess_order(grid, layout, header_row, targets))


def guess_header_row(grid: Grid) -> int:
    """Return the row (from 1) that looks most like headings; titles and empty rows above it are passed over.

    Without any heading we know it is the first row with two filled cells, else the first row; 0 for no rows.
    """
    known = _known_headings()
    best, most, fallback = 0, 0, 0
    for number in range(1, min(len(grid.rows), LOOK_ROWS) + 1):
        texts = _texts(grid, number)
        if len(texts) >= 2 and not fallback:
            fallback = number
        found = sum(normal(text) in known for text in texts)
        if found > most and (len(texts) >= 2 or grid.width == 1):
            best, most = number, found
    return best or fallback or min(1, len(grid.rows))


def guess_layout(grid: Grid, header_row: int, sheet_name: str, titles: Sequence[str]) -> Layout:
    """Return the layout that the name of the sheet, the titles above the headings and the headings fit best."""
    above = headings(grid, header_row)
    scores = {
        layout.slug: _fit(layout, above) + _named(layout, sheet_name, titles)
        for layout in LAYOUTS
        if _can_be(layout, grid, header_row, above)
    }
    best = max(scores.values())
    if best < WHOLE:
        return BY_SLUG[FALLBACK]
    found = [slug for slug, score in scores.items() if score == best]
    return BY_SLUG[FALLBACK if FALLBACK in found else found[0]]


def _can_be(layout: Layout, grid: Grid, header_row: int, above: Sequence[str]) -> bool:
    targets = match_columns(layout, above)
    if layout.slug in TOLD_APART_BY:
        return TOLD_APART_BY[layout.slug] in targets
    if layout is TELEPHONY:
        return _telephony_in(grid, header_row, targets)
    return True


def _telephony_in(grid: Grid, header_row: int, targets: Sequence[str]) -> bool:
    """Tell whether the names in the sheet go to two registers of telephony or more."""
    if "name" not in targets:
        return False
    column = targets.index("name") + 1
    routed = [
        route(TELEPHONY, {"name": grid.text(number, column)})
        for number, _ in zip(data_rows(grid, header_row), range(LOOK_DATA), strict=False)
    ]
    return len({found.register.slug for found in routed if found.sure}) > 1


def _fit(layout: Layout, above: Sequence[str]) -> int:
    targets = match_columns(layout, above)
    return sum(
        max(_score(words_of_layout(layout, target), normal(heading)), HELD)
        for target, heading in zip(targets, above, strict=True)
        if target not in (NOT_USED, INTO_NOTE)
    )


def _named(layout: Layout, sheet_name: str, titles: Iterable[str]) -> int:
    words = [normal(word) for word in SHEET_WORDS.get(layout.slug, ())]
    score = NAME_OF_SHEET if _any_in(words, normal(sheet_name)) else 0
    return score + (TITLE_ABOVE if any(_any_in(words, normal(title)) for title in titles) else 0)


def _any_in(words: Iterable[str], text: str) -> bool:
    return any(f" {word} " in f" {text} " for word in words)


def words_of_layout(layout: Layout, target: str) -> Words:
    """Return the headings of `target` in any register of the layout."""
    found = [words_of(where.slug, target) for where in layout.registers]
    return Words(
        tuple(dict.fromkeys(word for words in found for word in words.whole)),
        tuple(dict.fromkeys(word for words in found for word in words.parts)),
        any(words.adds for words in found),
    )


def _every_word(layout: Layout) -> Iterable[str]:
    for target in layout.targets:
        words = words_of_layout(layout, target)
        yield from (*words.whole, *words.parts)


def match_columns(layout: Layout, above: Sequence[str]) -> tuple[str, ...]:
    """Return the target of each column by its heading; each target once, except where parts make up a whole."""
    normals = [normal(heading) for heading in above]
    found = [NOT_USED] * len(above)
    words = {target: words_of_layout(layout, target) for target in layout.targets}
    # A heading that merely holds the word says too little where only yes or no fits: "employee number".
    strict = {target for target in layout.targets if _kind(layout, target) in (None, Kind.YES_NO, Kind.CHOICE)}
    scored = sorted(
        (-score, place, order, target)
        for order, target in enumerate(layout.targets)
        for place, heading in enumerate(normals)
        if heading and (score := _score(words[target], heading)) > (HELD if target in strict else 0)
    )
    whole: set[str] = set()
    for score, place, _, target in scored:
        if found[place] != NOT_USED or (target == INTO_NOTE and score != -WHOLE):
            continue
        if target == INTO_NOTE or target not in found:
            found[place] = target
            whole |= {target} if score != -PART else set()
        elif score == -PART and (words[target].adds or target not in whole):
            found[place] = target
    return tuple(found)


def _kind(layout: Layout, target: str) -> Kind | None:
    column = layout.column(target)
    return None if column is None else column.kind


def _score(words: Words, heading: str) -> int:
    whole, parts = _normals(words.whole), _normals(words.parts)
    if heading in whole:
        return WHOLE
    if heading in parts:
        return PART
    return HELD if any(len(word) > 3 and f" {word} " in f" {heading} " for word in whole) else 0


@cache
def _normals(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(normal, words))


@cache
def _known_headings() -> frozenset[str]:
    return frozenset(normal(word) for layout in LAYOUTS for word in _every_word(layout))


def guess_order(grid: Grid, layout: Layout, header_row: int, targets: Sequence[str]) -> DayOrder:
    """Return which comes first in days written with numbers only: told by a day above the twelfth, else the day."""
    days, months = day_evidence(grid, layout, header_row, targets)
    return DayOrder.MONTH_FIRST if months > days else DayOrder.DAY_FIRST


def day_evidence(grid: Grid, layout: Layout, header_row: int, targets: Sequence[str]) -> tuple[int, int]:
    """Return how many cells of day columns can only have the day first, and how many only the month."""
    columns = [place for place, target in enumerate(targets, 1) if _kind(layout, target) in (Kind.DAY, Kind.TERM)]
    days = months = 0
    for number in data_rows(grid, header_row) if columns else ():
        for column in columns:
            if isinstance(grid.rows[number - 1][column - 1], date):
                continue  # a day that is one needs no guessing
            found = NUMERIC_DAY.match(grid.text(number, column))
            if found:
                days += int(found[1]) > 12 >= int(found[2])
                months += int(found[2]) > 12 >= int(found[1])
    return days, months


def _texts(grid: Grid, number: int) -> list[str]:
    cells = grid.rows[number - 1]
    return [value.strip() for value in cells if isinstance(value, str) and value.strip()]
