"""The foundation's pages of requests: from a call by phone to the exit, in as few queries for many as for one."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from continuity.clients.services import ClientValues, add_client
from continuity.models import Acceptance, AskedBy, ClientRequest, DeedVersion, ExitTask, RequestRole, RequestState
from continuity.requests import asking, deciding, telling
from continuity.requests.asking import Asking
from core import db
from core.mail.outbox import OutboxMail
from tests.cast import Cast, Person
from tests.continuity.asking import NOW, OFFICER, asked, bring_to, owner_in, request_in, scene, start
from tests.continuity.world import EARLIER, TODAY, Scoped, World, version
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Counting = Callable[[], AbstractContextManager[list[str]]]
S = RequestState
LIST = "/o/foundation/registrants/requests"


def send(officer: Visitor, path: str, **sent: str) -> int:
    """Open a form of the foundation and send it."""
    return officer.post(path, {"version": version(officer, path), **sent}).status_code


def state_of(cast: Cast, scope_of: Scoped) -> RequestState:
    with scope_of(cast.supplier):
        return request_in().state


def test_officer_writes_a_call_down_and_brings_it_to_the_exit(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    officer, new = visitor(cast.foundation_owner), f"{world.registrant_path}/requests/new"
    assert "Nobody can ask for continuity" in officer.get(new).text
    with scope_of(cast.supplier):
        start(world, cast)
    assert "No client asks for continuity" in officer.get(LIST).text
    called = {"client": str(world.client_id), "came_in": "phone", "name": "Kim Zon", "email": "kim@zon.example"}
    assert officer.post(new, {"version": "0", **called, "name": ""}).status_code == 422
    assert officer.post(new, {"version": "0", **called, "client": str(world.item_id)}).status_code == 422
    page = officer.post(new, {"version": "0", **called})
    assert page.status_code == 302
    path = page.location
    assert officer.post(new, {"version": "0", **called}).location == path
    told = officer.get(path).text
    assert "Kim Zon" in told
    assert "By phone" in told
    (seen,) = re.findall(r'name="version" value="(\d+)"', told)
    assert officer.post(f"{path}/check", {"version": seen}).status_code == 302
    assert officer.post(f"{path}/check", {"version": seen}).status_code == 302
    assert "Somebody else was first" in officer.get(path).text
    assert send(officer, f"{path}/decision", verdict="grant") == 302
    assert 'value="120.00"' in officer.get(f"{path}/fee").text
    assert send(officer, f"{path}/fee", fee_amount="", fee_due_on="2026-12-01") == 422
    assert send(officer, f"{path}/fee", fee_amount="90.00", fee_due_on="2026-12-01") == 302
    assert send(officer, f"{path}/delivery") == 422
    assert send(officer, f"{path}/payment", fee_paid_on="2026-11-22") == 302
    assert send(officer, f"{path}/delivery") == 302
    with scope_of(cast.supplier):
        task_id = db.session().scalars(sa.select(ExitTask.id).where(ExitTask.position == 0)).one()
    task = f"{path}/tasks/{task_id}"
    assert send(officer, task, label="Copy the tills", due_on="2027-03-01") == 422
    assert send(officer, task, label="Copy the tills", due_on="2026-12-01", done="y", note="On a disk") == 302
    told = officer.get(path).text
    assert "On a disk" in told
    assert "Copy the tills" in told
    assert send(officer, f"{path}/exit", exited_on="2026-11-22") == 302
    assert state_of(cast, scope_of) is S.EXITED
    assert "This step cannot be taken now" in officer.get(f"{path}/exit").text
    assert "Every request is dealt with" in officer.get(LIST).text
    assert "Bakkerij Zonneschijn" in officer.get(f"{LIST}?show=all").text


def test_refusal_without_a_reason_comes_back_and_with_one_reaches_the_client(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    here = scene(cast, world, scope_of, S.CHECKING)
    officer = visitor(cast.foundation_owner)
    assert send(officer, here.path("/decision"), verdict="refuse") == 422
    assert send(officer, here.path("/decision"), verdict="refuse", reason="No contract any more") == 302
    assert state_of(cast, scope_of) is S.REFUSED
    assert "No contract any more" in officer.get(here.path()).text
    assert "Nothing is to be decided" in officer.get(here.path("/decision")).text


def test_open_condition_is_noted_as_met_or_granted_with_a_reason(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    here = scene(cast, world, scope_of, S.CHECKING)
    with scope_of(cast.supplier):
        deciding.note_condition(request_in(), 0, None, officer=OFFICER, today=TODAY)
    officer, decision = visitor(cast.foundation_owner), here.path("/decision")
    assert 'name="why_0"' in officer.get(decision).text
    assert send(officer, decision, verdict="grant") == 422
    assert officer.post(here.path("/conditions/7")).status_code == 302
    assert officer.post(here.path("/conditions/0")).status_code == 302
    assert 'name="why_0"' not in officer.get(decision).text
    assert send(officer, decision, verdict="grant") == 302
    assert officer.post(here.path("/conditions/0")).status_code == 302
    assert "decided on already" in officer.get(here.path()).text


def test_condition_that_a_supplier_wrote_is_text_on_the_page_of_an_officer(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scene(cast, world, scope_of, S.CHECKING)
    with scope_of(cast.supplier):
        deciding.note_condition(request_in(), 0, None, officer=OFFICER, today=TODAY)
    # One that is published cannot be changed.
    monkeypatch.setattr(DeedVersion, "conditions_in", lambda deed, _in: ["<form action=x>Pay"] * len(deed.conditions))
    decision = visitor(cast.foundation_owner).get(here.path("/decision")).text
    assert "although this is open: &lt;form action=x&gt;Pay" in decision
    assert "<form action=x>" not in decision


def test_second_officer_is_told_what_the_first_decided(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    here = scene(cast, world, scope_of, S.CHECKING)
    officer, decision = visitor(cast.foundation_owner), here.path("/decision")
    seen = version(officer, decision)
    assert officer.post(decision, {"version": seen, "verdict": "grant"}).status_code == 302
    answer = officer.post(decision, {"version": seen, "verdict": "refuse", "reason": "Not so"})
    assert answer.status_code == 409
    assert state_of(cast, scope_of) is S.GRANTED


def test_request_that_is_granted_is_refused_or_taken_back_with_a_reason(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    here = scene(cast, world, scope_of, S.FEE_DUE)
    officer = visitor(cast.foundation_owner)
    for step in ("refusal", "withdrawal"):
        assert send(officer, here.path(f"/{step}"), reason="") == 422
    assert send(officer, here.path("/refusal"), reason="Never paid") == 302
    assert state_of(cast, scope_of) is S.REFUSED
    with scope_of(cast.supplier):
        seen = str(request_in().version)
    answer = officer.post(here.path("/withdrawal"), {"version": seen, "reason": "why"})
    assert answer.status_code == 422


def test_list_shows_who_waits_first_and_asks_no_more_for_many(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, count_queries: Counting
) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        bring_to(asked(world), S.SERVED)
    reader = visitor(cast.foundation_reader)
    reader.get(LIST)
    with count_queries() as few:
        reader.get(LIST)
    with scope_of(cast.supplier):
        for number in range(60):
            one = add_client(owner_in(world), ClientValues(f"Client {number:02}", "", "", None, None))
            db.session().add(
                Acceptance(client_id=one.id, deed_version_id=world.deed_id, accepted_on=EARLIER, accepted_by="Owner")
            )
            db.session().flush()
            at = NOW + timedelta(minutes=number)
            asking.ask(owner_in(world), one, Asking(AskedBy.LINK, "Owner", ""), at=at, today=TODAY)
    with count_queries() as many:
        page = reader.get(LIST).text
    assert len(many) == len(few)
    assert "60 requests wait for your answer" in page
    assert "Bakkerij Zonneschijn" not in page.split("<main")[1]
    order = re.findall(r"Client \d\d", page)
    assert order == sorted(order), "the longest waiting on top"
    assert "Bakkerij Zonneschijn" in reader.get(f"{LIST}?page=2").text.split("<main")[1]
    assert "Delivered" in reader.get(f"{LIST}?page=99").text


def test_other_foundation_sees_no_request_of_ours_and_a_reader_takes_no_step(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    here = scene(cast, world, scope_of, S.CHECKING)
    elsewhere = visitor(cast.other_foundation_owner)
    assert "Bakkerij" not in elsewhere.get("/o/other-foundation/registrants/requests?show=all").text.split("<main")[1]
    theirs = here.path().replace("/o/foundation/", "/o/other-foundation/")
    assert elsewhere.get(theirs).status_code == 404
    reader = visitor(cast.foundation_reader)
    assert reader.get(here.path()).status_code == 200
    assert reader.post(here.path("/decision"), {"version": "1", "verdict": "grant"}).status_code == 403
    assert state_of(cast, scope_of) is S.CHECKING


def test_request_of_another_service_is_not_found_under_this_one(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    here = scene(cast, world, scope_of)
    other = here.path().replace(str(world.registration_id), str(world.elsewhere_id))
    assert visitor(cast.foundation_owner).get(other).status_code == 404
    with scope_of(cast.supplier):
        assert db.session().scalar(sa.select(sa.func.count(ClientRequest.id))) == 1


def test_officers_are_told_once_and_not_when_it_was_taken_back(
    app: Flask, cast: Cast, world: World, scope_of: Scoped
) -> None:
    here = scene(cast, world, scope_of)
    with app.app_context():
        telling.tell_officers()
        telling.tell_officers()
    with scope_of(cast.supplier):
        mails = db.session().scalars(sa.select(OutboxMail).where(OutboxMail.kind == telling.OFFICERS_LETTER)).all()
        assert [one.recipient for one in mails] == [cast.foundation_owner.email]
        assert str(here.request_id) in (mails[0].text or "")
        row = request_in()
        asking.withdraw(row, RequestRole.CLIENT, by="Owner", reason="", seen=None, at=NOW)
        again = asked(world)
        asking.withdraw(again, RequestRole.CLIENT, by="Owner", reason="", seen=None, at=NOW)
    with app.app_context():
        telling.tell_officers()
    with scope_of(cast.supplier):
        count = sa.select(sa.func.count(OutboxMail.id)).where(OutboxMail.kind == telling.OFFICERS_LETTER)
        assert db.session().scalar(count) == 1
        assert db.session().scalars(sa.select(ExitTask)).all() == []


def test_officer_who_closes_a_scheme_sees_first_what_ends_with_it_and_who_paid_for_nothing(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    scene(cast, world, scope_of, S.FEE_DUE)
    with scope_of(cast.supplier):
        row = request_in()
        deciding.record_paid(row, TODAY, officer=OFFICER, seen=row.version, today=TODAY)
    page = f"{world.registrant_path}/scheme/step"
    assert "never delivered to" not in visitor(cast.foundation_owner).get(page).get_data(as_text=True)
    with time_machine.travel(NOW + timedelta(days=91), tick=False):
        officer = visitor(cast.foundation_owner)
        assert "paid, and never delivered to" in officer.get(page).get_data(as_text=True)
        assert send(officer, page, reached="closed") == 302
        assert "never delivered to" not in officer.get(page).get_data(as_text=True)
