"""What happened to a supplier: one officer files it, another one decides; and what one officer may say alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from continuity.errors import Refused
from continuity.models import (
    By,
    CaseStage,
    Counterparty,
    Registration,
    SchemeState,
    TriggerCase,
    TriggerKind,
    TriggerProof,
)
from continuity.registrants import cases, stepping
from continuity.registrants.cases import Decider, Filing
from continuity.registrations.services import end_scheme
from continuity.registrations.states import open_ways, settle
from core import clock, db
from core.i18n import Language, written_in
from tenants.models import Role, TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import World, member, version
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
S = SchemeState
BOUND = (S.SUPPLIER_SIGNED, S.COUNTERPARTY_KNOWN, S.COUNTERPARTY_WILLING, S.COUNTERPARTY_SIGNED, S.OFFERED)
FILED = {
    "kind": "declared-bankrupt",
    "happened_on": "2026-11-20",
    "proof": "insolvency-register",
    "reference": "F.05/26/123",
    "note": "Rechtbank Gelderland",
}
BANKRUPT = Filing(
    TriggerKind.DECLARED_BANKRUPT, date(2026, 11, 20), TriggerProof.INSOLVENCY_REGISTER, "F.05/26/123", ""
)


@pytest.fixture
def second(cast: Cast, world: World, scope_of: Scoped) -> Person:
    """Another officer of the foundation."""
    with scope_of(cast.foundation):
        return member(cast.foundation, "second.officer", Role.EDITOR)


def found(world: World) -> Any:
    return db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()


def state(world: World, cast: Cast, scope_of: Scoped) -> tuple[S, date | None]:
    with scope_of(cast.supplier):
        row = found(world)
        return row.state, row.declared_bankrupt_on


def send(officer: Visitor, path: str, **sent: str) -> int:
    """Open a form of the foundation and send it."""
    return officer.post(path, {"version": version(officer, path), **sent}).status_code


def make_active(world: World, cast: Cast, scope_of: Scoped, officer: Visitor) -> None:
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(Counterparty)).one().signed_on = clock.today()
        settle(found(world))
    assert send(officer, f"{world.registrant_path}/scheme/step", reached="active") == 302


def test_scheme_goes_from_the_offer_through_bankruptcy_to_its_close(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, second: Person
) -> None:
    first_officer, second_officer = visitor(cast.foundation_owner), visitor(second)
    path = world.registrant_path
    make_active(world, cast, scope_of, first_officer)
    visitor(cast.supplier_owner).post(f"{world.path}/archive")
    assert "Active" in visitor(cast.supplier_owner).get(f"{world.path}/state").get_data(as_text=True)
    assert send(first_officer, f"{path}/bankruptcy", **FILED) == 302
    assert state(world, cast, scope_of) == (S.ACTIVE, None)
    decision = f"{path}/bankruptcy/decision"
    answer = first_officer.post(decision, {"version": version(first_officer, decision), "verdict": "yes"})
    assert answer.status_code == 422
    assert "A second officer has to decide" in answer.get_data(as_text=True)
    seen = version(second_officer, decision)
    assert second_officer.post(decision, {"version": seen, "verdict": "yes"}).status_code == 302
    assert second_officer.post(decision, {"version": seen, "verdict": "yes"}).status_code == 409
    assert state(world, cast, scope_of) == (S.TRIGGERED, date(2026, 11, 20))
    for person, page in ((cast.foundation_reader, path), (cast.supplier_owner, world.path)):
        assert "20 February 2027" in visitor(person).get(page).get_data(as_text=True)
    with scope_of(cast.supplier):
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "bankruptcy.declared")).one()
        assert (entry.user_id, entry.changes["declared_on"]) == (second.id, "2026-11-20")
    step, now = f"{path}/scheme/step", ">What to do now</h2>"
    whole, part = (visitor(who).get(f"{path}/scheme").text for who in (second, cast.foundation_reader))
    assert now in whole
    assert now in part
    assert ("Tell that the foundation delivers" in whole, "Tell that the foundation delivers" in part) == (True, False)
    assert ("/silent" in whole, "/silent" in part) == (True, False), "only to whom it opens"
    assert send(first_officer, step, reached="running") == 302
    assert send(first_officer, step, reached="closed") == 422
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        later = visitor(cast.foundation_owner)
        assert send(later, step, reached="closed") == 302
        told = later.get(f"{path}/scheme").get_data(as_text=True)
    assert state(world, cast, scope_of) == (S.CLOSED, date(2026, 11, 20))
    assert now not in told
    assert told.count("Two officers of the foundation") == 1


def test_false_alarm_is_taken_back_by_two_and_the_scheme_is_where_it_was(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, second: Person
) -> None:
    one, other, path = visitor(cast.foundation_owner), visitor(second), world.registrant_path
    make_active(world, cast, scope_of, one)
    back, decision = f"{path}/bankruptcy/withdrawal", f"{path}/bankruptcy/decision"
    assert one.get(back).status_code == one.get(decision).status_code == 409
    assert send(one, f"{path}/bankruptcy", **FILED) == 302
    assert send(other, decision, verdict="yes") == 302
    assert send(other, back, reason=" ") == 422
    assert send(other, back, reason="Annulled on appeal") == 302
    assert send(other, decision, verdict="yes") == 422
    assert send(one, decision, verdict="no") == 302
    assert state(world, cast, scope_of)[0] is S.TRIGGERED
    assert send(one, back, reason="Annulled on appeal after all") == 302
    assert send(other, decision, verdict="yes") == 302
    assert state(world, cast, scope_of) == (S.ACTIVE, None)
    assert "Annulled on appeal after all" in one.get(f"{path}/scheme").get_data(as_text=True)


def test_signal_and_refused_proof_start_nothing(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, second: Person
) -> None:
    one, other, path = visitor(cast.foundation_owner), visitor(second), world.registrant_path
    signal = {**FILED, "kind": "suspension-of-payments"}
    assert send(one, f"{path}/bankruptcy", **{**signal, "proof": "trade-register"}) == 422
    assert send(one, f"{path}/bankruptcy", **signal) == 302
    assert send(one, f"{path}/bankruptcy", **FILED) == 302
    assert send(one, f"{path}/bankruptcy", **FILED) == 422
    decision = f"{path}/bankruptcy/decision"
    assert send(other, decision, verdict="no") == 422
    assert send(other, decision, verdict="no", reason="Another company of the same name") == 302
    assert state(world, cast, scope_of) == (S.COUNTERPARTY_WILLING, None)
    page = one.get(f"{path}/scheme").get_data(as_text=True)
    assert "Signal" in page
    assert "Another company of the same name" in page


def test_agreement_may_name_a_further_trigger_but_never_drop_bankruptcy(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, second: Person
) -> None:
    one, other, path = visitor(cast.foundation_owner), visitor(second), world.registrant_path
    assert send(one, f"{path}/scheme/triggers", kinds="ceased") == 422
    seen = version(one, f"{path}/scheme/triggers")
    sent: dict[str, Any] = {"version": seen, "kinds": ["ceased", "declared-bankrupt"]}
    assert one.post(f"{path}/scheme/triggers", sent).status_code == 302
    assert send(one, f"{path}/bankruptcy", **{**FILED, "kind": "ceased", "proof": "notice"}) == 302
    assert send(other, f"{path}/bankruptcy/decision", verdict="yes") == 302
    assert state(world, cast, scope_of) == (S.TRIGGERED, date(2026, 11, 20))
    assert send(one, f"{path}/scheme/triggers", kinds="declared-bankrupt") == 422


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        pytest.param("happened_on", "", id="no day"),
        pytest.param("happened_on", "2026-11-23", id="tomorrow"),
        pytest.param("happened_on", "2026-02-30", id="no such day"),
        pytest.param("reference", " ", id="no reference"),
    ],
)
@pytest.mark.once
def test_filing_needs_a_day_that_was_and_a_reference(
    cast: Cast, world: World, visitor: Visitors, field: str, typed: str
) -> None:
    sent = {**FILED, "version": "2", field: typed}
    answer = visitor(cast.foundation_owner).post(f"{world.registrant_path}/bankruptcy", sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


@pytest.mark.usefixtures("unannounced")
def test_supplier_ends_what_is_not_in_force_and_slips_away_from_nothing(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    owner, path = visitor(cast.supplier_owner), f"{world.path}/state/end"
    with scope_of(cast.supplier):
        row = found(world)
        cases.file_case(row, BANKRUPT, Decider(cast.foundation_owner.id, "Officer"), seen=row.version, at=clock.now())
    assert send(owner, path, reason="We no longer want it") == 422
    with scope_of(cast.supplier):
        case = db.session().scalars(sa.select(TriggerCase)).one()
        cases.refuse_case(case, "Somebody else", seen=case.version)
    assert send(owner, path, reason="") == 422
    assert send(owner, path, reason="We no longer want it") == 302
    assert state(world, cast, scope_of)[0] is S.TERMINATED
    assert send(owner, path, reason="Twice") == 422


def test_database_refuses_one_officer_in_both_places(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        row = found(world)
        case = cases.file_case(
            row, BANKRUPT, Decider(cast.foundation_owner.id, "Officer"), seen=row.version, at=clock.now()
        )
        case.approved_by_id = cast.foundation_owner.id
        with pytest.raises(sa.exc.IntegrityError, match="two"):
            db.session().flush()
        db.session().rollback()


def test_every_service_refuses_in_every_stage_and_state_but_its_own(
    cast: Cast, world: World, scope_of: Scoped, second: Person
) -> None:
    """Each stage of a case by each service that decides, and each state of a scheme by each that moves it."""
    one, other = Decider(cast.foundation_owner.id, "One"), Decider(second.id, "Other")
    deciding: dict[str, tuple[CaseStage, Callable[[Any, Any], None]]] = {
        "approve": (
            CaseStage.FILED,
            lambda row, case: cases.approve_case(row, case, other, seen=case.version, at=clock.now()),
        ),
        "refuse": (CaseStage.FILED, lambda _row, case: cases.refuse_case(case, "why", seen=case.version)),
        "ask": (
            CaseStage.ACTIVATED,
            lambda _row, case: cases.ask_back(case, "why", one, seen=case.version, at=clock.now()),
        ),
        "back": (
            CaseStage.ALARM_ASKED,
            lambda row, case: cases.approve_back(row, case, other, seen=case.version, at=clock.now()),
        ),
        "stand": (CaseStage.ALARM_ASKED, lambda _row, case: cases.refuse_back(case, seen=case.version)),
    }
    with scope_of(cast.supplier), written_in(Language.ENGLISH):
        row = found(world)
        case = cases.file_case(row, BANKRUPT, one, seen=row.version, at=clock.now())
        for stage in CaseStage:
            case.stage = stage
            for asked, decide in deciding.values():
                if asked is not stage:
                    with pytest.raises(Refused, match="decided on already"):
                        decide(row, case)
        case.stage = CaseStage.REFUSED
        for left in S:
            row.state = left
            row.declared_bankrupt_on = clock.today() if left in (S.TRIGGERED, S.RUNNING, S.CLOSED) else None
            db.session().flush()
            allowed = {way.reached for way in open_ways(left, By.FOUNDATION)}
            for reached in set(S) - allowed:
                with pytest.raises(Refused):
                    stepping.step(row, reached, "why", seen=row.version, today=date(2028, 1, 1), at=clock.now())
            if left not in (S.DRAFT, *BOUND):
                with pytest.raises(Refused):
                    end_scheme(row, "why", seen=row.version)
            if left not in (*BOUND, S.ACTIVE, S.SUSPENDED):
                with pytest.raises(Refused):
                    cases.file_case(row, BANKRUPT, one, seen=row.version, at=clock.now())


def test_a_scheme_does_not_end_while_what_was_filed_is_not_settled(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier), written_in(Language.ENGLISH):
        row = found(world)
        cases.file_case(row, BANKRUPT, Decider(cast.foundation_owner.id, "One"), seen=row.version, at=clock.now())
        with pytest.raises(Refused, match="is not settled"):
            stepping.step(row, S.TERMINATED, "why", seen=row.version, today=date(2028, 1, 1), at=clock.now())
