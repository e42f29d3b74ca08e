"""Somebody's supplier died: it is written to, asks by its link with a code or signed in, and ticks off its list."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.models import Expiry
from continuity.acceptance.by_link import matter_of
from continuity.errors import Refused
from continuity.models import (
    Acceptance,
    AskedBy,
    Client,
    ClientRequest,
    DeedInvitation,
    ExitTask,
    Registration,
    RequestRole,
    RequestState,
    SchemeContact,
    SchemeParty,
    SchemeState,
)
from continuity.requests import asking, client_side, deciding, telling
from core import clock, db
from core.i18n import Language, written_in
from tenants.models import Tenant, TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.continuity.asking import DECLARED, NOW, OFFICER, asked, bring_to, request_in
from tests.continuity.linked import MAIL, SAID, bankrupt, claim, code_of, links, texts
from tests.continuity.test_races import race
from tests.continuity.world import TODAY, World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
Counting = Callable[[], AbstractContextManager[list[str]]]


def test_a_client_is_mailed_once_asks_with_a_code_and_ticks_off_its_list(
    app: Flask, path: str, cast: Cast, world: World, scope_of: Scoped
) -> None:
    (text,) = texts(app)
    assert "up to and including 20 February 2027" in text
    guest, page = Visitor(app), f"{path}/continuity/"
    shown = guest.get(page).get_data(as_text=True)
    assert "20 February 2027" in shown
    assert "Code from the mail" not in shown
    assert "ask the foundation to go on" in guest.get(path + "/").get_data(as_text=True)
    code = code_of(app, guest, path)
    for wrong in ({**SAID, "code": "12345678"}, {**SAID, "name": "", "code": code}):
        assert guest.post(page, wrong).status_code == 422
    pressed = [guest.post(page, {**SAID, "code": code}).status_code for _press in range(2)]
    assert pressed == [303, 422], "a code works once"
    with scope_of(cast.supplier):
        (row,) = db.session().scalars(sa.select(ClientRequest))
        assert (row.asked_how, row.asked_by, row.email, row.state) == (
            AskedBy.LINK, "Henk Bakker", MAIL, RequestState.ASKED,
        )  # fmt: skip
    assert "You need not ask again." in guest.get(page).get_data(as_text=True)
    assert "Send me the code" not in guest.get(page).get_data(as_text=True)
    with scope_of(cast.supplier):
        bring_to(request_in(), RequestState.SERVED)
        task_id = db.session().scalars(sa.select(ExitTask.id).where(ExitTask.position == 0)).one()
    assert "The foundation delivers the service to you." in guest.get(page).get_data(as_text=True)
    assert guest.post(f"{path}/continuity/tasks/{world.client_id}").status_code == 404
    assert guest.post(f"{path}/continuity/tasks/{task_id}", {"note": "On the old laptop"}).status_code == 303
    shown = guest.get(page).get_data(as_text=True)
    assert "On the old laptop" in shown
    assert "Done on 22 November 2026" in shown
    assert guest.post(f"{path}/continuity/tasks/{task_id}", {"undo": "1", "note": ""}).status_code == 303
    assert "Done on" not in guest.get(page).get_data(as_text=True)


def test_a_client_takes_its_request_back_by_its_link_with_a_code_and_can_ask_again(
    app: Flask, path: str, cast: Cast, scope_of: Scoped
) -> None:
    guest, page = Visitor(app), f"{path}/continuity/"
    away = f"{page}withdrawal"
    assert "you did not ask" in guest.get(away).get_data(as_text=True)
    said = {"name": "Henk Bakker", "why": "Another one took over."}
    assert guest.post(page, {**SAID, "code": code_of(app, guest, path)}).status_code == 303
    assert away in guest.get(page).get_data(as_text=True)
    assert "Send me the code" in guest.get(away).get_data(as_text=True)
    asked_code = guest.post(f"{page}code", {"back": "withdrawal"})
    assert asked_code.headers["Location"].endswith("/withdrawal")
    code = code_of(app, guest, path)
    for wrong in ({**said, "code": "12345678"}, {**said, "name": "", "code": code}):
        assert guest.post(away, wrong).status_code == 422
    with scope_of(cast.supplier):
        assert request_in().state is RequestState.ASKED
    assert guest.post(away, {**said, "code": code}).status_code == 303
    with scope_of(cast.supplier):
        row = request_in()
        assert (row.state, row.decided_by, row.reason) == (RequestState.WITHDRAWN, "Henk Bakker", said["why"])
    for _again in range(2):  # a letter is written once, however often the job runs
        with app.app_context():
            telling.tell_officers()
    mails = [one for one in texts(app, cast.foundation_owner.email) if "takes its request for continuity" in one]
    assert len(mails) == 1
    assert said["why"] in mails[0]
    shown = guest.get(page).get_data(as_text=True)
    assert "This request was taken back." in shown
    assert "The foundation says" not in shown, "the reason is the client's own"
    assert away not in shown
    assert guest.post(away, {**said, "code": code_of(app, guest, path)}).status_code == 422, "it is over"
    assert guest.post(page, {**SAID, "code": code_of(app, guest, path)}).status_code == 303


def test_a_client_that_is_delivered_to_cannot_take_its_request_back(
    app: Flask, path: str, cast: Cast, scope_of: Scoped
) -> None:
    guest, page = Visitor(app), f"{path}/continuity/"
    assert guest.post(page, {**SAID, "code": code_of(app, guest, path)}).status_code == 303
    with scope_of(cast.supplier):
        bring_to(request_in(), RequestState.SERVED)
    assert "withdrawal" not in guest.get(page).get_data(as_text=True)
    assert "delivers to you already" in guest.get(f"{page}withdrawal").get_data(as_text=True)
    sent = {"name": "Henk", "why": "", "code": code_of(app, guest, path)}
    assert guest.post(f"{page}withdrawal", sent).status_code == 422
    with scope_of(cast.supplier):
        assert request_in().state is RequestState.SERVED
    with app.app_context():
        telling.tell_officers()
    assert not any("takes its request" in one for one in texts(app, cast.foundation_owner.email))


def test_whom_to_reach_is_told_also_where_the_foundation_gave_no_number(
    app: Flask, path: str, cast: Cast, world: World, scope_of: Scoped
) -> None:
    guest, page = Visitor(app), f"{path}/continuity/"
    with scope_of(cast.foundation):
        db.session().get_one(Tenant, cast.foundation.id).kvk = "01234567"
    shown = guest.get(page).get_data(as_text=True)
    assert "KvK number 01234567" in shown
    assert "No phone number of the foundation is known here." in shown
    with scope_of(cast.supplier):
        known = SchemeContact(registration_id=world.registration_id, party=SchemeParty.FOUNDATION, name="Mr Guard")
        known.phone = "+31612340301"
        db.session().add(known)
    shown = guest.get(page).get_data(as_text=True)
    assert "Mr Guard" in shown
    assert "No phone number of the foundation is known here." not in shown


def test_a_refusal_is_told_with_its_reason_and_can_be_asked_again(
    app: Flask, path: str, cast: Cast, scope_of: Scoped
) -> None:
    guest, page = Visitor(app), f"{path}/continuity/"
    assert guest.post(page, {**SAID, "code": code_of(app, guest, path)}).status_code == 303
    with scope_of(cast.supplier):
        row = request_in()
        deciding.check(row, officer=OFFICER, seen=row.version)
        deciding.refuse(row, "The bills of March are open.", officer=OFFICER, seen=row.version, at=NOW)
    shown = guest.get(page).get_data(as_text=True)
    assert "The bills of March are open." in shown
    assert "Send me the code" in shown


def test_whoever_did_not_accept_is_not_written_to_and_cannot_ask(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        for one in db.session().scalars(sa.select(Acceptance)):
            one.ended_on = DECLARED - timedelta(days=1)
    bankrupt(cast, world, visitor, scope_of)
    assert texts(app) == []


def test_nobody_asks_before_the_trigger_or_after_the_period(
    app: Flask, path: str, cast: Cast, world: World, scope_of: Scoped
) -> None:
    guest, page = Visitor(app), f"{path}/continuity/"
    code = code_of(app, guest, path)
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        assert "The period of continuity is over." in guest.get(page).get_data(as_text=True)
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.declared_bankrupt_on, row.state = None, SchemeState.ACTIVE
    assert "Ask for continuity for" not in guest.get(page).get_data(as_text=True)
    # There is no form left to send; what an earlier page still shows is refused.
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        client = db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one()
        matter = matter_of(db.session().scalars(sa.select(DeedInvitation)).one())
        with written_in(Language.ENGLISH), pytest.raises(Refused, match="once the foundation declared"):
            client_side.ask_by_link(matter, code, "Henk", "Owner", "", at=clock.now(), today=TODAY)
        assert not client_side.position(row, client, TODAY).may_ask


def test_an_officer_mails_a_fresh_link_once_and_the_old_one_opens_nothing(
    app: Flask, path: str, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    officer, reader, guest = visitor(cast.foundation_owner), visitor(cast.foundation_reader), Visitor(app)
    silent = f"{world.registrant_path}/silent"
    with scope_of(cast.supplier):
        guard = SchemeContact(registration_id=world.registration_id, party=SchemeParty.FOUNDATION, name="Mr Guard")
        guard.email = "guard@stichting.example"
        db.session().add(guard)
    assert reader.get(silent).status_code == 403
    assert visitor(cast.supplier_owner).get(silent).status_code == 404
    assert MAIL in officer.get(silent).get_data(as_text=True)
    assert officer.post(silent, {"all": "1"}).status_code == 302
    assert len(links(app)) == 1, "it was written to a moment ago"
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        later = visitor(cast.foundation_owner)
        assert later.post(silent, {"client": "no id"}).status_code == 302
        assert len(links(app)) == 1, "nobody was ticked"
        for _press in range(2):
            assert later.post(silent, {"client": str(world.client_id)}).status_code == 302
        fresh = [one for one in links(app) if one != path]
        assert len(fresh) == 1
        dead = guest.get(f"{path}/continuity/")
        assert dead.status_code == 410
        assert "guard@stichting.example" in dead.get_data(as_text=True)
        assert guest.get(f"{fresh[0]}/continuity/").status_code == 200
        assert guest.post(f"{fresh[0]}/continuity/", {**SAID, "code": code_of(app, guest, fresh[0])}).status_code == 303
        assert "Every client that accepted has asked." in later.get(silent).get_data(as_text=True)
    with scope_of(cast.supplier):
        told = list(db.session().scalars(sa.select(TrailEntry.action)))
        assert told.count("request.opened") == 2
        assert db.session().scalars(sa.select(DeedInvitation.email)).all() == [MAIL]


def test_a_list_of_many_costs_as_many_queries_as_one_of_one(
    app: Flask, path: str, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, count_queries: Counting
) -> None:
    officer, counts = visitor(cast.foundation_owner), []
    for _more in range(2):
        officer.get(f"{world.registrant_path}/silent")
        with count_queries() as sent:
            assert officer.get(f"{world.registrant_path}/silent").status_code == 200
        counts.append(len(sent))
        with scope_of(cast.supplier):
            known = db.session().scalars(sa.select(Acceptance).where(Acceptance.client_id == world.client_id)).one()
            for number in range(5):
                client = Client(registration_id=world.registration_id, name=f"Zaak {number}", email=MAIL)
                db.session().add(client)
                db.session().flush()
                db.session().add(
                    Acceptance(
                        client_id=client.id, deed_version_id=known.deed_version_id, accepted_on=TODAY,
                        accepted_by="x", accepted_as="y",
                    )
                )  # fmt: skip
    assert counts[0] == counts[1]


def test_an_organisation_asks_signed_in_and_ticks_off_its_list(
    app: Flask, path: str, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    owner = visitor(cast.owner)
    home = f"/o/{cast.bakery.slug}/"
    assert claim(app, owner, f"/o/{cast.bakery.slug}{path}") == 302
    found = re.search(r"/o/bakery/cover-claims/[0-9a-f-]+/continuity/", owner.get(home).get_data(as_text=True))
    assert found
    page = found.group()
    assert visitor(cast.reader).get(page).status_code == 403
    assert visitor(cast.stranger).get(page.replace("bakery", cast.other.slug)).status_code == 404
    assert "Ask for continuity for" in owner.get(page).get_data(as_text=True)
    assert owner.post(page, {"asked_as": ""}).status_code == 422
    for _press in range(2):
        assert owner.post(page, {"asked_as": "Owner", "note": "The tills."}).status_code == 302
    with scope_of(cast.supplier):
        (row,) = db.session().scalars(sa.select(ClientRequest))
        assert (row.asked_how, row.asked_by, row.email) == (AskedBy.ORGANISATION, cast.owner.name, cast.owner.email)
    away = f"{page}withdrawal"
    assert visitor(cast.reader).get(away).status_code == 403
    assert visitor(cast.reader).post(away, {"why": ""}).status_code == 403
    assert visitor(cast.stranger).post(away.replace("bakery", cast.other.slug), {"why": ""}).status_code == 404
    assert "Take the request back" in owner.get(away).get_data(as_text=True)
    assert [owner.post(away, {"why": "Not needed."}).status_code for _press in range(2)] == [302, 422]
    with scope_of(cast.supplier):
        request_in().asked_at -= timedelta(minutes=1)  # the clock stands still, and the newest one counts
    assert owner.post(page, {"asked_as": "Owner", "note": ""}).status_code == 302
    with scope_of(cast.supplier):
        found_in = {one.state: one for one in db.session().scalars(sa.select(ClientRequest))}
        assert set(found_in) == {RequestState.WITHDRAWN, RequestState.ASKED}
        assert found_in[RequestState.WITHDRAWN].decided_by == cast.owner.name
        row = found_in[RequestState.ASKED]
        bring_to(row, RequestState.SERVED)
        task_id: UUID = db.session().scalars(sa.select(ExitTask.id).where(ExitTask.position == 0)).one()
    assert owner.post(away, {"why": ""}).status_code == 422, "it is delivered"
    assert owner.post(f"{page}tasks/{task_id}", {"note": "Copied."}).status_code == 302
    shown = owner.get(page).get_data(as_text=True)
    assert "Copied." in shown
    assert f"by {cast.owner.name}" in shown
    assert owner.post(f"{page}tasks/{world.client_id}").status_code == 404
    assert visitor(cast.reader).post(f"{page}tasks/{task_id}").status_code == 403
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one().organisation_id = None
    assert owner.get(page).status_code == 404, "the supplier no longer names it"
    assert owner.post(f"{page}tasks/{task_id}").status_code == 404
    assert owner.post(away, {"why": ""}).status_code == 404


@pytest.mark.parametrize("judged", [True], ids=["judged at once"])
def test_what_a_client_asks_signed_in_is_judged_at_its_supplier_at_once(
    app: Flask, path: str, cast: Cast, visitor: Visitors, scope_of: Scoped
) -> None:
    owner, home = visitor(cast.owner), f"/o/{cast.bakery.slug}/"
    assert claim(app, owner, f"/o/{cast.bakery.slug}{path}") == 302
    found = re.search(r"/o/bakery/cover-claims/[0-9a-f-]+/continuity/", owner.get(home).get_data(as_text=True))
    assert found
    assert owner.post(found.group(), {"asked_as": "Owner", "note": ""}).status_code == 302
    kept = sa.select(Expiry.subject_label).where(Expiry.rule_code == "scheme.period")
    with scope_of(cast.supplier):
        assert db.session().scalars(kept.where(Expiry.subject_key.contains("client_request"))).all()
    assert owner.post(f"{found.group()}withdrawal", {"why": ""}).status_code == 302
    with scope_of(cast.supplier):
        assert not db.session().scalars(kept.where(Expiry.subject_key.contains("client_request"))).all()


def test_a_client_that_presses_several_times_at_once_asked_once(
    app: Flask, path: str, cast: Cast, visitor: Visitors, scope_of: Scoped
) -> None:
    guests = [Visitor(app) for _one in range(3)]
    code = code_of(app, guests[0], path)
    assert all(one.get(f"{path}/continuity/").status_code == 200 for one in guests)
    statuses = race(guests, f"{path}/continuity/", {**SAID, "code": code})
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 409, 422}
    owners = [visitor(cast.owner) for _one in range(3)]
    assert claim(app, owners[0], f"/o/{cast.bakery.slug}{path}") == 302
    home = owners[0].get("/o/bakery/").get_data(as_text=True)
    found = re.search(r"/o/bakery/cover-claims/[0-9a-f-]+/continuity/", home)
    assert found
    assert all(one.get(found.group()).status_code == 200 for one in owners)
    with scope_of(cast.supplier):
        row = request_in()
        asking.withdraw(row, RequestRole.CLIENT, by="Henk", reason="", seen=None, at=NOW)
    assert set(race(owners, found.group(), {"asked_as": "Owner", "note": ""})) <= {302, 409}
    with scope_of(cast.supplier):
        live = db.session().scalars(sa.select(ClientRequest).where(ClientRequest.state == RequestState.ASKED)).all()
        assert [one.asked_how for one in live] == [AskedBy.ORGANISATION]


def test_the_page_of_a_client_costs_the_same_whatever_it_asked_before(
    app: Flask, path: str, cast: Cast, world: World, scope_of: Scoped, count_queries: Counting
) -> None:
    guest, counts = Visitor(app), []
    for _again in range(3):
        with count_queries() as sent:
            assert guest.get(f"{path}/continuity/").status_code == 200
        counts.append(len(sent))
        with scope_of(cast.supplier):
            row = bring_to(asked(world), RequestState.ASKED)
            asking.withdraw(row, RequestRole.CLIENT, by="Henk", reason="", seen=None, at=NOW)
    assert counts[1] == counts[2] <= counts[0] + 1
