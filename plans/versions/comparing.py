"""What differs between two contents of a plan: by part, by row, by column. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from plans.versions.content import Content
from plans.versions.rooms import TABLES, Part, Plain, Table, part_of
from plans.versions.telling import PART_TITLES, Cell, Names, Told, names_of, tell


class Difference(StrEnum):
    """What happened with a row on the way from one content to the other."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """A column that differs; "" for nothing. hidden: both look alike, since only the beginning is shown."""

    label: str
    before: str
    after: str

    @property
    def hidden(self) -> bool:
        """Tell whether what differs is not shown."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs. table, key: by which it is found again."""

    table: str
    key: str
    difference: Difference
    heading: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PartChange:
    """What differs in one part, in the order of the tables."""

    part: Part
    title: Any
    rows: tuple[RowChange, ...]


def compare(before: Content, after: Content, only: Part | None = None) -> tuple[PartChange, ...]:
    """Return what differs from `before` to `after`, in the handbook's order; nothing for parts that are alike.

    only: of one part. In the language texts are now written in.
    """
    names = names_of(after, before)
    found: dict[Part, list[RowChange]] = {part: [] for part in Part if only in (None, part)}
    for table in TABLES:
        for key, old, new in _pairs(before.get(table.name, {}), after.get(table.name, {})):
            part = part_of(table, key, new if new is not None else old or {})
            if part in found:
                found[part].append(_change(table, key, old, new, names))
    return tuple(
        PartChange(part, PART_TITLES[part], tuple(sorted(rows, key=lambda one: (one.heading, one.name.casefold()))))
        for part, rows in found.items()
        if rows
    )


def _pairs(before: Any, after: Any) -> Iterator[tuple[str, Plain | None, Plain | None]]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old != new:
            yield key, old, new


def _change(table: Table, key: str, old: Plain | None, new: Plain | None, names: Names) -> RowChange:
    was = tell(table, key, old, names) if old is not None else None
    became = tell(table, key, new, names) if new is not None else None
    difference = Difference.ADDED if was is None else Difference.REMOVED if became is None else Difference.CHANGED
    told = became or was
    assert told is not None
    return RowChange(table.name, key, difference, told.heading, told.name, tuple(_lines(was, became)))


def _lines(was: Told | None, became: Told | None) -> Iterator[Line]:
    old = was.cells if was else {}
    new = became.cells if became else {}
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name, _NOTHING), new.get(name, _NOTHING)
        if before.raw != after.raw:
            yield Line(after.label or before.label, before.text, after.text)


_NOTHING = Cell("", "", None)
