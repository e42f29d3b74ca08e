"""If it happened today: what has its last day before the period ends, and in which week."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from audits.lapsing.registers import Dated, Known, kind_of, lapses_in
from continuity.lapsing import Lapse, LapseKind, Why, lapses_of, soonest, strip
from continuity.models import AgreementKind, SchemeType
from continuity.period import Period
from plans.models import AssetKind
from tests.audits.rules.build_scheme import (
    ACCEPTANCE,
    CONTACTS,
    DEED,
    FRAMEWORK,
    HALM,
    HANDOVERS,
    PARTNER,
    RAAF,
    REGISTRATIONS,
    SUPPLY,
)
from tests.audits.rules.changing import replace

pytestmark = pytest.mark.once

DAY = date(2027, 11, 30)
RUNNING = Period(DAY, date(2028, 2, 29))
LAST = RUNNING.last_on
BEFORE = date(2027, 2, 1)
ACCEPTED = replace(ACCEPTANCE, accepted_on=BEFORE)
CLIENTS = tuple(replace(one, acceptances={DEED.id: ACCEPTED}) for one in (HALM, RAAF))
# Nothing of it has a last day within the period.
LASTING = replace(
    REGISTRATIONS[SchemeType.HOSTING],
    agreements=(replace(FRAMEWORK, ends_on=None), replace(SUPPLY, ends_on=None)),
    handovers=tuple(replace(one, max_age_days=1000) for one in HANDOVERS),
    contacts={},
    deeds=(replace(DEED, published_on=BEFORE),),
    clients=CLIENTS,
    counterparty=replace(PARTNER, willing_on=DAY),
)


def lapsing(**changes: Any) -> list[tuple[LapseKind, date, Why]]:
    """What lapses of a registration in which nothing else does."""
    found = soonest(lapses_of(replace(LASTING, **changes), RUNNING, 180))
    return [(one.kind, one.until, one.why) for one in found]


def test_nothing_lapses_where_every_last_day_lies_behind_the_period() -> None:
    assert lapsing() == []
    # What is good up to and including the last day of the period is there as long as it is needed.
    assert lapsing(agreements=(replace(FRAMEWORK, ends_on=LAST),)) == []


@pytest.mark.parametrize(
    ("changes", "kind", "until", "why"),
    [
        (
            {"agreements": (replace(FRAMEWORK, ends_on=LAST - timedelta(days=1)),)},
            "contract",
            LAST - timedelta(1),
            "ends",
        ),
        ({"agreements": (replace(SUPPLY, ends_on=None, notice_on=DAY),)}, "contract", DAY, "notice"),
        ({"handovers": (replace(HANDOVERS[1], max_age_days=30),)}, "login", date(2027, 12, 31), "too_old"),
        ({"handovers": (replace(HANDOVERS[0], max_age_days=30),)}, "document", date(2027, 12, 31), "too_old"),
        ({"contacts": CONTACTS}, "person", date(2028, 5, 29), "unconfirmed"),
        ({"counterparty": replace(PARTNER, willing_on=date(2027, 1, 1))}, "person", date(2028, 1, 1), "ask_again"),
        ({"monthly_cost": Decimal("200.00")}, "budget", date(2028, 1, 14), "spent"),
        (
            {
                "clients": (
                    replace(HALM, acceptances={DEED.id: replace(ACCEPTED, ended_on=date(2028, 1, 1))}),
                    CLIENTS[1],
                )
            },
            "budget",
            date(2027, 12, 31),
            "acceptance",
        ),
    ],
)
def test_each_kind_has_its_last_day(changes: dict[str, Any], kind: str, until: date, why: str) -> None:
    found = lapsing(**changes)
    expected = (LapseKind(kind), until, Why(why))
    if until < LAST:
        assert expected in found
    else:
        assert found == []


def test_last_day_of_the_period_is_covered_and_the_day_before_is_not() -> None:
    for until, count in ((LAST, 0), (LAST - timedelta(days=1), 1)):
        assets = iter([Dated(AssetKind.LICENCE, "Office", "De Halm", until)])
        people = iter([Known("Ria", "De Halm", until - timedelta(days=180))])
        found = list(lapses_in(assets, people, RUNNING, 180))
        assert [one.kind for one in found] == [LapseKind.LICENCE, LapseKind.PERSON][: count * 2]


def test_agreement_that_goes_on_without_an_end_takes_the_place_of_an_earlier_one() -> None:
    ended = replace(FRAMEWORK, ends_on=DAY)
    assert (LapseKind.CONTRACT, DAY, Why.ENDS) in lapsing(agreements=(ended,))
    assert lapsing(agreements=(ended, replace(FRAMEWORK, ends_on=None))) == []
    service = replace(ended, kind=AgreementKind.SERVICE)
    assert len(lapsing(agreements=(service, replace(service, ends_on=None)))) == 1


@pytest.mark.parametrize(
    ("name", "asset_kind", "expected"),
    [
        ("bakkerijdehalm.nl", AssetKind.CLOUD_SERVICE, LapseKind.DOMAIN),
        ("Domeinnaam De Halm", AssetKind.LICENCE, LapseKind.DOMAIN),
        ("Wildcard-certificaat *.dehalm.nl", AssetKind.LICENCE, LapseKind.CERTIFICATE),
        ("SSL mail.dehalm.nl", AssetKind.CLOUD_SERVICE, LapseKind.CERTIFICATE),
        ("Microsoft 365 Business", AssetKind.LICENCE, LapseKind.LICENCE),
        ("Online bookkeeping", AssetKind.CLOUD_SERVICE, LapseKind.CONTRACT),
    ],
)
def test_name_tells_a_domain_or_certificate_and_the_class_the_rest(
    name: str, asset_kind: AssetKind, expected: LapseKind
) -> None:
    assert kind_of(Dated(asset_kind, name, "De Halm", DAY)) is expected


def test_weeks_hold_what_lapses_in_them_and_before_the_first_stands_apart() -> None:
    def login(until: date) -> Lapse:
        return Lapse(until, LapseKind.LOGIN, "A", "B", Why.TOO_OLD)

    days = (DAY - timedelta(days=1), DAY, DAY + timedelta(days=6), DAY + timedelta(days=7), LAST - timedelta(days=1))
    found = strip([login(day) for day in days], RUNNING)
    assert found.before == {LapseKind.LOGIN: 1}
    assert [week.numbers.get(LapseKind.LOGIN, 0) for week in found.weeks] == [2, 1, *[0] * 10, 1, 0]
    assert (found.weeks[0].first_on, found.weeks[-1].last_on) == (DAY, LAST)
    assert found.most() == 2
