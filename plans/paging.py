"""Cut a long list into pages, so that a page stays light however long the list grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    """One page of a list. page: from 1 to last; total: of the whole list."""

    rows: Sequence[T]
    page: int
    last: int
    total: int


def cut(rows: Sequence[T], page: int, size: int) -> Cut[T]:
    """Return page number `page` of `rows`, `size` at a time; beyond the end it is the last page."""
    last = last_page(len(rows), size)
    here = min(max(page, 1), last)
    return Cut(rows[(here - 1) * size : here * size], here, last, len(rows))


def last_page(total: int, size: int) -> int:
    """Return how many pages `total` rows take; a list without rows has one."""
    return max(1, -(-total // size))
