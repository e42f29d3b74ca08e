"""Choosing what one person is told today. Pure; no database, no clock."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from audits.reminders.ladder import ESCALATED, LADDER, Rung, Version
from audits.reminders.models import HoldKind
from tenants.models import Frequency

ORDER = [rung for rung, _days in LADDER]


@dataclass(frozen=True, slots=True)
class Noted:
    """A reminder that a person may be told of. told_at: when they were last, None when never."""

    tenant_id: int
    reminder_id: UUID
    version: Version
    rung: Rung
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Hold:
    """An answer to a reminder of one version of an item."""

    tenant_id: int
    version: Version
    kind: HoldKind
    holds_until: date
    user_id: UUID
    made_at: datetime


def newest(noted: Iterable[Noted]) -> list[Noted]:
    """Return the newest reminder of each version of an item: what it said before is no longer news."""
    found: dict[tuple[int, Version], Noted] = {}
    for one in sorted(noted, key=lambda one: ORDER.index(one.rung)):
        found[one.tenant_id, one.version] = one
    return list(found.values())


def due_to(user_id: UUID, noted: Iterable[Noted], holds: Sequence[Hold], today: date) -> list[Noted]:
    """Return what a person is to be told of today, soonest first.

    Nothing that is held: somebody saw to it, or they themselves asked to wait. What they were told already comes again
    when such an answer has run out and nothing changed.
    """
    standing: dict[tuple[int, Version], Hold] = {}
    for hold in sorted(holds, key=lambda hold: hold.made_at):
        if hold.kind is HoldKind.ACKNOWLEDGED or hold.user_id == user_id:
            standing[hold.tenant_id, hold.version] = hold
    found = []
    for one in newest(noted):
        answer = standing.get((one.tenant_id, one.version))
        if answer is not None and answer.holds_until >= today:
            continue
        if one.told_at is None or (answer is not None and answer.made_at > one.told_at):
            found.append(one)
    return sorted(found, key=lambda one: (one.version.until, one.tenant_id, one.version))


def wanted(
    found: Sequence[Noted],
    frequency: Frequency,
    owner_of: Set[int],
    muted: Set[int],
    last_told_on: date | None,
    today: date,
) -> list[Noted]:
    """Return what of `found` is mailed today to somebody who chose `frequency`.

    owner_of: the organisations they own: what lapsed there a week ago and longer is told whatever was chosen; muted:
    those that chose to remind somebody else;
    last_told_on: the day of their last mail. Weekly: nothing more in a week (from Monday) in which a mail went.
    """
    monday = today - timedelta(days=today.weekday())
    everything = frequency is Frequency.DAILY or (
        frequency is Frequency.WEEKLY and (last_told_on is None or last_told_on < monday)
    )
    return [
        one
        for one in found
        if (everything and one.tenant_id not in muted) or (one.rung in ESCALATED and one.tenant_id in owner_of)
    ]
