"""The words of cover: a leg, its state, its days and what to do next. Pure values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.i18n import day_text, euro_text

# From this many days before a leg gives way it is told.
NOTICE_DAYS = 30


class LegKind(StrEnum):
    """What a client's cover stands on, in the order in which it is built."""

    SCHEME = "scheme"
    COUNTERPARTY = "counterparty"
    DEED = "deed"
    CONDITIONS = "conditions"
    HANDOVERS = "handovers"
    MONEY = "money"


class LegState(StrEnum):
    """How a leg is, worst first. A shaky one holds today and asks for something soon."""

    BROKEN = "broken"
    SHAKY = "shaky"
    HOLDS = "holds"


LEG_LABELS: Mapping[LegKind, Any] = MappingProxyType(
    {
        LegKind.SCHEME: _l("The scheme is active"),
        LegKind.COUNTERPARTY: _l("The counterparty is bound"),
        LegKind.DEED: _l("The current deed is accepted"),
        LegKind.CONDITIONS: _l("The conditions are met"),
        LegKind.HANDOVERS: _l("All that the foundation must hold is there and up to date"),
        LegKind.MONEY: _l("The fees cover the cost"),
    }
)
LEG_STATE_LABELS: Mapping[LegState, Any] = MappingProxyType(
    {
        LegState.BROKEN: _l("Does not hold"),
        LegState.SHAKY: _l("Holds, but needs attention"),
        LegState.HOLDS: _l("Holds"),
    }
)
Param = str | int | date | Decimal


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence: a gettext msgid with %(name)s places, and what fills them: days in full, amounts in euro."""

    message: str
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the sentence in the reader's language."""
        text = str(gettext(self.message))
        return text % {name: _shown(value) for name, value in self.params.items()} if self.params else text


def _shown(value: Param) -> str | int:
    if isinstance(value, date):
        return day_text(value)
    return euro_text(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg as it is on a day.

    on: the day by which it is dated, None where no day tells it; until: the last day, inclusive, on which it holds
    without anybody doing anything, None for a broken one and where nothing ends it; changes_on: the first later day
    on which it could be told differently without anybody touching the data; step: what to do next, None when nothing.
    """

    kind: LegKind
    state: LegState
    says: Told
    on: date | None = None
    until: date | None = None
    changes_on: date | None = None
    step: Told | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the leg stands today, shaky or not."""
        return self.state is not LegState.BROKEN


def standing(
    kind: LegKind,
    says: Told,
    today: date,
    *,
    on: date | None,
    renew: Told,
    until: date | None = None,
    notice_days: int = NOTICE_DAYS,
    later: Iterable[date | None] = (),
) -> Leg:
    """Return a leg that holds, up to and including `until`; within `notice_days` of it `renew` is the next step.

    later: further days on which it could change.
    """
    opens = ends = None
    until = None if until == date.max else until
    if until is not None:
        opens, ends = _shifted(until, -notice_days), _shifted(until, 1)
    soon = opens is not None and opens <= today
    return Leg(
        kind,
        LegState.SHAKY if soon else LegState.HOLDS,
        says,
        on,
        until,
        next_day((opens, ends, *later), today),
        renew if soon else None,
    )


def broken(kind: LegKind, says: Told, step: Told, today: date, later: Iterable[date | None] = ()) -> Leg:
    """Return a leg that does not hold. later: the days on which it could."""
    return Leg(kind, LegState.BROKEN, says, changes_on=next_day(later, today), step=step)


def next_day(days: Iterable[date | None], today: date) -> date | None:
    """Return the first of `days` after `today`, or None."""
    return min((day for day in days if day is not None and day > today), default=None)


def _shifted(day: date, by: int) -> date:
    return date.fromordinal(max(1, min(day.toordinal() + by, date.max.toordinal())))
