"""Requests of auditors on the ladder: who is reminded of them, when not any more, and what a reseller sees of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.reminders.ladder import Item, Rung, Version, due
from audits.reminders.models import ReminderHold, ReminderTold
from audits.room.models import EvidenceRequest
from core import db
from core.i18n import Language
from plans.shapes import RESTORE
from tenants.models import Engagement, GrantLevel, ManagementGrant, User
from tests.audits.test_room import answer, ask, auditor, decide, room_of
from tests.cast import JOINED, Cast, Organisation, Person
from tests.mailbox import letters_to
from tests.reminders.test_ladder import DAY
from tests.reminders.test_reminding import answering_link, feed_of, mails, on, rows
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
# A Monday; what is asked then is to be answered by a Monday too.
ASKED, DUE = date(2026, 11, 23), date(2026, 12, 7)
TITLE = "Answer to a request of an auditor"
SECRET = "Verslag van de kassatest"


@pytest.mark.once
@pytest.mark.parametrize(
    ("today", "rung"),
    [
        pytest.param(ASKED, None, id="the letter told of it"),
        pytest.param(DUE - 8 * DAY, None, id="no step since"),
        pytest.param(DUE - 7 * DAY, Rung.SEVEN_BEFORE, id="the first step since"),
        pytest.param(DUE + 40 * DAY, Rung.THIRTY_AFTER, id="the newest of several"),
    ],
)
def test_what_a_letter_told_of_waits_for_the_next_step(today: date, rung: Rung | None) -> None:
    item = Item(Version("auditor.request", "x", DUE), noticed=True, told_on=ASKED)
    assert [one.rung for one in due([item], set(), today)] == ([rung] if rung else [])


@pytest.fixture
def asked(app: Flask, cast: Cast, scope_of: Scoped) -> str:
    """The room of an auditor who asked for something; the bakery's supplier keeps its plan."""
    with app.app_context():
        db.begin(writes=True)
        for person in (cast.owner, cast.editor, cast.supplier_owner):
            db.session().get_one(User, person.id).language = Language.ENGLISH
        db.commit()
    with scope_of(cast.bakery):
        grant = {"manager_id": cast.supplier.id, "level": GrantLevel.EDIT, "starts_at": JOINED}
        db.session().add(ManagementGrant(plan=True, continuity=False, **grant))
    eva = auditor(cast, scope_of, "eva", ends_at=datetime(2027, 6, 30, tzinfo=UTC))
    with scope_of(cast.bakery):
        room = room_of(eva)
    with on(ASKED, app):
        about = {"title": SECRET, "item": RESTORE, "due_on": DUE.isoformat()}
        assert ask(Visitor(app, eva), room, **about) == 302
        assert ask(Visitor(app, eva), room, **about | {"item": "scheme.logins", "due_on": "2027-05-31"}) == 302
    return room


def first(scope_of: Scoped, cast: Cast) -> UUID:
    with scope_of(cast.bakery):
        return db.session().scalars(sa.select(EvidenceRequest.id).where(EvidenceRequest.number == 1)).one()


def test_whoever_answers_for_it_is_reminded_at_each_step_until_it_is_answered(
    app: Flask, cast: Cast, scope_of: Scoped, asked: str
) -> None:
    people = sorted([cast.owner.email, cast.editor.email, cast.supplier_owner.email])
    here = f"/o/bakery/requests/{first(scope_of, cast)}"
    with on(ASKED + DAY, app):
        assert mails(app) == [], "a letter told of it yesterday"
    with on(DUE - 7 * DAY, app):
        assert mails(app) == people
        letter = letters_to(app, cast.owner.email)[-1].get_content()
        assert TITLE in letter
        assert SECRET not in letter
        page = Visitor(app, cast.owner).get("/account/reminders/").get_data(as_text=True)
        assert (TITLE in page, here in page, "the answer is due on" in page) == (True, True, True)
        theirs = Visitor(app, cast.supplier_owner).get("/account/reminders/").get_data(as_text=True)
        assert (TITLE in theirs, here in theirs) == (True, False), "who audits is told to members alone"
        assert "VEVENT" in Visitor(app).get(feed_of(Visitor(app, cast.editor))).get_data(as_text=True)
    with on(DUE, app):
        assert mails(app) == sorted(people * 2)
        assert answer(Visitor(app, cast.owner), here) == 302
    with on(DUE + 7 * DAY, app):
        assert mails(app) == sorted(people * 2), "answered"


def test_an_answer_that_is_sent_back_climbs_on_and_stops_with_the_assignment(
    app: Flask, cast: Cast, scope_of: Scoped, asked: str
) -> None:
    request_id = first(scope_of, cast)
    with scope_of(cast.bakery):
        auditor_id = db.session().scalars(sa.select(Engagement.auditor_id)).one()
        email = db.session().get_one(User, auditor_id).email
    eva = Person(auditor_id, email, "Eva")
    with on(DUE + 8 * DAY, app):
        late = Visitor(app, eva).get(asked).get_data(as_text=True)
        assert "1 answer is too late" in late
        before = len(mails(app))
        letter = letters_to(app, cast.owner.email)[-1].get_content()
        assert "Overdue, and the auditor waits" in letter
        path = answering_link(letters_to(app, cast.owner.email)[-1])
        assert answer(Visitor(app, cast.owner), f"/o/bakery/requests/{request_id}") == 302
        assert TITLE not in Visitor(app).get(path).get_data(as_text=True), "nothing is left to answer"
        assert decide(Visitor(app, eva), f"{asked}/requests/{request_id}", "send-back", "Not all of it") == 302
    with on(DUE + 9 * DAY, app):
        assert len(mails(app)) == before, "the letter of yesterday told of it"
        path_page = Visitor(app).get(path).get_data(as_text=True)
        assert TITLE in path_page
        (told,) = {row.reminder_id for row in rows(app, cast.bakery, ReminderTold, scope_of)}
        answered = {"kind": "acknowledged", "day": (DUE + 29 * DAY).isoformat()}
        assert Visitor(app).post(f"{path}/{told}", answered).status_code == 303
    assert len(rows(app, cast.bakery, ReminderHold, scope_of)) == 1
    with scope_of(cast.bakery):
        db.session().scalars(sa.select(Engagement)).one().ends_at = datetime(2026, 12, 31, tzinfo=UTC)
    with on(DUE + 30 * DAY, app):
        assert len(mails(app)) == before, "nobody would read the answer any more"
        assert TITLE not in Visitor(app).get(path).get_data(as_text=True)


def test_a_reseller_sees_how_many_wait_as_far_as_its_client_opened_itself(
    app: Flask, cast: Cast, scope_of: Scoped, asked: str
) -> None:
    with on(DUE + timedelta(days=1), app):
        page = Visitor(app, cast.supplier_owner).get("/o/supplier/portfolio/").get_data(as_text=True)
        assert "An auditor waits for an answer" in page
        assert ("1 request," in page, "1 too late" in page) == (True, True), "of the scheme, which is closed, nothing"
        assert SECRET not in page
        with scope_of(cast.bakery):
            grant = db.session().scalars(sa.select(ManagementGrant)).one()
            grant.plan, grant.continuity = False, True
        page = Visitor(app, cast.supplier_owner).get("/o/supplier/portfolio/").get_data(as_text=True)
        assert ("1 request," in page, "too late" in page) == (True, False)
