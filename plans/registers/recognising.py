"""Recognise a row again by the keys of its register."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from plans.registers.cells.texts import each_folded, folded
from plans.registers.rows import Values
from plans.registers.shape import Key, Register, Value

T = TypeVar("T")
Identity = tuple[str, ...]


def identity(key: Key, values: Values) -> Identity | None:
    """Return what `key` finds in `values`, for comparing; None where the key does not count."""
    found = tuple([folded(str(value)) if (value := values.get(name)) else "" for name in key.columns])
    filled = found[0] if key.weak else all(found)
    return found if filled else None


def identities(key: Key, columns: Mapping[str, Sequence[Value]], count: int) -> list[Identity | None]:
    """Return what `key` finds in each of `count` rows, as identity() would, a column at a time.

    columns: values by column name; what is left out is empty in all rows.
    """
    found = [each_folded(columns[name]) if name in columns else [""] * count for name in key.columns]
    filled = found[0] if key.weak else map(all, zip(*found, strict=True))
    return [mark if some else None for mark, some in zip(zip(*found, strict=True), filled, strict=True)]


# What each key of a register finds, in the order of its keys.
Marks = tuple[Identity | None, ...]


def marks_of(register: Register, values: Values) -> Marks:
    """Return what every key of `register` finds in `values`."""
    return tuple([identity(key, values) for key in register.keys])


class Index(Generic[T]):
    """The rows of one register that are known, to find the ones a new row stands for."""

    def __init__(self, register: Register) -> None:
        self._register, self._some = register, False
        self._found: list[dict[Identity, list[tuple[Values, Marks, T]]]] = [{} for _key in register.keys]

    def add(self, values: Values, who: T, marks: Marks | None = None) -> None:
        """Make a row known. values: by column name; who: what find() gives back for it; marks: of the values."""
        marks, self._some = marks_of(self._register, values) if marks is None else marks, True
        for known, mark in zip(self._found, marks, strict=True):
            if mark is not None:
                known.setdefault(mark, []).append((values, marks, who))

    def first_with(self, place: int, mark: Identity) -> T | None:
        """Return the first row that was added of those for which the key at `place` finds `mark`."""
        hits = self._found[place].get(mark)
        return hits[0][2] if hits else None

    def find(self, values: Values, marks: Marks | None = None) -> tuple[T, ...]:
        """Return the known rows that `values` stand for: by the first key that finds any, those of the same name first.

        marks: of the values. More than one means that the register itself holds a double; none means that the row is
        new.
        """
        if not self._some:
            return ()
        marks = marks_of(self._register, values) if marks is None else marks
        for key, known, wanted in zip(self._register.keys, self._found, marks, strict=True):
            hits = known.get(wanted) if wanted is not None else None
            if hits and key.weak:
                hits = [hit for hit in hits if not self._told_apart(hit[1], marks)]
            if hits:
                name = _name(values)
                return tuple(who for _held, _marks, who in sorted(hits, key=lambda hit: _name(hit[0]) != name))
        return ()

    def _told_apart(self, one: Marks, other: Marks) -> bool:
        pairs = zip(self._register.keys, one, other, strict=True)
        return any(not key.weak and mine is not None and theirs is not None for key, mine, theirs in pairs)


def _name(values: Values) -> str:
    return folded(str(values.get("name") or ""))
