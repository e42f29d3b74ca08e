"""What the runbook's pages show."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans import intervals
from plans.intervals import Counting, Interval
from plans.items.queries import Person, Seated
from plans.models import Contact, IntervalSetting, PartyKind, RecoveryStep, RecoveryStepNeed, System
from plans.seats import ITEM_SEATS, TEAM_ITEM, Seat
from tenants.prepared import Prepared

# The handbook names four kinds of party that every plan needs.
REQUIRED_PARTIES = (PartyKind.IT_ADMINISTRATOR, PartyKind.INSURER, PartyKind.FACILITY, PartyKind.LAWYER)
LABEL = 80


@dataclass(frozen=True, slots=True)
class Task:
    """A seat of the calamity team: who sits there, what they do, and whether they said that they know."""

    seat: Seat
    person: Person | None
    text: str
    changed_on: date | None
    acknowledged_on: date | None
    row_id: UUID | None = None

    @property
    def known(self) -> bool:
        """Tell whether the task was acknowledged after its last change, however long ago."""
        return known_since(self.acknowledged_on, self.changed_on, date.min)

    def counts(self, oldest: date) -> bool:
        """Tell whether the task was acknowledged after its last change, on `oldest` or later: what is older lapsed."""
        return known_since(self.acknowledged_on, self.changed_on, oldest)


def known_since(acknowledged_on: date | None, changed_on: date | None, oldest: date) -> bool:
    """Tell whether a task was acknowledged on `oldest` or later, and after its last change."""
    return acknowledged_on is not None and acknowledged_on >= max(oldest, changed_on or oldest)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the recovery. system: the name of what it brings back; rto_hours: within which time that is wanted;
    minutes: how long it takes; needs: the open steps it waits for.
    """

    id: UUID
    version: int
    position: int
    text: str
    system_id: UUID | None
    system: str | None
    archived: bool
    minutes: int | None = None
    contact_id: UUID | None = None
    who: str | None = None
    rto_hours: int | None = None
    needs: frozenset[UUID] = frozenset()

    @property
    def label(self) -> str:
        """Return the beginning of what it says, in one line."""
        line = " ".join(self.text.split())
        return line if len(line) <= LABEL else f"{line[: LABEL - 1]}…"


@dataclass(frozen=True, slots=True)
class SystemName:
    """A system to choose from. priority: 1 is restored first."""

    id: UUID
    name: str
    priority: int | None
    archived: bool


def tasks(stored: Mapping[tuple[str, str], Seated], people: Mapping[UUID, Person]) -> list[Task]:
    """Return the seats of the team in the handbook's order."""
    found = []
    for seat in ITEM_SEATS[TEAM_ITEM]:
        row = stored.get((TEAM_ITEM, seat.name))
        person = people.get(row.contact_id) if row and row.contact_id else None
        told = (row.task, row.task_changed_on, row.acknowledged_on, row.id) if row else ("", None, None, None)
        found.append(Task(seat, person, *told))
    return found


def counting(today: date) -> Counting:
    """Return which acknowledgements of a task count on `today`."""
    own = {row.name: row.days for row in db.session().execute(sa.select(IntervalSetting.name, IntervalSetting.days))}
    return intervals.counting(own, Interval.TASK, today)


_STEPS = Prepared(
    sa.select(
        RecoveryStep.id, RecoveryStep.version, RecoveryStep.position, RecoveryStep.text, RecoveryStep.system_id,
        System.name, RecoveryStep.archived_at.is_not(None), RecoveryStep.minutes, RecoveryStep.contact_id, Contact.name,
        System.rto_hours,
    )
    .outerjoin(System, (System.tenant_id == RecoveryStep.tenant_id) & (System.id == RecoveryStep.system_id))
    .outerjoin(Contact, (Contact.tenant_id == RecoveryStep.tenant_id) & (Contact.id == RecoveryStep.contact_id))
)  # fmt: skip
_NEEDS = Prepared(sa.select(RecoveryStepNeed.step_id, RecoveryStepNeed.needed_id))


def steps() -> list[Step]:
    """Return all steps in order, those put away too."""
    lines = _STEPS.rows()
    still = {line[0] for line in lines if not line[6]}
    needs: dict[UUID, set[UUID]] = defaultdict(set)
    for step_id, needed_id in _NEEDS.rows():
        if needed_id in still:
            needs[step_id].add(needed_id)
    found = (Step(*(*line, frozenset(needs[line[0]]))) for line in lines)
    return sorted(found, key=lambda step: (step.position, step.id))


def systems() -> list[SystemName]:
    """Return all systems, first to be restored first, those put away too."""
    query = sa.select(System.id, System.name, System.recovery_priority, System.archived_at.is_not(None))
    found = (SystemName(*line) for line in db.session().execute(query))
    return sorted(found, key=lambda one: (one.priority is None, one.priority or 0, one.name.casefold()))
