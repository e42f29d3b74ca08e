"""Whether a client is covered: each leg at its boundaries, and the day on which it may be told differently."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from continuity.cover import Cover, CoverState, cover_of, covers
from continuity.covering.leg import LegKind, LegState
from continuity.facts import DeliveryFact, HandoverFact, RegistrationFact
from continuity.models import HandoverKind, SchemeState, SchemeType
from tests.audits.rules.build_scheme import (
    ACCEPTANCE,
    AGREEMENT_UNTIL,
    DEED,
    DONE_ON,
    FRAMEWORK,
    HALM,
    HANDOVER_UNTIL,
    HANDOVERS,
    OLD_DEED,
    PARTNER,
    RAAF,
    REGISTRATIONS,
    SUPPLY,
)
from tests.audits.rules.changing import replace
from tests.audits.rules.strategies import DAYS

pytestmark = pytest.mark.once

SOUND = REGISTRATIONS[SchemeType.HOSTING]
TODAY = date(2028, 1, 10)
LOGIN = next(one for one in HANDOVERS if one.kind is HandoverKind.LOGIN)
HELD = LOGIN.confirmed[0]
OTHERS = tuple(one for one in HANDOVERS if one.kind is not HandoverKind.LOGIN)
# The others, handed over a month later.
LATER_ON = date(2027, 12, 31)
FRESH = tuple(replace(one, confirmed=(replace(HELD, delivered_on=LATER_ON, recorded_on=LATER_ON),)) for one in OTHERS)
BANKRUPT_ON = date(2027, 12, 20)
FAR = date(2045, 1, 1)
TOMORROW = TODAY + timedelta(days=1)
# A delivery that was recorded on the day of the declaration, and confirmed the day after.
SINCE = replace(HELD, delivered_on=BANKRUPT_ON, recorded_on=BANKRUPT_ON, confirmed_on=date(2027, 12, 21))
F = TypeVar("F")


def cover_on(today: date, **changes: Any) -> Cover:
    """The cover of De Halm, a client of a sound registration with fields replaced."""
    registration = replace(SOUND, **changes)
    return cover_of(registration, registration.clients[0], today)


def accepted(**changes: Any) -> dict[str, Any]:
    """De Halm with another acceptance of the current deed."""
    return {"clients": (replace(HALM, acceptances={DEED.id: replace(ACCEPTANCE, **changes)}), RAAF)}


def login(*confirmed: DeliveryFact, **changes: Any) -> dict[str, Any]:
    """The handovers with another login: with these deliveries confirmed, or with its one delivery changed."""
    deliveries = confirmed or (replace(HELD, **changes),)
    return {"handovers": (*OTHERS, replace(LOGIN, confirmed=deliveries))}


def waiting(**changes: Any) -> dict[str, Any]:
    """The handovers with a login of which the newest delivery was not confirmed."""
    return {"handovers": (*OTHERS, replace(LOGIN, **({"delivered_on": TODAY, "confirmed_on": None} | changes)))}


def test_client_is_covered_while_all_six_legs_hold() -> None:
    found = cover_on(TODAY)
    assert [leg.kind for leg in found.legs] == list(LegKind)
    assert (found.covered, found.state, found.broken) == (True, CoverState.COVERED, ())
    assert found.until == min(AGREEMENT_UNTIL, HANDOVER_UNTIL)
    assert [leg.on for leg in found.legs] == [DONE_ON] * 5 + [None]


def test_one_broken_leg_is_no_cover() -> None:
    found = cover_on(TODAY, monthly_cost=Decimal("100.01"))
    assert (found.covered, found.state, found.until) == (False, CoverState.NOT_COVERED, None)
    assert [leg.kind for leg in found.broken] == [LegKind.MONEY]


SOON, GONE = LegState.SHAKY, LegState.BROKEN


@pytest.mark.parametrize(
    ("kind", "today", "changes", "state"),
    [
        pytest.param(LegKind.SCHEME, date(2028, 1, 29), {}, LegState.HOLDS, id="agreement ends in 31 days"),
        pytest.param(LegKind.SCHEME, date(2028, 1, 30), {}, SOON, id="agreement ends in 30 days"),
        pytest.param(LegKind.SCHEME, AGREEMENT_UNTIL, {}, SOON, id="last day of the agreement"),
        pytest.param(LegKind.SCHEME, date(2028, 3, 1), {}, GONE, id="day after the agreement"),
        pytest.param(LegKind.SCHEME, TODAY, {"foundation_id": None}, GONE, id="no foundation"),
        pytest.param(LegKind.SCHEME, TODAY, {"agreements": (SUPPLY,)}, GONE, id="no framework agreement"),
        pytest.param(
            LegKind.SCHEME,
            TODAY,
            {"agreements": (replace(FRAMEWORK, second_signed_on=None), SUPPLY)},
            GONE,
            id="signed by one side",
        ),
        pytest.param(
            LegKind.SCHEME, date(2028, 3, 20), {"declared_bankrupt_on": BANKRUPT_ON}, SOON, id="last day of the period"
        ),
        pytest.param(
            LegKind.SCHEME, date(2028, 3, 21), {"declared_bankrupt_on": BANKRUPT_ON}, GONE, id="day after the period"
        ),
        *(
            pytest.param(LegKind.SCHEME, TODAY, {"state": state}, GONE, id=f"state {state}")
            for state in (SchemeState.OFFERED, SchemeState.SUSPENDED, SchemeState.CLOSED, SchemeState.TERMINATED)
        ),
        pytest.param(LegKind.COUNTERPARTY, TODAY, {"counterparty": None}, GONE, id="no counterparty"),
        pytest.param(
            LegKind.COUNTERPARTY,
            TODAY,
            {"counterparty": replace(PARTNER, signed_on=TODAY + timedelta(days=1))},
            GONE,
            id="counterparty signs tomorrow",
        ),
        pytest.param(
            LegKind.COUNTERPARTY,
            TODAY,
            {"counterparty": replace(PARTNER, signed_on=TODAY)},
            LegState.HOLDS,
            id="counterparty signed today",
        ),
        pytest.param(LegKind.COUNTERPARTY, TODAY, {"agreements": (FRAMEWORK,)}, GONE, id="no agreement with it"),
        pytest.param(
            LegKind.COUNTERPARTY,
            TODAY,
            {"agreements": (FRAMEWORK, replace(SUPPLY, delivers_on=False))},
            GONE,
            id="agreement without the promise",
        ),
        pytest.param(LegKind.COUNTERPARTY, date(2028, 3, 1), {}, GONE, id="day after the supply agreement"),
        pytest.param(LegKind.DEED, TODAY, accepted(ended_on=TODAY), GONE, id="acceptance ended today"),
        pytest.param(LegKind.DEED, TODAY, accepted(ended_on=TODAY + timedelta(days=1)), SOON, id="ends tomorrow"),
        pytest.param(LegKind.DEED, TODAY, accepted(accepted_by=" "), GONE, id="nobody declared it"),
        pytest.param(LegKind.DEED, TODAY, {"deeds": (OLD_DEED,)}, GONE, id="other version accepted"),
        pytest.param(LegKind.DEED, TODAY, {"deeds": ()}, GONE, id="nothing published"),
        pytest.param(LegKind.CONDITIONS, TODAY, accepted(conditions_met_on=None), GONE, id="condition open"),
        pytest.param(LegKind.CONDITIONS, TODAY, accepted(conditions_met_on=TODAY), LegState.HOLDS, id="met today"),
        pytest.param(
            LegKind.CONDITIONS,
            TODAY,
            {"deeds": (replace(DEED, has_conditions=False),), **accepted(conditions_met_on=None)},
            LegState.HOLDS,
            id="no conditions",
        ),
        pytest.param(LegKind.HANDOVERS, HANDOVER_UNTIL, {}, SOON, id="last day it is fresh"),
        pytest.param(LegKind.HANDOVERS, date(2028, 3, 1), {}, GONE, id="too old"),
        pytest.param(LegKind.HANDOVERS, TODAY, {"handovers": OTHERS}, GONE, id="no login on the list"),
        pytest.param(LegKind.HANDOVERS, TODAY, waiting(delivered_on=None, confirmed=()), GONE, id="never handed over"),
        pytest.param(LegKind.HANDOVERS, TODAY, login(changed_on=DONE_ON), GONE, id="changed since"),
        pytest.param(LegKind.HANDOVERS, TODAY, waiting(confirmed=()), GONE, id="never confirmed"),
        pytest.param(LegKind.HANDOVERS, TODAY, waiting(), SOON, id="a newer one is not confirmed"),
        pytest.param(
            LegKind.HANDOVERS,
            TODAY,
            waiting(confirmed=(replace(HELD, changed_on=TODAY),)),
            GONE,
            id="one that answers a change is not confirmed",
        ),
        pytest.param(LegKind.HANDOVERS, TODAY, login(confirmed_on=TOMORROW), GONE, id="confirmed tomorrow"),
        pytest.param(
            LegKind.HANDOVERS, TODAY, login(recorded_on=TOMORROW), GONE, id="recorded tomorrow, typed long ago"
        ),
        pytest.param(
            LegKind.HANDOVERS,
            HANDOVER_UNTIL + timedelta(days=1),
            {"handovers": (*FRESH, replace(LOGIN, confirmed=(replace(HELD, delivered_on=HANDOVER_UNTIL),)))},
            GONE,
            id="typed for a day after it was recorded",
        ),
        pytest.param(
            LegKind.HANDOVERS,
            date(2028, 3, 10),
            {
                "declared_bankrupt_on": BANKRUPT_ON,
                **login(replace(SINCE, delivered_on=DONE_ON), replace(HELD, changed_on=DONE_ON)),
            },
            GONE,
            id="recorded since the declaration under an earlier day",
        ),
        pytest.param(
            LegKind.HANDOVERS,
            date(2028, 3, 10),
            {"declared_bankrupt_on": BANKRUPT_ON, **login(SINCE)},
            LegState.HOLDS,
            id="recorded since the declaration, and nothing before it",
        ),
        pytest.param(LegKind.HANDOVERS, TODAY, login(keys_gone_on=TODAY, keys_left=2), SOON, id="key retired"),
        pytest.param(LegKind.HANDOVERS, TODAY, login(keys_gone_on=TODAY, keys_left=1), GONE, id="one key left"),
        pytest.param(
            LegKind.HANDOVERS, TODAY, login(keys_gone_on=TODAY, keys_left=5, keys_lost=True), GONE, id="key lost"
        ),
        pytest.param(
            LegKind.HANDOVERS, TODAY, login(keys_short_on=TODAY), SOON, id="not sealed to a key compared today"
        ),
        pytest.param(
            LegKind.HANDOVERS,
            TODAY,
            login(keys_short_on=TODAY + timedelta(days=1)),
            LegState.HOLDS,
            id="a key is compared tomorrow",
        ),
        pytest.param(
            LegKind.HANDOVERS,
            TODAY,
            {"scheme_type": SchemeType.STANDARD_SOFTWARE, **waiting(delivered_on=None, confirmed=())},
            SOON,
            id="standard software asks for none",
        ),
        pytest.param(
            LegKind.HANDOVERS,
            date(2028, 3, 10),
            {"declared_bankrupt_on": BANKRUPT_ON},
            LegState.HOLDS,
            id="held on the day of the declaration",
        ),
        pytest.param(LegKind.MONEY, TODAY, {"monthly_cost": Decimal("100.00")}, LegState.HOLDS, id="ratio of one"),
        pytest.param(LegKind.MONEY, TODAY, {"monthly_cost": Decimal("100.01")}, GONE, id="a cent too little"),
        pytest.param(LegKind.MONEY, TODAY, {"monthly_cost": None}, GONE, id="cost unknown"),
        pytest.param(LegKind.MONEY, TODAY, accepted(ended_on=TODAY), GONE, id="fee of who no longer accepts"),
    ],
)
def test_each_leg_at_its_boundaries(kind: LegKind, today: date, changes: dict[str, Any], state: LegState) -> None:
    leg = cover_on(today, **changes).leg(kind)
    assert leg.state is state
    assert leg.holds is (state is not LegState.BROKEN)
    assert (leg.step is None) is (state is LegState.HOLDS)


def test_agreement_that_follows_without_a_gap_goes_on_covering() -> None:
    after = replace(FRAMEWORK, starts_on=date(2028, 3, 1), ends_on=date(2029, 2, 28))
    late = replace(after, starts_on=date(2028, 3, 2))
    assert cover_on(TODAY, agreements=(after, FRAMEWORK, SUPPLY)).leg(LegKind.SCHEME).until == date(2029, 2, 28)
    assert cover_on(TODAY, agreements=(late, FRAMEWORK, SUPPLY)).leg(LegKind.SCHEME).until == AGREEMENT_UNTIL


def test_clients_of_one_registration_are_judged_alike_together_and_alone() -> None:
    other = replace(RAAF, invited_on=None, acceptances={})
    registration = replace(SOUND, clients=(HALM, other))
    together = covers(registration, TODAY)
    assert together == tuple(cover_of(registration, one, TODAY) for one in registration.clients)
    assert [one.leg(LegKind.DEED).holds for one in together] == [True, False]


def moved(draw: st.DrawFn, row: F, *names: str) -> F:
    """`row` with now and then one of these days moved or taken away."""
    kept = {name: getattr(row, name) for name in names}
    return replace(row, **{name: draw(st.sampled_from([day] * 5) | DAYS | st.none()) for name, day in kept.items()})


def handed_over(draw: st.DrawFn, item: HandoverFact) -> HandoverFact:
    """`item` with none, one or two deliveries that were confirmed, of which a day is moved now and then."""
    days = ("changed_on", "recorded_on", "keys_gone_on", "keys_short_on")
    made = [moved(draw, replace(HELD, keys_left=draw(st.integers(1, 3))), *days) for _number in range(2)]
    told = [
        one._replace(delivered_on=draw(st.just(DONE_ON) | DAYS), confirmed_on=draw(st.just(DONE_ON) | DAYS))
        for one in made[: draw(st.sampled_from([0, 1, 1, 1, 2]))]
    ]
    return replace(moved(draw, item, "delivered_on", "confirmed_on"), confirmed=tuple(told))


@st.composite
def nearly_sound(draw: st.DrawFn) -> RegistrationFact:
    """A registration in which a few days are moved: a leg holds as often as not."""
    later = replace(DEED, id=UUID(int=1), number=3, published_on=draw(st.none() | DAYS))
    ends = draw(st.none() | DAYS)
    acceptance = replace(moved(draw, ACCEPTANCE, "conditions_met_on"), ended_on=ends)
    agreements = [
        moved(draw, one, "first_signed_on", "starts_on", "ends_on") for one in (FRAMEWORK, SUPPLY, FRAMEWORK, SUPPLY)
    ]
    return replace(
        draw(st.sampled_from(list(REGISTRATIONS.values()))),
        agreements=tuple(agreements),
        counterparty=moved(draw, PARTNER, "signed_on"),
        deeds=(OLD_DEED, DEED, *draw(st.sampled_from([(), (), (later,)]))),
        clients=(replace(HALM, acceptances={DEED.id: acceptance}), RAAF),
        handovers=tuple(handed_over(draw, one) for one in HANDOVERS),
        declared_bankrupt_on=draw(st.sampled_from([None] * 3 + [date(2027, 5, 1), date(2027, 7, 31)])),
    )


@given(registration=nearly_sound(), today=DAYS, share=st.floats(0, 1))
@settings(max_examples=80, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_each_leg_stands_until_the_day_it_names(registration: RegistrationFact, today: date, share: float) -> None:
    """And one that holds does so up to and including its last day."""
    for client, now in zip(registration.clients, covers(registration, today), strict=True):
        for leg in now.legs:
            turns = leg.changes_on or FAR
            assert turns > today
            last = turns - timedelta(days=1)
            for day in {today + timedelta(days=int((last - today).days * share)), last}:
                then = cover_of(registration, client, day).leg(leg.kind)
                assert replace(then, changes_on=None) == replace(leg, changes_on=None), (today, day)
            if leg.holds and leg.until:
                assert cover_of(registration, client, leg.until).leg(leg.kind).holds
