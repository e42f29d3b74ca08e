"""If it happened today: what of a registration lapses before the period of continuity ends. Pure functions.

Source: rules 3.5 M5, M6; 3.6 H4; 3.7 T7, T13.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from continuity.accepting import acceptance_of, current_deed
from continuity.facts import RegistrationFact
from continuity.funding import cover
from continuity.models import AgreementKind, HandoverKind
from continuity.period import Period

# A statement of willingness counts so long. Source: scheme.partner-informed, yearly.
WILLING_DAYS = 365
WEEK = 7


class LapseKind(StrEnum):
    """What lapses."""

    DOMAIN = "domain"
    CERTIFICATE = "certificate"
    LICENCE = "licence"
    CONTRACT = "contract"
    LOGIN = "login"
    DOCUMENT = "document"
    PERSON = "person"
    BUDGET = "budget"


KIND_LABELS: Mapping[LapseKind, Any] = MappingProxyType(
    {
        LapseKind.DOMAIN: _l("Domain names"),
        LapseKind.CERTIFICATE: _l("Certificates"),
        LapseKind.LICENCE: _l("Licences"),
        LapseKind.CONTRACT: _l("Contracts"),
        LapseKind.LOGIN: _l("Logins"),
        LapseKind.DOCUMENT: _l("Documents and other information"),
        LapseKind.PERSON: _l("People"),
        LapseKind.BUDGET: _l("Budgets"),
    }
)


class Why(StrEnum):
    """What happens after the last day."""

    ENDS = "ends"
    NOTICE = "notice"
    TOO_OLD = "too_old"
    UNCONFIRMED = "unconfirmed"
    ASK_AGAIN = "ask_again"
    ACCEPTANCE = "acceptance"
    SPENT = "spent"


WHY_LABELS: Mapping[Why, Any] = MappingProxyType(
    {
        Why.ENDS: _l("ends"),
        Why.NOTICE: _l("notice can be given no longer"),
        Why.TOO_OLD: _l("what was handed over is too old"),
        Why.UNCONFIRMED: _l("the contact data are too old"),
        Why.ASK_AGAIN: _l("the statement of willingness is too old"),
        Why.ACCEPTANCE: _l("the acceptance ends, and with it the fee"),
        Why.SPENT: _l("the fees have been spent on the cost"),
    }
)


@dataclass(frozen=True, slots=True)
class Lapse:
    """Something that is good up to and including `until`. whose: the organisation or service it belongs to.

    slug: the short name of the organisation in whose registers it stands, "" for what is no record of a register.
    """

    until: date
    kind: LapseKind
    name: str
    whose: str
    why: Why
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of the period, or what is left of it; numbers: how much of each kind lapses in it."""

    first_on: date
    last_on: date
    numbers: Mapping[LapseKind, int]


@dataclass(frozen=True, slots=True)
class Strip:
    """The period as a table: a row for each kind that lapses, a column for each week. before: lapsed already."""

    kinds: tuple[LapseKind, ...]
    before: Mapping[LapseKind, int]
    weeks: tuple[Week, ...]

    def most(self) -> int:
        """Return the largest number in any cell."""
        return max((number for week in self.weeks for number in week.numbers.values()), default=0)


def lapses_of(registration: RegistrationFact, running: Period, contact_days: int) -> Iterator[Lapse]:
    """Yield what of a registration has a last day before the end of `running`, lapsed already or not.

    contact_days: how long contact data count once they were confirmed.
    """
    for one in _all(registration, running, contact_days):
        if one.until < running.last_on:
            yield one


def money_unknown(registration: RegistrationFact) -> bool:
    """Tell whether nobody can say how long the money lasts: the cost was not filled in."""
    return registration.monthly_cost is None


def _all(registration: RegistrationFact, running: Period, contact_days: int) -> Iterator[Lapse]:
    yield from _contracts(registration)
    yield from _handed_over(registration)
    yield from _people(registration, contact_days)
    yield from _budget(registration, running)


