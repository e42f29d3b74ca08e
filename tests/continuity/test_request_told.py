"""What is told of a request: to its client on each page, to the officer step by step, and in the workbook."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.errors import Refused
from continuity.models import (
    AskedBy,
    CoverClaim,
    RequestRole,
    RequestState,
    SchemeContact,
    SchemeParty,
    TriggerCase,
    TriggerKind,
)
from continuity.requests import asking, deciding
from continuity.requests.asking import Asking
from continuity.requests.inviting import write_to
from continuity.requests.states import Act
from continuity.requests.steps import move
from core import clock, db
from tests.cast import Cast, Organisation, Person
from tests.continuity.asking import (
    DECLARED,
    NOW,
    OFFICER,
    asked,
    bring_to,
    client_in,
    owner_in,
    request_in,
    scene,
    start,
)
from tests.continuity.linked import SAID, claim, code_of
from tests.continuity.test_scheme_workbook import book
from tests.continuity.world import TODAY, World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
S = RequestState
BY_ORGANISATION = Asking(AskedBy.ORGANISATION, "Mila", "Owner", "mila@people.example")


def steps_told(page: str) -> list[str]:
    """Return what the officer's page calls each step, newest first."""
    return re.findall(r'<li><span class="task-name">([^<]+?)\s*<span class="task-hint">', page.split(">Steps<")[1])


def test_step_list_tells_another_fee_from_a_payment(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    here, officer = scene(cast, world, scope_of, S.FEE_DUE), visitor(cast.foundation_reader)
    with scope_of(cast.supplier):
        row = request_in()
        assert row.fee_amount is not None
        more = row.fee_amount + 30
        deciding.ask_fee(row, more, TODAY, officer=OFFICER, seen=row.version, today=TODAY, at=NOW)
    assert steps_told(officer.get(here.path()).text)[:2] == ["Another fee was asked", "Waits for the fee"]
    with scope_of(cast.supplier):
        row = request_in()
        deciding.record_paid(row, TODAY, officer=OFFICER, seen=row.version, today=TODAY)
    told = steps_told(officer.get(here.path()).text)
    assert told[:3] == ["The fee was paid", "Another fee was asked", "Waits for the fee"]


def test_open_condition_is_granted_from_a_fold_that_opens_where_the_reason_is_missing(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    here = scene(cast, world, scope_of, S.CHECKING)
    with scope_of(cast.supplier):
        deciding.note_condition(request_in(), 0, None, officer=OFFICER, today=TODAY)
        seen = str(request_in().version)
    officer, decision = visitor(cast.foundation_owner), here.path("/decision")
    sent = {"version": seen, "verdict": "grant"}

    def folds(page: str) -> list[bool]:
        return [" open" in one for one in re.findall(r"<details([^>]*)>", page.split("<main")[1])]

    assert folds(officer.get(decision).text) == [False]
    answer = officer.post(decision, sent)
    assert (answer.status_code, folds(answer.text)) == (422, [True])
    answer = officer.post(decision, {**sent, "verdict": "refuse", "why_0": "It comes by post."})
    assert (answer.status_code, folds(answer.text)) == (422, [True])
    # What is filled in there belongs to the form further down.
    (field,) = re.findall(r"<textarea[^>]*>[^<]*It comes by post", answer.text)
    assert 'form="decision"' in field
    assert officer.post(decision, {**sent, "why_0": "It comes by post."}).status_code == 302


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (S.EXITED, "until you moved to another supplier"),
        (S.ENDED, "The period is over in which"),
        (S.FALSE_ALARM, "goes on delivering"),
    ],
)
def test_client_whose_request_is_over_for_good_is_not_asked_to_ask_again(
    app: Flask, path: str, cast: Cast, world: World, scope_of: Scoped, state: RequestState, told: str
) -> None:
    guest, page = Visitor(app), f"{path}/continuity/"
    with scope_of(cast.supplier):
        row = bring_to(asked(world), S.EXITED if state is S.EXITED else S.SERVED)
        if state is not S.EXITED:
            act = Act.CLOSE if state is S.ENDED else Act.ALARM
            move(row, act, RequestRole.SCHEME, by=OFFICER, reason="Annulled.")
    shown = guest.get(page).get_data(as_text=True).split("<main")[1]
    assert told in shown
    assert "Send me the code" not in shown
    assert "if you ask for it" not in shown
    assert "Not ticked off" in shown
    assert "To do" not in shown
    # A page that is still open somewhere asks nothing either.
    answer = guest.post(page, {**SAID, "code": code_of(app, guest, path)})
    assert answer.status_code == 422
    assert "ended for good" in answer.get_data(as_text=True)
    with scope_of(cast.supplier), pytest.raises(Refused):
        asking.ask(owner_in(world), client_in(world), BY_ORGANISATION, at=NOW, today=TODAY)


