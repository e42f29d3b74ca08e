"""The path as data and pure functions: the order of the steps, what is left of it, and where to go on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from plans.handbook import Item, Section, of_section
from plans.status import NOT_JUDGED, ItemState, Status

# People and systems first: later steps choose from them. What needs a visit elsewhere comes last.
SECTION_ORDER = (
    Section.SELF_CHECK,
    Section.PROCESSES,
    Section.RUNBOOK,
    Section.BACKUP,
    Section.PAYMENTS,
    Section.STAFF,
    Section.INVENTORY,
    Section.TESTING,
    Section.UPKEEP,
)
# What sums up the rest of its section comes last in it: an instruction is published with all of its lines.
SUMS_UP = frozenset({"staff.policy"})
FINISHED = frozenset({Status.COMPLETE, Status.LEFT_OUT, Status.DUE_SOON})
# There is nothing to fill in: it follows from all others.
FOLLOWS = frozenset({"upkeep.tailored"})
HOUR = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path. finished: nothing is left to do here for now."""

    item: Item
    state: ItemState

    @property
    def finished(self) -> bool:
        """Tell whether nothing is left to do here for now."""
        return self.state.status in FINISHED

    @property
    def minutes_left(self) -> int:
        """Return about how many minutes writing it down still takes."""
        return 0 if self.finished else self.item.minutes


@dataclass(frozen=True, slots=True)
class Leg:
    """The steps of one section."""

    section: Section
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """Return how many steps are finished."""
        return sum(step.finished for step in self.steps)

    @property
    def minutes_left(self) -> int:
        """Return about how many minutes the section still takes."""
        return sum(step.minutes_left for step in self.steps)


def path(own: tuple[Item, ...] = ()) -> tuple[Item, ...]:
    """Return the items in the order of the path. own: the organisation's own, behind the others of their section."""
    return tuple(item for section in SECTION_ORDER for item in _of(section, own))


def _of(section: Section, own: Iterable[Item]) -> tuple[Item, ...]:
    items = sorted(of_section(section), key=lambda item: item.id in SUMS_UP)
    return (*items, *(item for item in own if item.section is section))


def legs(states: Mapping[str, ItemState], own: tuple[Item, ...] = ()) -> tuple[Leg, ...]:
    """Return the path section by section. states: of every item that was judged."""
    return tuple(
        Leg(section, tuple(Step(item, states.get(item.id, NOT_JUDGED)) for item in _of(section, own)))
        for section in SECTION_ORDER
    )


def minutes_left(found: Iterable[Leg]) -> int:
    """Return about how many minutes the whole path still takes."""
    return sum(leg.minutes_left for leg in found)


def next_open(states: Mapping[str, ItemState], after: str | None = None, own: tuple[Item, ...] = ()) -> Item | None:
    """Return the first unfinished step behind the item `after`, round the whole path; None when all are finished.

    after: None, or what is no step, begins at the beginning. The step itself comes last.
    """
    return next((one for one in _from(after, own) if states.get(one.id, NOT_JUDGED).status not in FINISHED), None)


def _from(after: str | None, own: tuple[Item, ...]) -> Iterator[Item]:
    steps = path(own)
    start = next((place + 1 for place, item in enumerate(steps) if item.id == after), 0)
    return (item for item in (*steps[start:], *steps[:start]) if item.id not in FOLLOWS)


def neighbours(item: Item, own: tuple[Item, ...] = ()) -> tuple[Item | None, Item | None]:
    """Return the steps before and behind `item`."""
    steps = path(own)
    place = steps.index(item)
    return (steps[place - 1] if place else None), (steps[place + 1] if place + 1 < len(steps) else None)


def duration_text(minutes: int) -> str:
    """Write how long something takes, in hours and quarters from an hour on: nobody can tell better."""
    if minutes < HOUR:
        return str(ngettext("about %(num)s minute", "about %(num)s minutes", minutes))
    hours, rest = divmod(round(minutes / 15) * 15, HOUR)
    if not rest:
        return str(ngettext("about %(num)s hour", "about %(num)s hours", hours))
    return str(_("about %(hours)s h %(minutes)s min", hours=hours, minutes=rest))
