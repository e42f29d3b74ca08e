"""How the rules are set in one organisation: the measures it may tighten, and what it left out, why and until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from audits.judging import NOTICE_DAYS
from audits.reach import reaches
from audits.rules.standing import FIXED, INTERVALS, Fixed
from audits.texts import rule_title
from plans import handbook
from plans.intervals import Interval
from plans.items.queries import CurrentWaiver, waivers
from plans.own_items.queries import own_items
from plans.pages import part_labels
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
class LeftOut:
    """What is left out, as it stands on a day. part: what of the item, empty for all of it; ended: no longer counts.

    near: decide again soon, or it counts again by itself.
    """

    waiver: CurrentWaiver
    title: str
    name: str
    section: str
    part: Any
    ended: bool
    near: bool


@dataclass(frozen=True, slots=True)
class RulesHere:
    """Everything the page tells. open: whether the reader may see the plan at all."""

    open: bool
    thresholds: tuple[Threshold, ...] = ()
    fixed: tuple[Fixed, ...] = FIXED
    left_out: tuple[LeftOut, ...] = ()


def rules_here(today: date) -> RulesHere:
    """Gather the page of the open scope's organisation; what is left out by its last day, the soonest first."""
    if not reaches(Area.PLAN):
        return RulesHere(open=False)
    items = {**handbook.by_id(), **{one.item.id: one.item for one in own_items() if not one.ended}}
    found = sorted(waivers(list(items)), key=lambda one: (one.until, one.item_id, one.part))
    return RulesHere(
        open=True, thresholds=thresholds(tightened()), left_out=tuple(_left_out(one, items, today) for one in found)
    )


def thresholds(stored: list[StoredInterval]) -> tuple[Threshold, ...]:
    """Return every measure that may be tightened, with the rules that measure with it."""
    return tuple(Threshold(row, tuple(_rules(row.interval))) for row in interval_rows(stored))


def _rules(interval: Interval) -> Iterable[tuple[str, str]]:
    return ((code, rule_title(code)) for code, used in INTERVALS.items() if interval in used)


def _left_out(waiver: CurrentWaiver, items: Mapping[str, handbook.Item], today: date) -> LeftOut:
    item = items[waiver.item_id]
    days = (waiver.until - today).days
    return LeftOut(
        waiver,
        item.title,
        item.name,
        item.section.value,
        dict(part_labels(item)).get(waiver.part, "") if waiver.part else "",
        ended=days < 0,
        near=0 <= days <= NOTICE_DAYS,
    )
