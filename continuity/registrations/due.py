"""When each duty of a registration has to be done, or done again: pure, over its facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from continuity.facts import RegistrationFact
from continuity.models import AgreementKind, HandoverKind
from continuity.period import period
from plans import intervals
from plans.intervals import Interval

KINDS = {
    "scheme.documentation": HandoverKind.DOCUMENT,
    "scheme.logins": HandoverKind.LOGIN,
    "scheme.other-information": HandoverKind.INFORMATION,
}
AGREEMENTS = {
    "scheme.framework-agreement": AgreementKind.FRAMEWORK,
    "scheme.supply-agreement": AgreementKind.SUPPLY,
}


@dataclass(frozen=True, slots=True)
class Due:
    """The next day of a duty; None when no day is known. now: it was not done yet, or its day has passed."""

    on: date | None
    now: bool


def due(duty_id: str, found: RegistrationFact, today: date, tightened: Mapping[str, int]) -> Due:
    """Return when a duty has to be done, by what is recorded. tightened: the intervals of the organisation in days.

    Source: scheme.csv, falls_due.
    """
    if duty_id in KINDS:
        return _handed(found, KINDS[duty_id], today)
    if duty_id in AGREEMENTS:
        return _agreed(found, AGREEMENTS[duty_id], today)
    willing_days = intervals.days(tightened, Interval.COUNTERPARTY)
    partner, running = found.counterparty, period(found.declared_bankrupt_on, found.duration_months)
    match duty_id:
        case "scheme.type":
            return _once(found.scope_understood_on is not None and bool(found.uncovered_services.strip()))
        case "scheme.partner-chosen":
            return _aged([partner.chosen_on if partner else None], willing_days, today)
        case "scheme.partner-informed":
            return _aged([partner.willing_on if partner else None], willing_days, today)
        case "scheme.communication":
            confirmed = [one.confirmed_on for one in found.contacts.values()]
            return _aged(confirmed or [None], intervals.days(tightened, Interval.CONTACT), today)
        case "scheme.beneficiary-deed":
            return _once(any(deed.published_on for deed in found.deeds))
        case "scheme.acceptances":
            return _once(bool(found.clients) and all(client.acceptances for client in found.clients))
        case "scheme.funding":
            return _once(found.monthly_cost is not None)
        case _:
            return Due(running.last_on if running else None, now=False)


def _once(done: bool) -> Due:
    return Due(None, now=not done)


def _aged(days: Iterable[date | None], valid_days: int, today: date) -> Due:
    known = list(days)
    if any(day is None for day in known):
        return Due(None, now=True)
    last = min(day for day in known if day is not None) + timedelta(days=valid_days)
    return Due(last, now=last < today)


def _agreed(found: RegistrationFact, kind: AgreementKind, today: date) -> Due:
    signed = [one for one in found.agreements if one.kind is kind and one.first_signed_on and one.second_signed_on]
    if not signed:
        return Due(None, now=True)
    newest = max(signed, key=lambda one: one.starts_on or date.min)
    days = [day for day in (newest.notice_on, newest.ends_on) if day is not None and day >= today]
    return Due(min(days, default=newest.ends_on), now=newest.ends_on is not None and newest.ends_on < today)


def _handed(found: RegistrationFact, kind: HandoverKind, today: date) -> Due:
    items = [one for one in found.handovers if one.kind is kind and one.required]
    if not items or any(one.delivered_on is None for one in items):
        return Due(None, now=True)
    last = min(one.delivered_on + timedelta(days=one.max_age_days) for one in items if one.delivered_on is not None)
    return Due(last, now=last < today)