def _contracts(registration: RegistrationFact) -> Iterator[Lapse]:
    service = registration.service_name
    replaced = {one.kind for one in registration.agreements if one.ends_on is None and one.second_signed_on}
    for one in registration.agreements:
        # One that was renewed without an end takes the place of the earlier ones.
        if one.ends_on and (one.kind is AgreementKind.SERVICE or one.kind not in replaced):
            yield Lapse(one.ends_on, LapseKind.CONTRACT, one.party, service, Why.ENDS)
        if one.notice_on and (one.ends_on is None or one.notice_on < one.ends_on):
            yield Lapse(one.notice_on, LapseKind.CONTRACT, one.party, service, Why.NOTICE)


def _handed_over(registration: RegistrationFact) -> Iterator[Lapse]:
    for one in registration.handovers:
        kind = LapseKind.LOGIN if one.kind is HandoverKind.LOGIN else LapseKind.DOCUMENT
        if one.required and one.delivered_on:
            until = one.delivered_on + timedelta(days=one.max_age_days)
            if one.changed_on and one.changed_on >= one.delivered_on:
                until = min(until, one.changed_on)
            yield Lapse(until, kind, one.label, registration.service_name, Why.TOO_OLD)


def _people(registration: RegistrationFact, contact_days: int) -> Iterator[Lapse]:
    service, partner = registration.service_name, registration.counterparty
    for one in registration.contacts.values():
        if one.name and one.confirmed_on:
            until = one.confirmed_on + timedelta(days=contact_days)
            yield Lapse(until, LapseKind.PERSON, one.name, service, Why.UNCONFIRMED)
    if partner and partner.willing_on:
        until = partner.willing_on + timedelta(days=WILLING_DAYS)
        yield Lapse(until, LapseKind.PERSON, partner.willing_by or partner.name, service, Why.ASK_AGAIN)


def _budget(registration: RegistrationFact, running: Period) -> Iterator[Lapse]:
    """Yield the acceptances that end, with their fees, and the day on which the fees of the period are spent."""
    deed, service = current_deed(registration, running.first_on), registration.service_name
    accepting = [one for one in registration.clients if deed and acceptance_of(one, deed, running.first_on)]
    for client in accepting:
        for found in client.acceptances.values():
            if deed and found.deed_version_id == deed.id and found.ended_on:
                yield Lapse(found.ended_on - timedelta(days=1), LapseKind.BUDGET, client.name, service, Why.ACCEPTANCE)
    money = cover(registration.monthly_cost, [one.monthly_fee for one in accepting])
    if money.cost and not money.enough:
        days = (running.last_on - running.first_on).days + 1
        lasts = int(days * money.fees / money.cost)
        yield Lapse(running.first_on + timedelta(days=lasts - 1), LapseKind.BUDGET, service, service, Why.SPENT)


def soonest(found: Iterable[Lapse]) -> list[Lapse]:
    """Sort by day, then by kind and name."""
    kinds = list(LapseKind)
    return sorted(found, key=lambda one: (one.until, kinds.index(one.kind), one.name.casefold(), one.whose.casefold()))


def strip(found: Iterable[Lapse], running: Period) -> Strip:
    """Return the period week by week, with how much of each kind has its last day in each."""
    before: dict[LapseKind, int] = {}
    weeks: dict[int, dict[LapseKind, int]] = {}
    for one in found:
        numbers = before if one.until < running.first_on else weeks.setdefault(_week(one.until, running), {})
        numbers[one.kind] = numbers.get(one.kind, 0) + 1
    last = _week(running.last_on, running)
    kinds = {kind for numbers in (before, *weeks.values()) for kind in numbers}
    return Strip(
        tuple(kind for kind in LapseKind if kind in kinds),
        before,
        tuple(
            Week(
                running.first_on + timedelta(days=number * WEEK),
                min(running.first_on + timedelta(days=number * WEEK + WEEK - 1), running.last_on),
                weeks.get(number, {}),
            )
            for number in range(last + 1)
        ),
    )


def _week(day: date, running: Period) -> int:
    return (day - running.first_on).days // WEEK