def test_whoever_left_after_one_trigger_can_ask_after_the_next(
    app: Flask, path: str, cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = bring_to(asked(world), S.EXITED)
        (case,) = db.session().scalars(sa.select(TriggerCase))
        other = TriggerCase(
            registration_id=case.registration_id, kind=case.kind, stage="closed", happened_on=DECLARED,
            proof=case.proof, reference="F.05/20/1", note="", state_before=case.state_before, filed_at=NOW,
            filed_by="One", filed_by_id=cast.foundation_owner.id,
        )  # fmt: skip
        db.session().add(other)
        db.session().flush()
        row.case_id = other.id
    shown = Visitor(app).get(f"{path}/continuity/").get_data(as_text=True)
    assert "Send me the code" in shown


def test_client_that_paid_is_not_told_to_wait_for_its_fee(
    app: Flask, path: str, cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = bring_to(asked(world), S.FEE_DUE)
        deciding.record_paid(row, TODAY, officer=OFFICER, seen=row.version, today=TODAY)
    shown = Visitor(app).get(f"{path}/continuity/").get_data(as_text=True)
    assert "Paid, not delivered yet" in shown
    assert "Waits for the fee" not in shown


def test_home_of_an_organisation_shows_how_far_its_request_is(
    app: Flask, path: str, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    owner, home = visitor(cast.owner), f"/o/{cast.bakery.slug}/"
    assert claim(app, owner, f"/o/{cast.bakery.slug}{path}") == 302
    first = owner.get(home).get_data(as_text=True)
    assert "Ask for continuity" in first
    assert "Your request for continuity" not in first
    with scope_of(cast.supplier):
        bring_to(asked(world), S.FEE_DUE)
    shown = owner.get(home).get_data(as_text=True)
    assert "Waits for the fee" in shown
    assert "Pay it by 22 November 2026" in shown
    assert "See your request" in shown
    with scope_of(cast.supplier):
        bring_to_served()
    shown = owner.get(home).get_data(as_text=True)
    assert "Make a copy of your data" in shown
    assert "Tell your people what happened" not in shown, "the next one only"


@pytest.mark.parametrize("gone", ["the claim ended", "the client was put away", "the service was put away"])
def test_own_page_is_not_there_once_its_ground_is_gone(
    app: Flask, path: str, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, gone: str
) -> None:
    owner = visitor(cast.owner)
    assert claim(app, owner, f"/o/{cast.bakery.slug}{path}") == 302
    with scope_of(cast.bakery):
        known = db.session().scalars(sa.select(CoverClaim)).one()
        page = f"/o/{cast.bakery.slug}/cover-claims/{known.id}/continuity/"
    assert owner.get(page).status_code == 200
    with scope_of(cast.bakery if gone == "the claim ended" else cast.supplier):
        if gone == "the claim ended":
            db.session().scalars(sa.select(CoverClaim)).one().ended_at = NOW
        elif gone == "the client was put away":
            client_in(world).archived_at = NOW
        else:
            owner_in(world).archived_at = NOW
    assert owner.get(page).status_code == 404
    assert owner.post(page, {"asked_as": "Owner", "note": ""}).status_code == 404


def bring_to_served() -> None:
    """Deliver to the client of the newest request."""
    row = request_in()
    deciding.serve(row, "Paid in cash", officer=OFFICER, seen=row.version, today=TODAY, at=NOW)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (TriggerKind.DECLARED_BANKRUPT, "Your supplier was declared bankrupt, so"),
        (TriggerKind.CEASED, "Your supplier stopped, so"),
        (TriggerKind.TAKE_OVER, "Your supplier was taken over, so"),
        (TriggerKind.END_OF_MAINTENANCE, "Your supplier can no longer deliver to you, so"),
    ],
)
def test_link_that_grew_old_says_what_happened_to_the_supplier(
    app: Flask, path: str, cast: Cast, world: World, scope_of: Scoped, kind: TriggerKind, told: str
) -> None:
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(TriggerCase)).one().kind = kind
        guard = SchemeContact(registration_id=world.registration_id, party=SchemeParty.FOUNDATION, name="Mr Guard")
        guard.email = "guard@stichting.example"
        db.session().add(guard)
        # A newer one was mailed.
        write_to(owner_in(world), None, by=OFFICER, at=clock.now(), rest=timedelta(0))
    dead = Visitor(app).get(f"{path}/continuity/")
    assert dead.status_code == 410
    shown = dead.get_data(as_text=True)
    assert told in shown
    assert "guard@stichting.example" in shown


@pytest.mark.once
def test_workbook_tells_which_client_that_accepted_never_asked(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    supplier = visitor(cast.supplier_owner)

    def told() -> list[str | None]:
        return [row["Request for continuity"] for row in book(supplier)["Acceptances"] if row["Accepted on"]]

    assert set(told()) == {None}, "nothing happened yet"
    with scope_of(cast.supplier):
        start(world, cast)
    assert set(told()) == {"Never asked"}
    with scope_of(cast.supplier):
        asked(world)
    assert set(told()) == {"Asked"}
