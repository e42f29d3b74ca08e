"""How the rules are set in one organisation: measures it tightened and what it left out, by whom and until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from audits.findings.texts import rule_title
from audits.judging.judgement import NOTICE_DAYS
from audits.reach import reaches
from audits.rules.standing import FIXED, INTERVALS, Fixed
from plans import handbook
from plans.intervals import Interval
from plans.items.left_out import CurrentWaiver, Proposal, proposals, waivers
from plans.items.parts import part_labels
from plans.own_items.queries import own_items
from plans.upkeep.queries import IntervalRow, StoredInterval, interval_rows, tightened
from tenants.owned import Area


@dataclass(frozen=True, slots=True)
class Threshold:
    """A measure that an organisation may tighten. rules: codes and titles of those that measure with it."""

    row: IntervalRow
    rules: tuple[tuple[str, str], ...]

    @property
    def tighter(self) -> bool:
        """Tell whether the organisation is stricter than it must be."""
        return self.row.days < self.row.default


@dataclass(frozen=True, slots=True)
class Place:
    """The item that something is about. name, section: of its page; part: what of the item, empty for all of it."""

    title: str
    name: str
    section: str
    part: Any


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is left out, as it stands on a day. ended: no longer counts.

    near: decide again soon, or it counts again by itself.
    """

    waiver: CurrentWaiver
    place: Place
    ended: bool
    near: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """What waits for an owner to approve it. late: its last day has passed, so it no longer can be."""

    proposal: Proposal
    place: Place
    late: bool


@dataclass(frozen=True, slots=True)
class RulesHere:
    """Everything the page tells. open: whether the reader may see the plan at all."""

    open: bool
    thresholds: tuple[Threshold, ...] = ()
    fixed: tuple[Fixed, ...] = FIXED
    left_out: tuple[LeftOut, ...] = ()
    proposed: tuple[Proposed, ...] = ()


def rules_here(today: date) -> RulesHere:
    """Gather the page of the open scope's organisation; what is left out by its last day, the soonest first."""
    if not reaches(Area.PLAN):
        return RulesHere(open=False)
    items = {**handbook.by_id(), **{one.item.id: one.item for one in own_items() if not one.ended}}
    found = sorted(waivers(list(items)), key=lambda one: (one.until, one.item_id, one.part))
    asked = sorted(proposals(list(items)), key=lambda one: (one.proposed_on, one.item_id, one.part))
    return RulesHere(
        open=True,
        thresholds=thresholds(tightened()),
        left_out=tuple(_left_out(one, items, today) for one in found),
        proposed=tuple(Proposed(one, _place(items[one.item_id], one.part), late=one.until < today) for one in asked),
    )


def thresholds(stored: list[StoredInterval]) -> tuple[Threshold, ...]:
    """Return every measure that may be tightened, with the rules that measure with it."""
    return tuple(Threshold(row, tuple(_rules(row.interval))) for row in interval_rows(stored))


def _rules(interval: Interval) -> Iterable[tuple[str, str]]:
    return ((code, rule_title(code)) for code, used in INTERVALS.items() if interval in used)


def _left_out(waiver: CurrentWaiver, items: Mapping[str, handbook.Item], today: date) -> LeftOut:
    days = (waiver.until - today).days
    place = _place(items[waiver.item_id], waiver.part)
    return LeftOut(waiver, place, ended=days < 0, near=0 <= days <= NOTICE_DAYS)


def _place(item: handbook.Item, part: str) -> Place:
    return Place(item.title, item.name, item.section.value, dict(part_labels(item)).get(part, "") if part else "")
