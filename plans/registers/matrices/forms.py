"""What a browser may send about a matrix: only what it showed, and what of that is ticked now."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict

from plans.errors import NotThere
from plans.registers.matrices.shape import Pair


@dataclass(frozen=True, slots=True)
class Ticks:
    """The boxes of one page as they were shown and as they were sent. Pairs are (department, thing)."""

    departments: tuple[UUID, ...]
    things: tuple[UUID, ...]
    used_before: frozenset[Pair]
    used: frozenset[Pair]
    none_before: frozenset[UUID]
    none: frozenset[UUID]

    @property
    def contradicting(self) -> tuple[UUID, ...]:
        """Return the departments that were ticked as using none and as using something."""
        using = {department for department, _ in self.used}
        return tuple(department for department in self.departments if department in self.none and department in using)


def read_ticks(sent: MultiDict[str, str]) -> Ticks:
    """Return what was sent. Boxes name places in the form's own lists of ids, to keep the page small.

    Raises NotThere for what is no id and for places outside the lists.
    """
    departments, things = _ids(sent.get("departments", "")), _ids(sent.get("things", ""))
    return Ticks(
        departments=departments,
        things=things,
        used_before=_pairs(sent.get("used_before", "").split(), departments, things),
        used=_pairs(sent.getlist("used"), departments, things),
        none_before=frozenset(_at(departments, place) for place in sent.get("none_before", "").split()),
        none=frozenset(_at(departments, place) for place in sent.getlist("none")),
    )


def _ids(text: str) -> tuple[UUID, ...]:
    try:
        return tuple(UUID(part) for part in text.split())
    except ValueError:
        raise NotThere from None


def _pairs(places: Iterable[str], departments: tuple[UUID, ...], things: tuple[UUID, ...]) -> frozenset[Pair]:
    found = set()
    for text in places:
        department, _, thing = text.partition(".")
        found.add((_at(departments, department), _at(things, thing)))
    return frozenset(found)


def _at(ids: tuple[UUID, ...], place: str) -> UUID:
    if not (place.isascii() and place.isdigit() and len(place) < 6 and int(place) < len(ids)):
        raise NotThere
    return ids[int(place)]
