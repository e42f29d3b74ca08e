"""The recovery steps as a plan of the day: when each begins, when it is done, and whether that is soon enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from plans.runbook.queries import Step

MINUTES = 60


@dataclass(frozen=True, slots=True)
class Planned:
    """A step on the clock, in minutes since the beginning.

    at_least: some step up to here tells no duration, so that it may take longer; late_by: minutes by which a system is
    back later than wanted, at its last step; before: numbers of the steps it needs; wrong: numbers of those among them
    that come later all the same, after a step was put back.
    """

    number: int
    step: Step
    begins: int
    ends: int
    at_least: bool
    late_by: int
    before: tuple[int, ...]
    wrong: tuple[int, ...]


def day_plan(steps: Sequence[Step]) -> list[Planned]:
    """Return the steps, one after the other. steps: those in use, in order. Source: handbook, runbook.recovery."""
    number_of = {step.id: number for number, step in enumerate(steps, 1)}
    last_of: dict[UUID, int] = {step.system_id: number_of[step.id] for step in steps if step.system_id is not None}
    found, clock, at_least = [], 0, False
    for number, step in enumerate(steps, 1):
        begins, clock = clock, clock + (step.minutes or 0)
        at_least = at_least or step.minutes is None
        late_by = 0
        if step.system_id is not None and last_of[step.system_id] == number and step.rto_hours is not None:
            late_by = max(clock - step.rto_hours * MINUTES, 0)
        before = tuple(sorted(number_of[one] for one in step.needs if one in number_of))
        wrong = tuple(one for one in before if one > number)
        found.append(Planned(number, step, begins, clock, at_least, late_by, before, wrong))
    return found


def as_clock(minutes: int) -> str:
    """Write minutes as hours and minutes: 1:05."""
    return f"{minutes // MINUTES}:{minutes % MINUTES:02}"
