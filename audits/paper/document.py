"""What stands on a paper, before anybody decides how it looks: sections of texts and tables, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A text, a table, or both. widths: of the columns, as shares; phones: the columns that hold telephone numbers.

    Rows have a text for each heading, "" for nothing.
    """

    title: str = ""
    text: str = ""
    headings: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    phones: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper. name: the word its link ends in; wide: its tables need the page on its side."""

    name: str
    title: str
    intro: str = ""
    blocks: tuple[Block, ...] = ()
    wide: bool = False
    new_page: bool = False


def table(
    headings: Sequence[tuple[str, int]],
    rows: Sequence[tuple[str, ...]],
    *,
    title: str = "",
    text: str = "",
    phones: Sequence[int] = (),
    none: str = "",
) -> Block:
    """Return a block with a table. headings: with the share of the width; none: said instead of a table without rows.

    Raises ValueError when a row is longer or shorter than the headings.
    """
    told = tuple(tuple(row) for row in rows)
    if any(len(row) != len(headings) for row in told):
        raise ValueError(f"a row does not fit the headings {[label for label, _width in headings]}")
    return Block(
        title,
        text if told else "\n".join(part for part in (text, none) if part),
        tuple(str(label) for label, _width in headings) if told else (),
        tuple(width for _label, width in headings) if told else (),
        told,
        frozenset(phones),
    )
