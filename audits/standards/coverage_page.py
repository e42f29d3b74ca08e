"""What the page of coverage shows: clause by clause, item by item, or one item over all standards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.rules.clauses import Standard, by_code
from audits.standards.coverage import Answer, Answering, Covered, answering, coverage, states_here
from plans.status import Status


class View(StrEnum):
    """From which side one looks."""

    CLAUSES = "clauses"
    ITEMS = "items"


VIEW_LABELS: Mapping[View, Any] = MappingProxyType(
    {View.CLAUSES: _l("Clause by clause"), View.ITEMS: _l("Item by item")}
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to show. item: the code of one item or duty, over all standards; status: only what stands so."""

    standard: Standard = Standard.ISO_22301
    view: View = View.CLAUSES
    status: Status | None = None
    q: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown. total, good: how many clauses the standard has, and how many of them are in order.

    clauses: each with what answers it, the worst first.
    """

    clauses: list[tuple[Covered, list[tuple[Status | None, list[Answer]]]]]
    items: list[Answering]
    total: int
    good: int


def coverage_filters(asked: Mapping[str, str]) -> Chosen:
    """Read what to show from an address; what is no such word does not choose."""
    by_slug = {one.slug: one for one in Standard}
    view, status, item = asked.get("view", ""), asked.get("status", ""), asked.get("item", "")
    return Chosen(
        standard=by_slug.get(asked.get("standard", ""), Standard.ISO_22301),
        view=View(view) if view in tuple(View) else View.CLAUSES,
        status=Status(status) if status in tuple(Status) else None,
        q=asked.get("q", "").strip()[:200],
        item=item if item in by_code() else "",
    )


def covered_here(chosen: Chosen, today: date) -> Told:
    """Gather what `chosen` asks of the open scope's organisation, as far as the scope reads."""
    states = states_here(today)
    if chosen.item:
        found = [one for one in answering(states) if one.code == chosen.item]
        return Told([], found, 0, 0)
    every = coverage(chosen.standard, states)
    words = chosen.q.casefold().split()
    shown = [
        one
        for one in every
        if chosen.status in (None, one.status)
        and _mentions(f"{one.clause.id} {one.clause.title} {' '.join(answer.title for answer in one.answers)}", words)
    ]
    items = [
        one
        for one in answering(states, chosen.standard)
        if chosen.status in (None, one.status)
        and _mentions(f"{one.title} {' '.join(f'{each.id} {each.title}' for each in one.clauses)}", words)
    ]
    return Told(
        [(one, _by_status(one.answers)) for one in shown] if chosen.view is View.CLAUSES else [],
        items if chosen.view is View.ITEMS else [],
        len(every),
        sum(one.status in (Status.COMPLETE, Status.LEFT_OUT) for one in every),
    )


def _mentions(text: str, words: Iterable[str]) -> bool:
    told = text.casefold()
    return all(word in told for word in words)


def _by_status(answers: Iterable[Answer]) -> list[tuple[Status | None, list[Answer]]]:
    """Group what answers a clause by how it stands, worst first, what nothing is known of last."""
    order = (*reversed(Status), None)
    told = sorted(answers, key=lambda one: order.index(one.status))
    return [(status, list(members)) for status, members in groupby(told, key=lambda one: one.status)]
