"""The states of a scheme: which steps exist, who may take them, and how the state follows what is recorded."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from itertools import pairwise, product
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from continuity.agreements.services import AgreementValues, change_agreement
from continuity.errors import Refused
from continuity.models import Agreement, By, Counterparty, Registration, SchemeState, SchemeStep
from continuity.period import period
from continuity.registrations.history import steps_of
from continuity.registrations.states import LADDER, STATE_LABELS, TRANSITIONS, move, settle, way
from continuity.services import put_away, put_back
from core import clock, db
from tests.cast import Cast, Organisation
from tests.continuity.world import World, service

Scoped = Callable[[Organisation], AbstractContextManager[None]]
S = SchemeState
PERIOD = period(date(2026, 11, 30), 3)
BOUND = [S.SUPPLIER_SIGNED, S.COUNTERPARTY_KNOWN, S.COUNTERPARTY_WILLING, S.COUNTERPARTY_SIGNED, S.OFFERED]
# The table once more, by hand: whatever is not here does not exist.
WAYS = {
    By.FACTS: {*pairwise(LADDER), *((high, low) for low, high in pairwise(LADDER))}
    | {(S.ACTIVE, S.OFFERED), (S.SUSPENDED, S.OFFERED)},
    By.SUPPLIER: {(one, S.TERMINATED) for one in (S.DRAFT, *BOUND)},
    By.FOUNDATION: {(one, S.TERMINATED) for one in (*BOUND, S.ACTIVE, S.SUSPENDED)}
    | {(S.OFFERED, S.ACTIVE), (S.ACTIVE, S.SUSPENDED), (S.SUSPENDED, S.ACTIVE), (S.TRIGGERED, S.RUNNING)}
    | {(S.TRIGGERED, S.CLOSED), (S.RUNNING, S.CLOSED)},
    By.TWO_OFFICERS: {(one, S.TRIGGERED) for one in (*BOUND, S.ACTIVE, S.SUSPENDED)}
    | {(S.TRIGGERED, one) for one in (*BOUND, S.ACTIVE, S.SUSPENDED)}
    | {(S.RUNNING, one) for one in (*BOUND, S.ACTIVE, S.SUSPENDED)}
    | {(S.TERMINATED, S.TRIGGERED), (S.TRIGGERED, S.TERMINATED), (S.RUNNING, S.TERMINATED)},
}


@pytest.mark.once
@pytest.mark.parametrize("role", list(By))
def test_every_step_but_the_named_ones_is_refused_to_every_role(role: By) -> None:
    """All 576 ways: from each state to each, by each role."""
    taken = set()
    for left, reached in product(S, S):
        try:
            found = way(left, reached, role, reason="because", running=PERIOD, today=date(2027, 3, 1))
        except Refused:
            continue
        assert (found.left, found.reached, found.role) == (left, reached, role)
        taken.add((left, reached))
    assert taken == WAYS[role]


@pytest.mark.once
def test_the_table_names_each_way_once_and_reaches_every_state() -> None:
    assert len({(one.left, one.reached, one.role) for one in TRANSITIONS}) == len(TRANSITIONS)
    assert {one.reached for one in TRANSITIONS} == set(S)
    assert set(STATE_LABELS) == set(S)


def found(world: World) -> Any:
    """Return the first registration."""
    return db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()


def steps(world: World) -> list[tuple[S, S, By]]:
    """Return the steps of the first registration, in the order in which they were written."""
    query = sa.select(SchemeStep).where(SchemeStep.registration_id == world.registration_id)
    rows = sorted(db.session().scalars(query), key=lambda row: (row.taken_at, row.id))
    return [(row.left, row.reached, row.role) for row in rows]


@pytest.mark.usefixtures("unannounced")
def test_state_follows_what_is_recorded_up_and_down_one_rung_at_a_time(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = found(world)
        counterparty = db.session().scalars(sa.select(Counterparty)).one()
        agreement = db.session().scalars(sa.select(Agreement).where(Agreement.id == world.agreement_id)).one()
        # The deed is there, but nobody signed for the counterparty yet.
        assert found(world).state is S.COUNTERPARTY_WILLING
        counterparty.signed_on = clock.today()
        settle(row)
        assert found(world).state is S.OFFERED
        counterparty.knows_on = None
        settle(row)
        assert found(world).state is S.SUPPLIER_SIGNED
        put_away(agreement, at=clock.now())
        assert found(world).state is S.DRAFT
        counterparty.knows_on = clock.today()
        put_back(agreement)
        assert found(world).state is S.OFFERED
        told = steps(world)
    assert all(role is By.FACTS for _left, _reached, role in told)
    assert {(left, reached) for left, reached, _role in told} == {
        *pairwise(LADDER),
        *((high, low) for low, high in pairwise(LADDER)),
    }


def test_steps_of_one_moment_are_told_in_the_order_in_which_they_were_taken(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier), time_machine.travel(clock.now(), tick=False):
        row = service("Several steps at once", cast.foundation.id)
        db.session().add_all(
            SchemeStep(registration_id=row.id, left=left, reached=reached, role=By.FACTS, taken_by="Kim")
            for left, reached in pairwise(LADDER)
        )
        db.session().flush()
        assert [one.reached for one in steps_of(row)] == [*reversed(LADDER[1:])]


def test_scheme_in_force_falls_back_when_a_signature_below_it_goes(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        row = found(world)
        counterparty = db.session().scalars(sa.select(Counterparty)).one()
        counterparty.signed_on = clock.today()
        settle(row)
        move(row, S.ACTIVE, By.FOUNDATION)
        settle(row)
        assert found(world).state is S.ACTIVE
        counterparty.signed_on = None
        settle(row)
        assert found(world).state is S.COUNTERPARTY_WILLING


def test_scheme_at_work_stays_where_people_brought_it(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        row = found(world)
        move(row, S.TRIGGERED, By.TWO_OFFICERS)
        row.declared_bankrupt_on = clock.today()
        for counterparty in db.session().scalars(sa.select(Counterparty)):
            counterparty.willing_on = None
        settle(row)
        assert found(world).state is S.TRIGGERED


@pytest.mark.parametrize(
    ("left", "reached", "role"),
    [
        pytest.param(S.ACTIVE, S.SUSPENDED, By.FOUNDATION, id="suspend"),
        pytest.param(S.SUSPENDED, S.ACTIVE, By.FOUNDATION, id="resume"),
        pytest.param(S.TRIGGERED, S.ACTIVE, By.TWO_OFFICERS, id="false alarm"),
        pytest.param(S.ACTIVE, S.TERMINATED, By.FOUNDATION, id="foundation ends"),
        pytest.param(S.DRAFT, S.TERMINATED, By.SUPPLIER, id="supplier ends"),
    ],
)
@pytest.mark.once
def test_step_that_takes_something_away_needs_a_reason(left: S, reached: S, role: By) -> None:
    with pytest.raises(Refused) as error:
        way(left, reached, role, reason="  ")
    assert error.value.field == "reason"


@pytest.mark.once
@pytest.mark.parametrize(
    ("today", "closed"),
    [
        pytest.param(date(2027, 2, 27), False, id="the day before the last"),
        pytest.param(date(2027, 2, 28), False, id="the last day"),
        pytest.param(date(2027, 3, 1), True, id="the day after"),
    ],
)
def test_scheme_is_closed_after_the_last_day_of_its_period(today: date, closed: bool) -> None:
    if closed:
        assert way(S.RUNNING, S.CLOSED, By.FOUNDATION, running=PERIOD, today=today).reached is S.CLOSED
    else:
        with pytest.raises(Refused, match="still runs"):
            way(S.RUNNING, S.CLOSED, By.FOUNDATION, running=PERIOD, today=today)


def test_database_refuses_a_period_without_its_state_and_a_state_without_its_period(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    for values in ({"declared_bankrupt_on": date(2026, 11, 20)}, {"state": S.RUNNING}):
        with scope_of(cast.supplier):
            row = found(world)
            for name, value in values.items():
                setattr(row, name, value)
            with pytest.raises(sa.exc.IntegrityError, match="declared"):
                db.session().flush()
            db.session().rollback()


@pytest.mark.usefixtures("unannounced")
def test_page_that_saves_a_fact_moves_the_state_with_it(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        agreement = db.session().scalars(sa.select(Agreement).where(Agreement.id == world.agreement_id)).one()
        values = AgreementValues(
            kind=agreement.kind,
            party=agreement.party,
            reference=agreement.reference,
            first_signed_on=agreement.first_signed_on,
            second_signed_on=None,
            starts_on=agreement.starts_on,
            ends_on=agreement.ends_on,
            notice_on=agreement.notice_on,
            fee=agreement.fee,
            delivers_on=agreement.delivers_on,
        )
        change_agreement(agreement, values, None, seen=agreement.version)
        assert found(world).state is S.DRAFT
