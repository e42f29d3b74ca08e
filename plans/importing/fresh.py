"""Rows of a sheet that are new beyond doubt: no other row of the file and no record resembles them in any key. Pure.

Nearly all rows of a large sheet that is brought in for the first time are so. Found a column at a time; every other row
is left to `matching`, one after the other, and nothing that is decided there could depend on these.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from plans.importing.planned import Fresh
from plans.importing.straight import Straight
from plans.registers.recognising import Identity, identities
from plans.registers.rows import Values
from plans.registers.shape import Key, Register, Value


def find_fresh(
    straight: Straight, register: Register, numbers: Sequence[int], others: Sequence[Values]
) -> Fresh | None:
    """Return the fresh ones of the straight rows `numbers`, rising; None where there are none.

    others: the values of all other rows that the file or the register holds, those put away too.
    """
    columns = straight.columns(numbers)
    doubted: set[int] = set()
    for key in register.keys:
        mine = identities(key, columns, len(numbers))
        doubted |= _met_elsewhere(mine, _marks(key, others))
    found = Fresh(register, numbers, columns, {})
    found = found.picked([place for place in range(len(numbers)) if place not in doubted]) if doubted else found
    return Fresh(register, found.numbers, found.columns, straight.remarks(found.numbers)) if found.numbers else None


def _marks(key: Key, rows: Sequence[Values]) -> set[Identity | None]:
    columns: Mapping[str, Sequence[Value]] = {name: [row.get(name) for row in rows] for name in key.columns}
    return set(identities(key, columns, len(rows)))


def _met_elsewhere(mine: Sequence[Identity | None], theirs: Collection[Identity | None]) -> set[int]:
    """Return the places of the marks that others carry as well; no mark is none that could be met."""
    known = set(mine)
    alone = len(known) - (None in known) == len(mine) - mine.count(None)
    if alone and known.isdisjoint(theirs):
        return set()
    counts = Counter(mine)
    return {place for place, mark in enumerate(mine) if mark is not None and (counts[mark] > 1 or mark in theirs)}
