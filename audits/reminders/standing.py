"""The reminders one person sees: on the page of a link, and signed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audits.reminders import asked, queries
from audits.reminders.choosing import Hold, newest
from audits.reminders.models import HoldKind
from core.serving.request_ids import request_id
from tenants.owned import Area
from tenants.relations import Standing, standings_of
from tenants.scope import Actor, Scope, as_person, close_scope, open_scope, reading

AUDIT = frozenset({Area.AUDIT})
WRITES = frozenset({Area.AUDIT, Area.TRAIL})


@dataclass(frozen=True, slots=True)
class Open:
    """A reminder that a person was told of and that still stands. hold: the answer that makes it rest now.

    request_id: the request of an auditor that it is about, None for what lapses.
    """

    id: UUID
    place: Standing
    title: str
    until: date
    hold: Hold | None
    request_id: UUID | None = None

    @property
    def seen_to(self) -> bool:
        """Tell whether somebody said that they see to it."""
        return self.hold is not None and self.hold.kind is HoldKind.ACKNOWLEDGED


def places_of(user_id: UUID) -> dict[int, Standing]:
    """Return the organisations that a person answers for now, and open a scope to read their reminders."""
    as_person(user_id)
    possible = queries.may_answer(standings_of(user_id))
    open_scope(reading(frozenset(possible), AUDIT))
    return queries.answering(user_id, possible)[0]


def open_reminders(user_id: UUID, places: Mapping[int, Standing], today: date) -> Sequence[Open]:
    """Return what a person was told of and what still lapses then, soonest first."""
    resting: dict[tuple[int, object], Hold] = {}
    for hold in sorted(queries.holds(), key=lambda hold: hold.made_at):
        if hold.kind is HoldKind.ACKNOWLEDGED or hold.user_id == user_id:
            resting[hold.tenant_id, hold.version] = hold
    found = []
    for one in newest(queries.noted_for(user_id, places, today)):
        if one.told_at is not None:
            answer = resting.get((one.tenant_id, one.version))
            held = answer if answer and answer.holds_until >= today else None
            place, request = places[one.tenant_id], asked.request_of(one.version)
            found.append(Open(one.reminder_id, place, asked.title(one.version.code), one.version.until, held, request))
    return sorted(found, key=lambda one: (one.until, one.place.name.casefold(), one.title, one.id))


def act_at(place: Standing, user_id: UUID, name: str) -> None:
    """Open the scope in which a person answers a reminder of one organisation."""
    close_scope()
    actor = Actor(user_id, name, place.capacity.value, request_id(), place.via)
    open_scope(Scope(frozenset({place.tenant_id}), AUDIT, WRITES, actor))
