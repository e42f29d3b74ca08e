"""The findings that somebody asks for, of today or of a day that is over, with who is to act on each."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from audits.asof.standing import Kept, as_it_stood
from audits.findings import acting, queries
from audits.findings.acting import Owners
from audits.findings.apart import SectionLeft, by_section, split
from audits.findings.finding import FoundGap
from audits.findings.queries import PAGE, Filters, State


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. leads: they own the organisation."""

    address: str
    leads: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of findings.

    total: how many there are; page, last: from 1; kept: of the past day asked for, if any; left: what is not filled in
    yet, where that is told apart.
    """

    found: Sequence[FoundGap]
    owners: Owners
    total: int
    page: int
    last: int
    closed: bool
    kept: Kept | None = None
    left: Sequence[SectionLeft] = ()


def listed(filters: Filters, asked: int, asker: Asker) -> Listed:
    """Return the page `asked` of what passes `filters`, or the nearest there is.

    Of a day that is over it is told who was to act by the rows of then. What is closed nobody acts on any more.
    """
    day = filters.as_of
    with as_it_stood(day, only=acting.tables()) if day else nullcontext() as kept:
        found: Sequence[FoundGap] = (
            queries.passing(kept.gaps if kept else [], filters) if day else queries.findings(filters)
        )
        closed = filters.state is State.CLOSED and not day
        if filters.mine and not closed:
            owners, own = acting.owners_of(found), acting.me(asker.address, leads=asker.leads)
            found = [gap for gap in found if own.acts(owners.of(gap))]
        apart: Sequence[FoundGap] = ()
        if not closed:
            found, apart = split(found, filters.unfilled)
        last = max(1, -(-len(found) // PAGE))
        page = min(max(1, asked), last)
        shown = found[(page - 1) * PAGE : page * PAGE]
        owners = acting.NOBODY if closed else acting.owners_of(shown)
        return Listed(shown, owners, len(found), page, last, closed, kept, by_section(apart))
