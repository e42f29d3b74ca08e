"""How a calamity goes: from what was frozen and what was written down to where it stands. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from plans.calamity.frozen import Frozen, FrozenCall, FrozenStep, FrozenSystem
from plans.models import EntryKind

STEP_KINDS = (EntryKind.STEP_BEGUN, EntryKind.STEP_DONE, EntryKind.STEP_SKIPPED)
CALL_KINDS = (EntryKind.CALL_REACHED, EntryKind.CALL_MISSED, EntryKind.CALL_MESSAGE)
MINUTE = timedelta(minutes=1)


class StepState(StrEnum):
    """How far a step is."""

    TO_DO = "to-do"
    UNDER_WAY = "under-way"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something written down; `target` and `names_at` as in plans.models.CalamityEntry.

    retracted: it does not count after all.
    """

    id: UUID
    kind: EntryKind
    target: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    text: str = ""
    names_at: datetime | None = None
    retracted: bool = False

    @property
    def late(self) -> bool:
        """Tell whether it was written down later than it happened, as what comes from paper is."""
        return self.recorded_at - self.happened_at >= 2 * MINUTE


@dataclass(frozen=True, slots=True)
class StepCourse:
    """How a step goes. began, ended: the entries that count; also: those that said the same later, all kept."""

    step: FrozenStep
    state: StepState = StepState.TO_DO
    began: Entry | None = None
    ended: Entry | None = None
    also: tuple[Entry, ...] = ()

    @property
    def open(self) -> bool:
        """Tell whether something is left to do."""
        return self.state in (StepState.TO_DO, StepState.UNDER_WAY)

    @property
    def newest(self) -> Entry | None:
        """Return the entry that can be taken back next."""
        return self.ended or self.began


@dataclass(frozen=True, slots=True)
class CallCourse:
    """How it goes with one line of the call sheet. deputy: whom to call now instead, "" for nobody."""

    call: FrozenCall
    attempts: tuple[Entry, ...] = ()
    deputy: str = ""

    @property
    def newest(self) -> Entry | None:
        """Return the last attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def reached(self) -> bool:
        """Tell whether they were spoken to."""
        return any(one.kind is EntryKind.CALL_REACHED for one in self.attempts)


@dataclass(frozen=True, slots=True)
class SystemCourse:
    """How it goes with a system. due_at: until when it is promised; stepped: it comes back by steps.

    took: from the start until it was back; late_by: how much later than promised, also while it is not back.
    """

    system: FrozenSystem
    stepped: bool
    due_at: datetime | None
    back: Entry | None
    took: timedelta | None
    late_by: timedelta

    @property
    def late(self) -> bool:
        """Tell whether it was, or is, later than promised."""
        return self.late_by > timedelta(0)


@dataclass(frozen=True, slots=True)
class Course:
    """How a calamity goes as of a moment. timeline: everything in the order in which it happened, retracted too."""

    steps: tuple[StepCourse, ...]
    calls: tuple[CallCourse, ...]
    systems: tuple[SystemCourse, ...]
    timeline: tuple[Entry, ...]
    leader: Entry | None

    @property
    def decisions(self) -> tuple[Entry, ...]:
        """Return the decisions that count."""
        return tuple(one for one in self.timeline if one.kind is EntryKind.DECISION and not one.retracted)

    @property
    def away(self) -> tuple[SystemCourse, ...]:
        """Return the systems of which nothing says that they are back."""
        return tuple(one for one in self.systems if not one.back)

    @property
    def done(self) -> int:
        """Return how many steps ask for nothing any more."""
        return sum(not one.open for one in self.steps)

    @property
    def ready(self) -> tuple[StepCourse, ...]:
        """Return the steps that can begin now, beside each other: what they wait for is done or skipped."""
        waiting = {one.step.number for one in self.steps if one.open}
        return tuple(
            one for one in self.steps if one.state is StepState.TO_DO and not waiting.intersection(one.step.before)
        )

    def step(self, number: int) -> StepCourse | None:
        """Return a step by number."""
        return next((one for one in self.steps if one.step.number == number), None)

    def call(self, who: str) -> CallCourse | None:
        """Return a line of the call sheet by the key of who is called."""
        return next((one for one in self.calls if one.call.who == who), None)


def course(frozen: Frozen, written: Iterable[Entry], began_at: datetime, as_of: datetime) -> Course:
    """Return how it goes. began_at: when the plan was put to work; as_of: now, or when it was closed.

    The first entry that says something counts, by when it happened; what is retracted counts for nothing. A step that
    was skipped and done after all is done.
    """
    timeline = marked(sorted(written, key=lambda one: (one.happened_at, one.recorded_at, one.id)))
    counting = [one for one in timeline if not one.retracted]
    steps = tuple(_step(step, counting) for step in frozen.steps)
    return Course(
        steps=steps,
        calls=tuple(_call(call, counting) for call in frozen.calls),
        systems=tuple(_system(system, steps, counting, began_at, as_of) for system in frozen.systems),
        timeline=tuple(timeline),
        leader=next((one for one in reversed(counting) if one.kind is EntryKind.HANDOVER), None),
    )


def marked(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries, those that were taken back marked so."""
    gone = {one.target for one in entries if one.kind is EntryKind.RETRACTED}
    return [replace(one, retracted=True) if one.id.hex in gone else one for one in entries]


