"""What stands in the foundation's room: a shape for each of its parts. Pure values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from continuity.handovers.queries import Handed
from continuity.models import AgreementKind, By, OfficerKey, SchemeState, TriggerCase, TriggerKind
from continuity.period import Period
from continuity.registrants.queries import Registrant
from continuity.requests.listing import Line

FEWEST_OFFICERS = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that waits to be confirmed."""

    registrant: Registrant
    handed: Handed


@dataclass(frozen=True, slots=True)
class Overdue:
    """A supplier with what it has to hand over: required items missing, changed or too old, of all its services."""

    tenant_id: int
    supplier: str
    items: tuple[tuple[Registrant, Handed], ...]

    @property
    def oldest_on(self) -> date | None:
        """Return since when the oldest of them is too old, None when one was never handed over."""
        days = [handed.freshness.until for _one, handed in self.items]
        return min((day for day in days if day is not None), default=None) if all(days) else None


@dataclass(frozen=True, slots=True)
class Ending:
    """An agreement of which the end, or the day until which notice can be given, comes near or went by."""

    registrant: Registrant
    kind: AgreementKind
    party: str
    on: date
    notice: bool


@dataclass(frozen=True, slots=True)
class Announced:
    """A scheme of which the end was announced, with its last day, inclusive, and by which side."""

    registrant: Registrant
    last_on: date
    role: By


@dataclass(frozen=True, slots=True)
class Case:
    """Something filed against a supplier that a second officer has to decide on. own: this officer filed it."""

    registrant: Registrant
    case: TriggerCase
    own: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A service whose supplier fell away and that the foundation delivers, or has yet to begin delivering.

    trigger: what happened to the supplier.
    """

    registrant: Registrant
    period: Period
    trigger: TriggerKind

    @property
    def delivers(self) -> bool:
        """Tell whether the foundation said that it delivers."""
        return self.registrant.registration.state is SchemeState.RUNNING


@dataclass(frozen=True, slots=True)
class Late:
    """A registration with clients that accepted after the trigger and wait for an answer."""

    registrant: Registrant
    clients: int


@dataclass(frozen=True, slots=True)
class Said:
    """A registration of which the supplier says something else since what happened to it.

    clients: of how many of its clients; parts: of how many of its contracts, contacts and the rest.
    """

    registrant: Registrant
    clients: int
    parts: int


@dataclass(frozen=True, slots=True)
class Unshown:
    """An officer, and how many sealed deliveries wait for them to show that their key fits."""

    name: str
    fingerprint: str
    deliveries: int
    first: tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Room:
    """The parts of the room, each with the worst or oldest on top."""

    registrants: int
    begun: Sequence[Begun]
    cases: Sequence[Case]
    requests: Sequence[Line]
    late: Sequence[Late]
    said: Sequence[Said]
    deliveries: Sequence[Waiting]
    overdue: Sequence[Overdue]
    pending_keys: Sequence[OfficerKey]
    active_keys: int
    unshown: Sequence[Unshown]
    announced: Sequence[Announced]
    endings: Sequence[Ending]
    to_activate: Sequence[Registrant]
    without_deed: Sequence[Registrant]

    @property
    def two_officers(self) -> bool:
        """Tell whether there are keys enough to open anything."""
        return self.active_keys >= FEWEST_OFFICERS
