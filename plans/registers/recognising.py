"""Recognise a row again by the keys of its register."""

from collections import defaultdict
from typing import Generic, TypeVar

from plans.registers.cells.texts import folded
from plans.registers.rows import Values
from plans.registers.shape import Key, Register

T = TypeVar("T")
Identity = tuple[str, ...]


def identity(key: Key, values: Values) -> Identity | None:
    """Return what `key` finds in `values`, for comparing; None where the key does not count."""
    found = tuple(folded(str(values.get(name) or "")) for name in key.columns)
    filled = found[0] if key.weak else all(found)
    return found if filled else None


class Index(Generic[T]):
    """The rows of one register that are known, to find the ones a new row stands for."""

    def __init__(self, register: Register) -> None:
        self._keys = register.keys
        self._found: dict[tuple[Key, Identity], list[tuple[Values, T]]] = defaultdict(list)

    def add(self, values: Values, who: T) -> None:
        """Make a row known. values: by column name; who: what find() gives back for it."""
        for key in self._keys:
            if (found := identity(key, values)) is not None:
                self._found[key, found].append((values, who))

    def find(self, values: Values) -> tuple[T, ...]:
        """Return the known rows that `values` stand for: by the first key that finds any, those of the same name first.

        More than one means that the register itself holds a double; none means that the row is new.
        """
        name = folded(str(values.get("name") or ""))
        for key in self._keys:
            wanted = identity(key, values)
            hits = self._found.get((key, wanted), []) if wanted is not None else []
            hits = [(held, who) for held, who in hits if not (key.weak and self._told_apart(held, values))]
            if hits:
                hits.sort(key=lambda hit: folded(str(hit[0].get("name") or "")) != name)
                return tuple(who for _, who in hits)
        return ()

    def _told_apart(self, one: Values, other: Values) -> bool:
        strong = (key for key in self._keys if not key.weak)
        return any(identity(key, one) is not None and identity(key, other) is not None for key in strong)