def _step(step: FrozenStep, counting: Sequence[Entry]) -> StepCourse:
    own = [one for one in counting if one.kind in STEP_KINDS and one.target == str(step.number)]
    began = next((one for one in own if one.kind is EntryKind.STEP_BEGUN), None)
    done = next((one for one in own if one.kind is EntryKind.STEP_DONE), None)
    skipped = next((one for one in own if one.kind is EntryKind.STEP_SKIPPED), None)
    ended = done or skipped
    if ended:
        state = StepState.DONE if done else StepState.SKIPPED
    else:
        state = StepState.UNDER_WAY if began else StepState.TO_DO
    return StepCourse(step, state, began, ended, tuple(one for one in own if one not in (began, ended)))


def _call(call: FrozenCall, counting: Sequence[Entry]) -> CallCourse:
    attempts = tuple(one for one in counting if one.kind in CALL_KINDS and one.target == call.who)
    reached = {one.target for one in counting if one.kind is EntryKind.CALL_REACHED}
    waits = bool(attempts) and call.who not in reached and not reached & set(call.deputies)
    tried = {one.target for one in counting if one.kind in CALL_KINDS}
    deputy = next((one for one in call.deputies if one not in tried), "") if waits else ""
    return CallCourse(call, attempts, deputy)


def _system(
    system: FrozenSystem, steps: Sequence[StepCourse], counting: Sequence[Entry], began_at: datetime, as_of: datetime
) -> SystemCourse:
    own = [one for one in steps if one.step.system == system.key]
    due_at = began_at + timedelta(hours=system.rto_hours) if system.rto_hours is not None else None
    back = _back(system, own, counting)
    until = back.happened_at if back else as_of
    return SystemCourse(
        system=system,
        stepped=bool(own),
        due_at=due_at,
        back=back,
        took=max(back.happened_at - began_at, timedelta(0)) if back else None,
        late_by=max(until - due_at, timedelta(0)) if due_at else timedelta(0),
    )


def _back(system: FrozenSystem, own: Sequence[StepCourse], counting: Sequence[Entry]) -> Entry | None:
    """Return the entry by which a system was back: its last step, or that somebody said so. Skipping brings none."""
    ends = [one.ended for one in own if one.ended]
    by_steps = None
    if own and len(ends) == len(own) and any(one.state is StepState.DONE for one in own):
        by_steps = max(ends, key=lambda one: (one.happened_at, one.recorded_at, one.id))
    said = [one for one in counting if one.kind is EntryKind.SYSTEM_BACK and one.target == system.key]
    return min((one for one in (by_steps, *said[:1]) if one), key=lambda one: one.happened_at, default=None)
