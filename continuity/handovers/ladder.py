"""How far a handover is proved: from a line on a list to a takeover that was tried.

Each rung stands on those below it, has the day it was reached, and falls back when what it stands on gets stale.
Source: rules 3.6 H6, H7, H12.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from continuity.models import DeliveryWay

# Whole days that a drill counts. Source: rules 3.6 H12 (a drill at least yearly).
DRILL_DAYS = 365
OFFICERS = 2


class Rung(StrEnum):
    """What was proved, from little to much."""

    LISTED = "listed"
    SEALED = "sealed"
    OPENABLE = "openable"
    LOGIN = "login"
    TAKEOVER = "takeover"


RUNG_LABELS = {
    Rung.LISTED: _l("On the list"),
    Rung.SEALED: _l("Handed over sealed"),
    Rung.OPENABLE: _l("Two officers showed that they can open it"),
    Rung.LOGIN: _l("Signing in with it was tried"),
    Rung.TAKEOVER: _l("Taking over was drilled"),
}


@dataclass(frozen=True, slots=True)
class Climb:
    """What is known of the newest delivery of an item. Days are calendar days.

    fresh_until: the last day it is fresh, inclusive; None when nothing was delivered. shown_on: the days on which
    officers who still have their key showed that it fits; officers: how many still have theirs. login_on: with this
    delivery; takeover_on: with any delivery of the item.
    """

    way: DeliveryWay | None = None
    delivered_on: date | None = None
    fresh_until: date | None = None
    changed_on: date | None = None
    officers: int = 0
    shown_on: tuple[date, ...] = ()
    login_on: date | None = None
    takeover_on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A rung: the day it was reached, the last day it counts, and whether it holds today."""

    rung: Rung
    reached_on: date | None
    until: date | None
    holds: bool


def ladder(climb: Climb, today: date) -> tuple[Step, ...]:
    """Return the five rungs from the lowest to the highest, as they stand on `today`.

    What was delivered in another way than sealed stays on the list as far as this ladder goes.
    Source: rules 3.6 H6, H7.
    """
    until = climb.fresh_until
    sealed_on = climb.delivered_on if climb.way is DeliveryWay.SEALED else None
    changed = climb.changed_on is not None and sealed_on is not None and climb.changed_on >= sealed_on
    fresh = until is not None and today <= until and not changed and climb.officers >= OFFICERS
    shown = sorted(climb.shown_on)
    opened_on = shown[OFFICERS - 1] if len(shown) >= OFFICERS else None
    drilled_until = climb.takeover_on + timedelta(days=DRILL_DAYS) if climb.takeover_on else None
    reached = (
        (Rung.SEALED, sealed_on, until, fresh),
        (Rung.OPENABLE, opened_on, until, True),
        # Whoever took the service over has signed in.
        (Rung.LOGIN, climb.login_on or climb.takeover_on, until, True),
        (Rung.TAKEOVER, climb.takeover_on, drilled_until, drilled_until is not None and today <= drilled_until),
    )
    steps, holds = [Step(Rung.LISTED, None, None, True)], True
    for rung, day, last, counts in reached:
        holds = holds and day is not None and day <= today and counts
        steps.append(Step(rung, day, last if day else None, holds))
    return tuple(steps)


def highest(steps: tuple[Step, ...]) -> Rung:
    """Return the highest rung that holds."""
    return [step.rung for step in steps if step.holds][-1]
