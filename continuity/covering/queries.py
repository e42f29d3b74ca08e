"""Who is covered today, for the pages: loaded as facts in a fixed number of queries, then judged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from continuity import loading
from continuity.cover import Cover, CoverState, covers, shared_legs
from continuity.covering.leg import Leg, LegKind
from continuity.facts import RegistrationFact

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """Which clients to show. leg: of which this one does not hold."""

    q: str = ""
    state: CoverState | None = None
    leg: LegKind | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """A page of the clients of one registration, the least covered first.

    shared: the legs that all clients stand on; counts: of all clients whatever the filters; total: that pass them.
    """

    shared: tuple[Leg, ...]
    shown: tuple[Cover, ...]
    counts: Mapping[CoverState, int]
    clients: int
    total: int
    page: int
    last: int


def registration_facts(tenant_id: int, registration_id: UUID) -> RegistrationFact | None:
    """Return what is known of a registration of an organisation in the open scope."""
    facts = loading.load([tenant_id])[tenant_id]
    return next((one for one in facts.registrations if one.id == registration_id), None)


def covered(registration: RegistrationFact, filters: Filters, today: date, page: int) -> Covered:
    """Return one page, counted from 1, of the clients of `registration` as they are covered on `today`."""
    every = covers(registration, today)
    chosen = sorted((one for one in every if passes(one, filters)), key=_urgency)
    last = max(1, -(-len(chosen) // PAGE))
    page = min(max(page, 1), last)
    counts = Counter(one.state for one in every)
    return Covered(
        shared_legs(registration, today),
        tuple(chosen[(page - 1) * PAGE : page * PAGE]),
        {state: counts[state] for state in CoverState if counts[state]},
        len(every),
        len(chosen),
        page,
        last,
    )


def passes(cover: Cover, filters: Filters) -> bool:
    """Tell whether a client passes the filters."""
    named = all(word in cover.client.casefold() for word in filters.q.casefold().split())
    state = filters.state is None or cover.state is filters.state
    return named and state and (filters.leg is None or not cover.leg(filters.leg).holds)


def _urgency(cover: Cover) -> tuple[int, int, date, str]:
    order: Sequence[CoverState] = list(CoverState)
    return order.index(cover.state), -len(cover.broken), cover.until or date.max, cover.client.casefold()
