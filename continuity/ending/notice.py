"""How long before its last day the end of a scheme has to be announced. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from continuity.models import Agreement, AgreementKind, NoticeUnit
from continuity.terms import Terms
from core.clock import add_months

# An end that lies further ahead is no notice any more, and no notice is longer: the supplier types the agreement's, and
# would keep the foundation in the scheme for ever with it.
AHEAD_MONTHS = 60


def earliest_end(agreements: Iterable[Agreement], terms: Terms, today: date) -> date:
    """Return the first day that can be the last one of a scheme whose end is announced today, inclusive.

    The longest counts of what the foundation says and what each framework agreement in use says: a supplier fills in
    the agreement, so it can make notice longer and not shorter, up to AHEAD_MONTHS. Months are clamped to the month's
    end.
    Source: rules 3.7 T15.
    """
    days = [add_months(today, terms.notice_months)]
    for one in agreements:
        if one.kind is AgreementKind.FRAMEWORK and one.notice_length is not None:
            in_days = one.notice_unit is NoticeUnit.DAYS
            days.append(today + timedelta(days=one.notice_length) if in_days else add_months(today, one.notice_length))
    return min(max(days), add_months(today, AHEAD_MONTHS))
