"""The recovery steps as a plan of the day: when each begins, what runs beside it, and whether that is soon enough."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from uuid import UUID

from plans.runbook.queries import Step

MINUTES = 60


@dataclass(frozen=True, slots=True)
class Planned:
    """A step on the clock, in minutes since the beginning.

    at_least: some step that it waits for, or it itself, tells no duration, so that it may take longer; late_by:
    minutes by which a system is back later than wanted, at its last step; before: numbers of the steps it needs;
    wrong: numbers of those among them that come later all the same, after a step was put back; together: numbers of
    the steps that run beside it, done by others.
    """

    number: int
    step: Step
    begins: int
    ends: int
    at_least: bool
    late_by: int
    before: tuple[int, ...]
    wrong: tuple[int, ...]
    together: tuple[int, ...] = ()

    @property
    def holds_until(self) -> int:
        """Return until when it runs: a step that tells no duration takes some time all the same."""
        return max(self.ends, self.begins + 1)


@dataclass(frozen=True, slots=True)
class Busy:
    """What one person does that day. who: None for the steps that nobody was named for; minutes: as far as told."""

    who: str | None
    steps: tuple[int, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class Day:
    """The day as a whole, in minutes. one_by_one: what it would take without anything running beside each other."""

    ends: int
    at_least: bool
    one_by_one: int
    busy: tuple[Busy, ...]


def day_plan(steps: Sequence[Step]) -> list[Planned]:
    """Return the steps on the clock, by number. steps: those in use, in order.

    A step begins once the steps it needs are done and whoever does it is free. Everybody does one thing at a time, what
    stands first first; a later step only fills a gap that it fits into. Steps that name nobody count as one person's.
    Source: handbook, runbook.recovery.
    """
    number_of = {step.id: number for number, step in enumerate(steps, 1)}
    needs = {number_of[step.id]: {number_of[one] for one in step.needs if one in number_of} for step in steps}
    placed: dict[int, Planned] = {}
    booked: dict[UUID | None, list[Planned]] = {}
    waiting = list(needs)
    while waiting:
        # Steps that wait for each other cannot be stored; were there any, the first of them goes on.
        number = next((one for one in waiting if needs[one] <= placed.keys()), waiting[0])
        waiting.remove(number)
        step = steps[number - 1]
        own = booked.setdefault(step.contact_id, [])
        placed[number] = _place(number, step, [placed[one] for one in sorted(needs[number]) if one in placed], own)
        before = tuple(sorted(needs[number]))
        placed[number] = replace(placed[number], before=before, wrong=tuple(one for one in before if one > number))
        own.append(placed[number])
        own.sort(key=lambda one: (one.begins, one.ends))
    return _timed([placed[number] for number in needs], needs)


def _place(number: int, step: Step, needed: Sequence[Planned], own: Sequence[Planned]) -> Planned:
    """Return a step at its earliest place. own: what whoever does it already does, in order of time."""
    ready = max((one.ends for one in needed), default=0)
    begins = _gap(ready, step.minutes, own)
    uncertain = [one for one in own if one.begins <= begins and one.ends <= begins]
    at_least = step.minutes is None or any(one.at_least for one in (*needed, *uncertain))
    return Planned(number, step, begins, begins + (step.minutes or 0), at_least, 0, (), ())


def _gap(ready: int, minutes: int | None, own: Sequence[Planned]) -> int:
    """Return the first moment from `ready` on at which somebody is free for so long; without a duration: at the end."""
    last = max([ready, *(one.ends for one in own)])
    if minutes is None:
        return last
    if own and ready + minutes <= own[0].begins:
        return ready
    for here, following in pairwise(own):
        begins = max(ready, here.ends)
        if not here.at_least and begins + minutes <= following.begins:
            return begins
    return last


def _timed(planned: list[Planned], needs: dict[int, set[int]]) -> list[Planned]:
    """Return the steps with what runs beside each, and by how much the systems are late."""
    earlier = {one.number: _all_before(one.number, needs) for one in planned}
    last_of: dict[UUID, Planned] = {}
    for one in planned:
        system = one.step.system_id
        if system is not None and (system not in last_of or one.ends >= last_of[system].ends):
            last_of[system] = one
    found = []
    for one in planned:
        beside = tuple(
            other.number
            for other in planned
            if other.step.contact_id != one.step.contact_id
            and other.begins < one.holds_until
            and one.begins < other.holds_until
            and other.number not in earlier[one.number]
            and one.number not in earlier[other.number]
        )
        system, wanted = one.step.system_id, one.step.rto_hours
        is_last = system is not None and last_of[system] is one
        late_by = max(one.ends - wanted * MINUTES, 0) if is_last and wanted is not None else 0
        found.append(replace(one, together=beside, late_by=late_by))
    return found


def _all_before(number: int, needs: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [number]
    while waiting:
        new = needs[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def day_of(planned: Sequence[Planned]) -> Day:
    """Return the day as a whole, and what everybody does: whoever begins first stands first."""
    ordered = in_time(planned)
    busy = []
    for contact_id in dict.fromkeys(one.step.contact_id for one in ordered):
        own = [one for one in ordered if one.step.contact_id == contact_id]
        numbers, minutes = tuple(one.number for one in own), sum(one.step.minutes or 0 for one in own)
        busy.append(Busy(own[0].step.who, numbers, minutes))
    return Day(
        max((one.ends for one in planned), default=0),
        any(one.at_least for one in planned),
        sum(one.step.minutes or 0 for one in planned),
        tuple(busy),
    )


def in_time(planned: Sequence[Planned]) -> list[Planned]:
    """Return the steps in the order in which they begin."""
    return sorted(planned, key=lambda one: (one.begins, one.number))


def as_clock(minutes: int) -> str:
    """Write minutes as hours and minutes: 1:05."""
    return f"{minutes // MINUTES}:{minutes % MINUTES:02}"
