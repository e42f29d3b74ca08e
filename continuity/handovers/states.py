"""How far a handover item is, as of a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l


class HandoverState(StrEnum):
    """The state of an item, worst first."""

    MISSING = "missing"
    STALE = "stale"
    OVERDUE = "overdue"
    TO_CONFIRM = "to_confirm"
    IN_ORDER = "in_order"


STATE_LABELS = {
    HandoverState.MISSING: _l("Never handed over"),
    HandoverState.STALE: _l("Changed since it was handed over"),
    HandoverState.OVERDUE: _l("Too old"),
    HandoverState.TO_CONFIRM: _l("Waits for the foundation to confirm"),
    HandoverState.IN_ORDER: _l("In order"),
}
UNSAFE = frozenset({HandoverState.MISSING, HandoverState.STALE, HandoverState.OVERDUE})


@dataclass(frozen=True, slots=True)
class Freshness:
    """The state of an item, and the last day its newest delivery is fresh, inclusive."""

    state: HandoverState
    until: date | None


def freshness_of(
    *,
    max_age_days: int,
    changed_on: date | None,
    delivered_on: date | None,
    confirmed_on: date | None,
    today: date,
) -> Freshness:
    """Return how far an item with this newest delivery is on `today`.

    changed_on: the day a newer version or a changed login became known; a delivery made afterwards takes it away, so
    one that is still there on the day of the delivery came after it.
    Source: rules 3.6 H4, H7; 3.8.
    """
    if delivered_on is None:
        return Freshness(HandoverState.MISSING, None)
    until = delivered_on + timedelta(days=max_age_days)
    if changed_on is not None and changed_on >= delivered_on:
        return Freshness(HandoverState.STALE, until)
    if today > until:
        return Freshness(HandoverState.OVERDUE, until)
    return Freshness(HandoverState.IN_ORDER if confirmed_on else HandoverState.TO_CONFIRM, until)
