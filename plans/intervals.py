"""How old a fact may get before it must be looked at again. An organisation may tighten, never loosen.

Source: decisions on what the handbook leaves open (default ages).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l


class Interval(StrEnum):
    """The named intervals."""

    CONTACT = "contact"
    ADVISER = "adviser"
    LICENCE = "licence"
    INVENTORY = "inventory"
    OFFSITE = "offsite"
    RESTORE = "restore"
    TEST = "test"
    REVIEW = "review"
    STAFF_RECEIPT = "staff-receipt"
    TASK = "task"
    APPROVAL = "approval"
    PAYMENT_APPROVAL = "payment-approval"
    COUNTERPARTY = "counterparty"
    REQUEST = "request"


# Whole days.
DEFAULT_DAYS: Mapping[Interval, int] = MappingProxyType(
    {
        Interval.CONTACT: 180,
        Interval.ADVISER: 365,
        Interval.LICENCE: 90,
        Interval.INVENTORY: 180,
        Interval.OFFSITE: 90,
        Interval.RESTORE: 365,
        Interval.TEST: 365,
        Interval.REVIEW: 365,
        Interval.STAFF_RECEIPT: 365,
        Interval.TASK: 365,
        Interval.APPROVAL: 365,
        Interval.PAYMENT_APPROVAL: 365,
        Interval.COUNTERPARTY: 365,
        Interval.REQUEST: 2,
    }
)
INTERVAL_LABELS = {
    Interval.CONTACT: _l("Contact data confirmed"),
    Interval.ADVISER: _l("Contact data of insurer and lawyer confirmed"),
    Interval.LICENCE: _l("Licence data confirmed"),
    Interval.INVENTORY: _l("Inventory looked at"),
    Interval.OFFSITE: _l("Off-site copy seen"),
    Interval.RESTORE: _l("Restore proven"),
    Interval.TEST: _l("Other tests done"),
    Interval.REVIEW: _l("Plan reviewed"),
    Interval.STAFF_RECEIPT: _l("Instruction acknowledged by staff"),
    Interval.TASK: _l("Task acknowledged by the calamity team"),
    Interval.APPROVAL: _l("Plan approved"),
    Interval.PAYMENT_APPROVAL: _l("Agreements about payments approved"),
    Interval.COUNTERPARTY: _l("Counterparty of your continuity scheme chosen, or asked whether it is willing"),
    Interval.REQUEST: _l("Client answered that asks for continuity, and delivered to once that is granted"),
}


def days(tightened: Mapping[str, int], interval: Interval) -> int:
    """Return the days that count: the organisation's when tighter, else the default."""
    most = DEFAULT_DAYS[interval]
    return min(tightened.get(interval.value, most), most) if tightened else most


# Who hardly ever changes is asked less often; every other company as often as a person.
_ADVISERS = frozenset(("insurer", "lawyer"))


def of_party(kind: str) -> Interval:
    """Return the interval within which the contact data of an external party are confirmed. kind: a PartyKind."""
    return Interval.ADVISER if kind in _ADVISERS else Interval.CONTACT


# What lapses within so many days is asked for again.
RENEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts today. oldest: the first day of which it does; fresh: the first that needs no renewal yet."""

    oldest: date
    fresh: date


def counting(tightened: Mapping[str, int], interval: Interval, today: date) -> Counting:
    """Return which days count on `today`: those within the interval, to be renewed in its last month or third."""
    allowed = days(tightened, interval)
    oldest = today - timedelta(days=allowed)
    return Counting(oldest, oldest + timedelta(days=min(RENEW_DAYS, allowed // 3)))
