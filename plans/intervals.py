"""How old a fact may get before it must be looked at again. An organisation may tighten, never loosen.

Source: decisions on what the handbook leaves open (default ages).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l


class Interval(StrEnum):
    """The named intervals."""

    CONTACT = "contact"
    LICENCE = "licence"
    OFFSITE = "offsite"
    RESTORE = "restore"
    TEST = "test"
    REVIEW = "review"
    STAFF_RECEIPT = "staff-receipt"
    APPROVAL = "approval"
    PAYMENT_APPROVAL = "payment-approval"


# Whole days.
DEFAULT_DAYS: Mapping[Interval, int] = MappingProxyType(
    {
        Interval.CONTACT: 180,
        Interval.LICENCE: 90,
        Interval.OFFSITE: 90,
        Interval.RESTORE: 365,
        Interval.TEST: 365,
        Interval.REVIEW: 365,
        Interval.STAFF_RECEIPT: 365,
        Interval.APPROVAL: 365,
        Interval.PAYMENT_APPROVAL: 365,
    }
)
INTERVAL_LABELS = {
    Interval.CONTACT: _l("Contact data confirmed"),
    Interval.LICENCE: _l("Licence data confirmed"),
    Interval.OFFSITE: _l("Off-site copy seen"),
    Interval.RESTORE: _l("Restore proven"),
    Interval.TEST: _l("Other tests done"),
    Interval.REVIEW: _l("Plan reviewed"),
    Interval.STAFF_RECEIPT: _l("Instruction acknowledged by staff"),
    Interval.APPROVAL: _l("Plan approved"),
    Interval.PAYMENT_APPROVAL: _l("Agreements about payments approved"),
}


def days(tightened: Mapping[str, int], interval: Interval) -> int:
    """Return the days that count: the organisation's when tighter, else the default."""
    return min(tightened.get(interval.value, DEFAULT_DAYS[interval]), DEFAULT_DAYS[interval])
