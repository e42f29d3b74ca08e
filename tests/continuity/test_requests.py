"""Requests for continuity: who may ask when, what the foundation decides, and what the scheme ends."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from continuity.clients.services import ClientValues, add_client
from continuity.errors import Refused
from continuity.models import (
    Acceptance,
    AskedBy,
    CameIn,
    CaseStage,
    ClientRequest,
    ConditionCheck,
    RequestRole,
    RequestState,
    RequestStep,
    SchemeState,
    TriggerCase,
)
from continuity.registrants import cases, stepping
from continuity.registrants.cases import Decider
from continuity.requests import asking, deciding, exiting, queries, telling
from continuity.requests.asking import Asking
from core import db
from core.i18n import Language, written_in
from core.mail.addresses import mark_of
from core.mail.outbox import OutboxMail
from tenants.models import TrailEntry
from tenants.owned import EditConflict
from tenants.scope import LockError
from tests.cast import Cast
from tests.continuity.asking import (
    BY_LINK,
    DECLARED,
    LAST,
    NOW,
    OFFICER,
    asked,
    bring_to,
    client_in,
    owner_in,
    request_in,
    start,
)
from tests.continuity.world import TODAY, Scoped, World

S = RequestState


def letters_to(address: str) -> list[str]:
    """Return the kinds of the letters to an address, sorted."""
    mine = OutboxMail.recipient_mark == mark_of(address)
    return sorted(db.session().scalars(sa.select(OutboxMail.kind).where(mine)))


def test_request_goes_from_asking_to_the_exit_and_each_step_is_kept(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        case = start(world, cast)
        row = asked(world)
        assert (row.case_id, row.client_id, row.state, row.asked_at) == (case.id, world.client_id, S.ASKED, NOW)
        deciding.check(row, officer=OFFICER, seen=row.version)
        deciding.grant(row, {}, officer=OFFICER, seen=row.version, at=NOW)
        assert row.checked == [{"met_on": "2026-11-02", "why": ""}]
        fee = deciding.proposed_fee(client_in(world).monthly_fee, owner_in(world).duration_months)
        assert fee == Decimal("120.00")
        deciding.ask_fee(row, fee, TODAY, officer=OFFICER, seen=row.version, today=TODAY, at=NOW)
        deciding.record_paid(row, TODAY, officer=OFFICER, seen=row.version, today=TODAY)
        deciding.serve(row, "", officer=OFFICER, seen=row.version, today=TODAY, at=NOW)
        deciding.record_exit(row, TODAY, officer=OFFICER, seen=row.version, today=TODAY)
        db.session().expire_all()
        row = request_in()
        told = [(one.left, one.reached) for one in reversed(queries.steps_of(row))]
        assert told == [
            (None, S.ASKED), (S.ASKED, S.CHECKING), (S.CHECKING, S.GRANTED), (S.GRANTED, S.FEE_DUE),
            (S.FEE_DUE, S.FEE_DUE), (S.FEE_DUE, S.SERVED), (S.SERVED, S.EXITED),
        ]  # fmt: skip
        assert queries.steps_of(row)[-1].role is RequestRole.CLIENT
        assert (row.fee_amount, row.fee_due_on, row.fee_paid_on) == (Decimal("120.00"), TODAY, TODAY)
        assert (row.served_on, row.exited_on, row.decided_by) == (TODAY, TODAY, OFFICER)
        assert letters_to(BY_LINK.email) == sorted((telling.ASKED, telling.GRANTED, telling.FEE, telling.SERVED))
        actions = set(db.session().scalars(sa.select(TrailEntry.action)))
        assert {"request.asked", "request.granted", "request.served", "request.exited"} <= actions


def test_served_client_gets_its_list_in_its_language_and_in_time(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        client_in(world).language = Language.ENGLISH
        row = bring_to(asked(world), S.SERVED)
        tasks = queries.tasks_of(row)
        days = [1, 7, 30, 60, 85]
        served = (TODAY - DECLARED).days
        expected = [max(day, served + min(day, 7)) for day in days]
        assert [(one.due_on - DECLARED).days for one in tasks] == expected
        assert all(one.due_on <= LAST for one in tasks)
        assert tasks[0].label.startswith("Make a copy of your data")
        mail = db.session().scalars(sa.select(OutboxMail).where(OutboxMail.kind == telling.SERVED)).one()
        assert all(one.label in (mail.text or "") for one in tasks)
        task = tasks[0]
        exiting.tick(row, task, done=True, note="On a disk", by="Owner", seen=task.version, today=TODAY)
        assert (task.done_on, task.done_by, task.note) == (TODAY, "Owner", "On a disk")
        exiting.tick(row, task, done=True, note="Two disks", by="Officer", seen=None, today=TODAY + timedelta(days=1))
        assert (task.done_on, task.done_by, task.note) == (TODAY, "Owner", "Two disks"), "done once, by whoever did it"
        with pytest.raises(EditConflict):
            exiting.tick(row, task, done=False, note="", by="Owner", seen=1, today=TODAY)
        exiting.tick(row, task, done=False, note="", by="Owner", seen=None, today=TODAY)
        assert (task.done_on, task.done_by) == (None, "")
        exiting.reword(row, task, "Copy the tills", LAST, LAST, seen=task.version)
        with pytest.raises(Refused):
            exiting.reword(row, task, "Copy the tills", LAST + timedelta(days=1), LAST, seen=task.version)
        assert task.label == "Copy the tills"


def test_asking_twice_is_one_request_and_after_a_refusal_one_may_ask_again(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        first = asked(world)
        assert asked(world) is first
        assert letters_to(BY_LINK.email) == [telling.ASKED]
        deciding.check(first, officer=OFFICER, seen=first.version)
        with written_in(Language.ENGLISH):
            deciding.refuse(first, "No bill was paid", officer=OFFICER, seen=first.version, at=NOW)
        second = asked(world)
        assert second.id != first.id
        assert {one.state for one in queries.requests_by(client_in(world))} == {S.ASKED, S.REFUSED}
        refusal = db.session().scalars(sa.select(OutboxMail).where(OutboxMail.kind == telling.REFUSED)).one()
        assert "No bill was paid" in (refusal.text or "")


def test_database_holds_one_live_request_for_a_client_and_a_trigger(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        one = asked(world)
        columns = {column.key for column in sa.inspect(ClientRequest).column_attrs} - {"id", "version"}
        db.session().add(ClientRequest(**{name: getattr(one, name) for name in columns}))
        with pytest.raises(sa.exc.IntegrityError):
            db.session().flush()
        db.session().rollback()


def _not_triggered(_world: World, _cast: Cast) -> None:
    pass


def _acceptance_ended(world: World, cast: Cast) -> None:
    start(world, cast)
    db.session().scalars(sa.select(Acceptance)).one().ended_on = TODAY


def _period_over(world: World, cast: Cast) -> None:
    start(world, cast)
    owner_in(world).declared_bankrupt_on = date(2026, 8, 21)


def _closed(world: World, cast: Cast) -> None:
    start(world, cast).stage = CaseStage.CLOSED
    owner_in(world).state = SchemeState.CLOSED


@pytest.mark.parametrize("prepare", [_not_triggered, _acceptance_ended, _period_over, _closed])
def test_nobody_asks_but_inside_the_period_with_a_deed_that_holds(
    cast: Cast, world: World, scope_of: Scoped, prepare: Callable[[World, Cast], None]
) -> None:
    with scope_of(cast.supplier):
        prepare(world, cast)
        db.session().flush()
        with pytest.raises(Refused):
            asked(world)
        assert queries.requests_of(owner_in(world)) == []


def test_client_without_a_deed_and_one_of_another_service_ask_nothing(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        other = add_client(owner_in(world), ClientValues("Slagerij Vos", "", "", None, None))
        with pytest.raises(Refused):
            asking.ask(owner_in(world), other, BY_LINK, at=NOW, today=TODAY)
        assert [one.id for one in queries.may_ask(owner_in(world))] == [world.client_id]
        on_the_last_day = asking.ask(owner_in(world), client_in(world), BY_LINK, at=NOW, today=LAST)
        assert on_the_last_day.state is S.ASKED


def test_officer_writes_down_what_came_by_phone(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        by_phone = Asking(AskedBy.FOUNDATION, "Zonneschijn Owner", "", "", "Called", CameIn.PHONE, OFFICER)
        row = asking.ask(owner_in(world), client_in(world), by_phone, at=NOW, today=TODAY)
        step = queries.steps_of(row)[0]
        assert (step.role, step.taken_by, row.came_in) == (RequestRole.FOUNDATION, OFFICER, CameIn.PHONE)
        # No address is known: nobody is written to, and nothing breaks.
        assert db.session().scalars(sa.select(OutboxMail)).all() == []


def test_officer_writes_down_a_second_request_of_who_left(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        first = bring_to(asked(world), S.EXITED)
        with pytest.raises(Refused):
            asked(world)
        by_phone = Asking(AskedBy.FOUNDATION, "Zonneschijn Owner", "", "", "Called", CameIn.PHONE, OFFICER)
        again = asking.ask(owner_in(world), client_in(world), by_phone, at=NOW, today=TODAY)
        assert (again.id != first.id, again.state) == (True, S.ASKED)


def test_open_condition_asks_a_reason_that_is_kept(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        row = bring_to(asked(world), S.CHECKING)
        deciding.note_condition(row, 0, None, officer=OFFICER, today=TODAY)
        assert [one.met_on for one in queries.conditions(row, Language.ENGLISH)] == [None]
        for whys in ({}, {0: " "}, {1: "of another one"}):
            with pytest.raises(Refused) as told:
                deciding.grant(row, whys, officer=OFFICER, seen=row.version, at=NOW)
            assert told.value.field == "why_0"
        deciding.grant(row, {0: "Pays from now on"}, officer=OFFICER, seen=row.version, at=NOW)
        assert row.checked == [{"met_on": None, "why": "Pays from now on"}]
        # What is found out later does not change on what it was granted.
        db.session().scalars(sa.select(ConditionCheck)).one().met_on = TODAY
        assert [(one.met_on, one.why) for one in queries.conditions(row, Language.ENGLISH)] == [
            (None, "Pays from now on")
        ]
        with pytest.raises(Refused):
            deciding.note_condition(row, 0, TODAY, officer=OFFICER, today=TODAY)


def test_acceptance_that_ended_is_not_granted(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        row = bring_to(asked(world), S.CHECKING)
        db.session().scalars(sa.select(Acceptance)).one().ended_on = TODAY
        db.session().flush()
        with pytest.raises(Refused):
            deciding.grant(row, {}, officer=OFFICER, seen=row.version, at=NOW)
        assert row.state is S.CHECKING


def test_nobody_is_served_without_payment_or_reason_or_after_the_period(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        row = bring_to(asked(world), S.FEE_DUE)
        with pytest.raises(Refused) as told:
            deciding.serve(row, " ", officer=OFFICER, seen=row.version, today=TODAY, at=NOW)
        assert told.value.field == "reason"
        with pytest.raises(Refused):
            deciding.serve(row, "why", officer=OFFICER, seen=row.version, today=LAST + timedelta(days=1), at=NOW)
        for paid_on in (TODAY + timedelta(days=1),):
            with pytest.raises(Refused):
                deciding.record_paid(row, paid_on, officer=OFFICER, seen=row.version, today=TODAY)
        deciding.record_paid(row, TODAY, officer=OFFICER, seen=row.version, today=TODAY)
        with pytest.raises(Refused):
            deciding.record_paid(row, TODAY, officer=OFFICER, seen=row.version, today=TODAY)
        with pytest.raises(Refused):
            deciding.ask_fee(row, Decimal(1), TODAY, officer=OFFICER, seen=row.version, today=TODAY, at=NOW)
        deciding.serve(row, "", officer=OFFICER, seen=row.version, today=LAST, at=NOW)
        assert row.served_on == LAST
        assert {one.due_on for one in queries.tasks_of(row)} == {LAST}


def test_nothing_is_granted_and_no_fee_is_asked_for_days_after_the_period(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    over = NOW + timedelta(days=(LAST - TODAY).days + 1)
    with scope_of(cast.supplier):
        start(world, cast)
        row = bring_to(asked(world), S.CHECKING)
        with pytest.raises(Refused):
            deciding.grant(row, {}, officer=OFFICER, seen=row.version, at=over)
        assert row.state is S.CHECKING
        deciding.grant(row, {}, officer=OFFICER, seen=row.version, at=over - timedelta(days=1))
        with pytest.raises(Refused) as told:
            deciding.ask_fee(
                row, Decimal(1), LAST + timedelta(days=1), officer=OFFICER, seen=row.version, today=LAST, at=NOW
            )
        assert told.value.field == "fee_due_on"
        deciding.ask_fee(row, Decimal(1), LAST, officer=OFFICER, seen=row.version, today=LAST, at=NOW)
        assert row.fee_due_on == LAST


def test_fee_of_nothing_needs_no_payment_and_one_below_nothing_is_refused(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        row = bring_to(asked(world), S.GRANTED)
        for amount, due in ((Decimal(-1), TODAY), (Decimal(1), TODAY - timedelta(days=1))):
            with pytest.raises(Refused):
                deciding.ask_fee(row, amount, due, officer=OFFICER, seen=row.version, today=TODAY, at=NOW)
        deciding.ask_fee(row, Decimal(0), TODAY, officer=OFFICER, seen=row.version, today=TODAY, at=NOW)
        deciding.serve(row, "", officer=OFFICER, seen=row.version, today=TODAY, at=NOW)
        assert row.state is S.SERVED
        for exited_on in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
            with pytest.raises(Refused):
                deciding.record_exit(row, exited_on, officer=OFFICER, seen=row.version, today=TODAY)


def test_client_takes_it_back_until_it_is_served(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        for state in (S.ASKED, S.CHECKING, S.GRANTED, S.FEE_DUE):
            row = bring_to(asked(world), state)
            with pytest.raises(Refused):
                asking.withdraw(row, RequestRole.FOUNDATION, by=OFFICER, reason="", seen=row.version, at=NOW)
            asking.withdraw(row, RequestRole.CLIENT, by="Owner", reason="", seen=row.version, at=NOW)
            assert row.state is S.WITHDRAWN
        row = bring_to(asked(world), S.SERVED)
        for role in (RequestRole.CLIENT, RequestRole.FOUNDATION):
            with pytest.raises(Refused):
                asking.withdraw(row, role, by="Owner", reason="why", seen=None, at=NOW)


@pytest.mark.parametrize("state", [S.ASKED, S.CHECKING, S.GRANTED, S.FEE_DUE, S.SERVED, S.EXITED])
def test_false_alarm_ends_what_is_not_over_with_its_reason(
    cast: Cast, world: World, scope_of: Scoped, state: RequestState
) -> None:
    one, other = (Decider(person.id, person.name) for person in (cast.foundation_owner, cast.supplier_owner))
    with scope_of(cast.supplier):
        case = start(world, cast)
        bring_to(asked(world), state)
        cases.ask_back(case, "Annulled on appeal", one, seen=case.version, at=NOW)
        cases.approve_back(owner_in(world), case, other, seen=case.version, at=NOW)
        row = request_in()
        if state is S.EXITED:
            assert row.state is S.EXITED
            return
        assert (row.state, row.reason) == (S.FALSE_ALARM, "Annulled on appeal")
        step = queries.steps_of(row)[0]
        assert (step.left, step.role, step.reason) == (state, RequestRole.SCHEME, "Annulled on appeal")
        assert letters_to(BY_LINK.email).count(telling.OVER) == 1
        with pytest.raises(Refused):
            asked(world)


def test_closing_the_scheme_ends_what_is_served_or_was_never_decided(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        row = bring_to(asked(world), S.SERVED)
        owner = owner_in(world)
        with pytest.raises(Refused):
            stepping.step(owner, SchemeState.CLOSED, "", seen=owner.version, today=LAST, at=NOW)
        assert row.state is S.SERVED
        stepping.step(owner, SchemeState.CLOSED, "", seen=owner.version, today=LAST + timedelta(days=1), at=NOW)
        assert (row.state, db.session().scalars(sa.select(TriggerCase)).one().stage) == (S.ENDED, CaseStage.CLOSED)
        task = queries.tasks_of(row)[0]
        with pytest.raises(Refused):
            exiting.tick(row, task, done=True, note="", by="Owner", seen=None, today=TODAY)


def test_who_saw_an_older_page_changes_nothing(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        row = asked(world)
        deciding.check(row, officer=OFFICER, seen=row.version)
        steps: tuple[Callable[[], None], ...] = (
            lambda: deciding.grant(row, {}, officer=OFFICER, seen=1, at=NOW),
            lambda: deciding.refuse(row, "why", officer=OFFICER, seen=1, at=NOW),
            lambda: asking.withdraw(row, RequestRole.CLIENT, by="Owner", reason="", seen=1, at=NOW),
        )
        for step in steps:
            with pytest.raises(EditConflict):
                step()
        assert row.state is S.CHECKING


def test_steps_are_never_changed(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        asked(world)
        db.session().scalars(sa.select(RequestStep)).one().taken_by = "Somebody else"
        with pytest.raises(LockError):
            db.session().flush()
        db.session().rollback()
