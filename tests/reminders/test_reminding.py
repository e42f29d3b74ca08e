"""Reminders end to end: noted once, mailed once to whoever answers for it, answered by the link in the mail."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.reminders import digest
from audits.reminders.jobs import remind
from audits.reminders.ladder import Rung
from audits.reminders.models import Reminder, ReminderHold, ReminderTold
from audits.sweeping import sweep
from core import clock, db
from core.background.work import DueWork
from core.background.work_states import WorkState
from core.i18n import Language
from core.mail import OutboxMail, delivery
from plans.models import Asset, AssetKind
from tenants.models import GrantLevel, ManagementGrant, Membership, User
from tenants.sign_in.services import set_password
from tests.cast import JOINED, Cast, Organisation
from tests.core.test_mail import SENDER, Postman, carrier, serving
from tests.mailbox import letters_to
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
# A Friday, as are seven days before and after; sixty days before is a Monday, thirty after a Sunday.
UNTIL = date(2027, 1, 29)
NAME = "Kassasysteem dat niemand buiten hoeft te kennen"
TITLE = "server and desktop"
DAY = timedelta(days=1)


def morning(day: date) -> datetime:
    """Return seven o'clock in Amsterdam in winter."""
    return datetime(day.year, day.month, day.day, 6, 0, tzinfo=UTC)


@contextmanager
def on(day: date, app: Flask) -> Iterator[None]:
    """Be at the morning of `day`, and do what is due then."""
    with time_machine.travel(morning(day), tick=False):
        with app.app_context():
            remind()
        yield


def licence(organisation: Organisation, scope_of: Scoped, until: date = UNTIL) -> None:
    with scope_of(organisation):
        db.session().add(Asset(kind=AssetKind.LICENCE, name=NAME, expires_on=until))


@pytest.fixture
def bakery(app: Flask, cast: Cast, scope_of: Scoped) -> Organisation:
    """The bakery with one licence that lapses on UNTIL, kept by its supplier."""
    licence(cast.bakery, scope_of)
    with scope_of(cast.bakery):
        db.session().add(
            ManagementGrant(
                manager_id=cast.supplier.id, level=GrantLevel.EDIT, plan=True, continuity=True, starts_at=JOINED
            )
        )
    with app.app_context():
        db.begin(writes=True)
        for person in (cast.owner, cast.editor, cast.supplier_owner):
            db.session().get_one(User, person.id).language = Language.ENGLISH
        db.commit()
    return cast.bakery


def answering_link(letter: EmailMessage) -> str:
    """Return the path of the link by which a reminder is answered."""
    (found,) = re.findall(r"https?://[^/\s]+(/reminders/\S+)", letter.get_content())
    return str(found)


def mails(app: Flask) -> list[str]:
    with app.app_context():
        db.begin(writes=False)
        return sorted(db.session().scalars(sa.select(OutboxMail.recipient).where(OutboxMail.kind == "reminders")))


def rows(app: Flask, organisation: Organisation, model: type[Any], scope_of: Scoped) -> list[Any]:
    with scope_of(organisation):
        found = list(db.session().scalars(sa.select(model)))
        db.session().expunge_all()
    return found


def test_each_person_who_answers_hears_of_each_threshold_once_in_one_mail(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped
) -> None:
    licence(cast.supplier, scope_of)
    people = sorted([cast.owner.email, cast.editor.email, cast.supplier_owner.email])
    for left, sent in ((61, 0), (60, 1), (60, 1), (59, 1), (44, 1), (30, 2), (29, 2)):
        with on(UNTIL - left * DAY, app):
            assert mails(app) == sorted(people * sent), left
    with time_machine.travel(morning(UNTIL - 29 * DAY), tick=False):
        letter = letters_to(app, cast.supplier_owner.email)[-1]
        assert len({one["Message-ID"] for one in letters_to(app, cast.owner.email)}) == 2
    text = letter.get_content()
    assert letter["Subject"] == "2 reminders about what lapses"
    for told in (cast.bakery.name, cast.supplier.name, "29 January 2027 (in 30 days)"):
        assert told in text
    assert NAME not in text, "what people call their things stays inside"
    assert [row.times for row in rows(app, bakery, ReminderTold, scope_of)] == [1] * 6


def test_lines_that_are_left_out_count_and_the_subject_names_the_only_organisation(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "LINES", 1)
    for days in (0, 1, 1, 1):
        licence(bakery, scope_of, UNTIL - days * DAY)
    with on(UNTIL - 30 * DAY, app):
        letter = letters_to(app, cast.owner.email)[-1]
    assert letter["Subject"] == f"{bakery.name}: 5 reminders about what lapses"
    assert "- and 2 more" in letter.get_content().splitlines()


def test_nights_that_were_missed_bring_one_reminder_and_weekends_none(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped
) -> None:
    with on(UNTIL + 29 * DAY, app):
        assert mails(app) == [], "a Saturday"
    noted = rows(app, bakery, Reminder, scope_of)
    assert sorted((row.rung, row.passed) for row in noted if not row.passed) == [(Rung.SEVEN_AFTER, False)]
    assert len(noted) == 5
    with on(UNTIL + 31 * DAY, app):
        assert mails(app).count(cast.owner.email) == 1
        assert "Lapsed, and nobody saw to it" in letters_to(app, cast.owner.email)[0].get_content()


def test_a_renewed_licence_is_not_told_of_and_begins_anew(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped
) -> None:
    with on(UNTIL - 60 * DAY, app), scope_of(bakery):
        db.session().scalars(sa.select(Asset)).one().expires_on = UNTIL + 365 * DAY
    with on(UNTIL, app):
        assert mails(app).count(cast.owner.email) == 1
    with on(UNTIL + 311 * DAY, app):
        assert mails(app).count(cast.owner.email) == 2


def test_access_that_ended_is_told_nothing(app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped) -> None:
    early = datetime(2026, 6, 1, tzinfo=UTC)
    with scope_of(bakery):
        mine = sa.select(Membership).where(Membership.user_id == cast.editor.id)
        db.session().scalars(mine).one().ends_at = early
        db.session().scalars(sa.select(ManagementGrant)).one().ends_at = early
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(User, cast.owner.id).disabled_at = early
        db.commit()
    with on(UNTIL - 60 * DAY, app):
        assert mails(app) == []


def test_whoever_wants_none_hears_only_what_lapsed_in_what_they_own(
    app: Flask, cast: Cast, bakery: Organisation
) -> None:
    for person in (cast.owner, cast.editor):
        Visitor(app, person).post("/account/reminders/", {"frequency": "never"})
    for left in (60, 30, 7, 0):
        with on(UNTIL - left * DAY, app):
            pass
    assert set(mails(app)) == {cast.supplier_owner.email}
    with on(UNTIL + 7 * DAY, app):
        assert mails(app).count(cast.owner.email) == 1
        assert cast.editor.email not in mails(app)


def test_the_organisation_chooses_who_is_reminded_and_its_owner_always_hears_what_lapsed(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped
) -> None:
    owner, page = Visitor(app, cast.owner), f"/o/{bakery.slug}/reminders/"
    assert cast.supplier.name in owner.get(page).get_data(as_text=True)
    assert owner.post(page, {"people": [str(cast.reader.id), str(cast.stranger.id)]}).status_code == 302
    assert Visitor(app, cast.editor).post(page, {}).status_code == 403
    with on(UNTIL - 60 * DAY, app):
        assert mails(app) == sorted([cast.reader.email, cast.supplier_owner.email])
        told = Visitor(app, cast.owner).get(page).get_data(as_text=True)
        assert (TITLE in told, "Reader</td>" in told) == (True, True)
        assert NAME in told, "here people read which one it is"
        assert NAME not in Visitor(app, cast.reader).get("/account/reminders/").get_data(as_text=True)
        reader, (reminder,) = Visitor(app, cast.reader), rows(app, bakery, Reminder, scope_of)
        answer = {"kind": "acknowledged", "day": (UNTIL - 40 * DAY).isoformat()}
        assert reader.post(f"/account/reminders/{reminder.id}", answer).status_code == 422, "not for everybody"
        assert reader.post(f"/account/reminders/{reminder.id}", answer | {"kind": "snoozed"}).status_code == 303
    with on(UNTIL + 7 * DAY, app):
        assert mails(app).count(cast.owner.email) == 1
        assert cast.editor.email not in mails(app)


def test_an_answer_by_the_link_in_the_mail_lets_everybody_rest_until_its_day(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped
) -> None:
    monday = UNTIL - 60 * DAY
    with on(monday, app):
        path = answering_link(letters_to(app, cast.owner.email)[0])
        visitor = Visitor(app)
        page = visitor.get(path).get_data(as_text=True)
        assert TITLE in page
        assert NAME not in page
        assert rows(app, bakery, ReminderHold, scope_of) == [], "looking changes nothing"
        (reminder,) = (row for row in rows(app, bakery, Reminder, scope_of))
        answer = {"kind": "acknowledged", "day": (monday + 35 * DAY).isoformat()}
        for wrong in ({"day": monday.isoformat()}, {"day": (monday + 61 * DAY).isoformat()}, {"kind": "x"}):
            assert visitor.post(f"{path}/{reminder.id}", answer | wrong).status_code == 422
        for _again in range(3):
            assert visitor.post(f"{path}/{reminder.id}", answer).status_code == 303
        assert "Somebody sees to it" in visitor.get(path).get_data(as_text=True)
    (held,) = rows(app, bakery, ReminderHold, scope_of)
    assert held.user_id == cast.owner.id
    with on(monday + 30 * DAY, app):
        assert mails(app).count(cast.editor.email) == 1, "the next threshold came, and somebody sees to it"
    with on(monday + 36 * DAY, app):
        assert mails(app).count(cast.editor.email) == 2, "and did not"


def test_a_link_opens_what_its_person_may_see_now_and_nothing_after_it_was_revoked(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped
) -> None:
    licence(cast.other, scope_of)
    with on(UNTIL - 60 * DAY, app):
        path = answering_link(letters_to(app, cast.editor.email)[0])
        elsewhere = rows(app, cast.other, Reminder, scope_of)[0].id
        here = rows(app, bakery, Reminder, scope_of)[0].id
        answer = {"kind": "snoozed", "day": (UNTIL - 50 * DAY).isoformat()}
        assert Visitor(app).post(f"{path}/{elsewhere}", answer).status_code == 404
        assert Visitor(app, cast.stranger).post(f"/account/reminders/{here}", answer).status_code == 404
        assert Visitor(app).get("/reminders/nobodys").status_code == 410
        with scope_of(bakery):
            mine = sa.select(Membership).where(Membership.user_id == cast.editor.id)
            db.session().scalars(mine).one().ends_at = clock.now() - DAY
        assert bakery.name not in Visitor(app).get(path).get_data(as_text=True)
        assert Visitor(app).post(f"{path}/{here}", answer).status_code == 404
        assert Visitor(app, cast.editor).post("/account/reminders/links/end").status_code == 302
        assert Visitor(app).get(path).status_code == 410
        assert Visitor(app).post(f"{path}/{here}", answer).status_code == 410


def test_everything_due_is_done_once_and_noted(app: Flask, cast: Cast, bakery: Organisation) -> None:
    with on(UNTIL - 60 * DAY, app):
        before = mails(app)
        with app.app_context():
            db.begin(writes=False)
            assert set(db.session().scalars(sa.select(DueWork.state))) == {WorkState.DONE}
            db.rollback()
            remind()
        assert mails(app) == before


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param([None], id="down"),
        pytest.param([Postman(slow=True)], id="slow"),
        pytest.param([Postman("451 not now"), Postman(rcpt="450 later")], id="putting off"),
        pytest.param([Postman("drop"), None, Postman(slow=True), Postman("451 not now")], id="everything in turn"),
    ],
)
def test_a_mail_server_in_trouble_loses_no_reminder_and_doubles_none(
    app: Flask, cast: Cast, bakery: Organisation, trouble: list[Postman | None]
) -> None:
    """A mail that a server took and then broke off may come again, under the same Message-ID."""
    people, took = {cast.owner.email, cast.editor.email, cast.supplier_owner.email}, []
    with on(UNTIL - 60 * DAY, app):
        at = clock.now()
    for postman in trouble:
        with serving(postman or Postman()) as controller:
            if postman is not None:
                for _ in people:
                    with time_machine.travel(at, tick=False), app.app_context():
                        delivery.deliver(carrier(controller), SENDER)
        if postman is None:
            with time_machine.travel(at, tick=False), app.app_context():
                assert delivery.deliver(carrier(controller), SENDER).down
        took += postman.took if postman else []
        at += DAY
    with serving(good := Postman()) as controller:
        for _ in range(2):
            with time_machine.travel(at, tick=False), app.app_context():
                assert not delivery.deliver(carrier(controller, timeout=5.0), SENDER).down
                remind()
    assert sorted(one["To"] for one in good.took) == sorted(people)
    by_person = {one["To"]: one["Message-ID"] for one in good.took}
    assert all(one["Message-ID"] == by_person[one["To"]] for one in took)
    assert len(mails(app)) == len(people)


def test_an_address_that_is_refused_is_told_to_its_person(app: Flask, cast: Cast, bakery: Organisation) -> None:
    with on(UNTIL - 60 * DAY, app):
        with serving(Postman(rcpt="550 nobody here")) as controller, app.app_context():
            delivery.deliver(carrier(controller, timeout=5.0), SENDER)
        told = Visitor(app, cast.owner).get("/account/reminders/").get_data(as_text=True)
        assert "refused our mail" in told
        assert TITLE in told, "what was sent is to be seen"


def test_the_calendar_follows_what_its_person_may_see_and_ends_when_they_say_so(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped
) -> None:
    licence(cast.other, scope_of)
    with on(UNTIL - 90 * DAY, app):
        visitor = Visitor(app, cast.supplier_owner)
        assert visitor.post("/account/reminders/calendar").status_code == 200
        path = feed_of(visitor)
        assert path not in visitor.get("/account/reminders/").get_data(as_text=True), "shown this once"
        answer = Visitor(app).get(path)
        assert answer.mimetype == "text/calendar"
        text = answer.get_data(as_text=True).replace("\r\n ", "")
        assert (text.count("BEGIN:VEVENT"), "DTSTART;VALUE=DATE:20270129" in text) == (1, True)
        assert bakery.name in text
        assert NAME not in text
        newer = feed_of(visitor)
        assert Visitor(app).get(path).status_code == 404
        with scope_of(bakery):
            db.session().scalars(sa.select(ManagementGrant)).one().ends_at = clock.now() - DAY
        assert "VEVENT" not in Visitor(app).get(newer).get_data(as_text=True)
        assert visitor.post("/account/reminders/calendar/end").status_code == 302
        assert Visitor(app).get(newer).status_code == 404
        newest = feed_of(visitor)
        with app.app_context():
            db.begin(writes=True)
            person = db.session().get_one(User, cast.supplier_owner.id)
            set_password(person, "paars konijn op een zolder vol klokken", at=clock.now())
            db.commit()
        assert Visitor(app).get(newest).status_code == 404, "whoever knew the password may have made it"


def feed_of(visitor: Visitor) -> str:
    """Make a new address for the calendar and return its path."""
    page = visitor.post("/account/reminders/calendar").get_data(as_text=True)
    (found,) = re.findall(r"<code[^>]*>https?://[^/]+(/calendar/[^<]+)</code>", page)
    return str(found)


def test_schedulers_that_are_killed_at_random_remind_everybody_once(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped
) -> None:
    licence(cast.supplier, scope_of)
    licence(cast.other, scope_of)
    days = [UNTIL - left * DAY for left in (60, 30, 7)]
    with app.app_context():
        sweep.run(at=morning(days[0]))
        address = db.engine().url.render_as_string(hide_password=False)
        db.engine().dispose()
    settings = app.config["SETTINGS"]
    command = [sys.executable, "-m", "tests.reminders.killing", str(settings.data_dir), str(settings.master_key_file)]
    command += ["4", "7", *(day.isoformat() for day in days)]
    environment = {**os.environ, "DATABASE": address}
    root = Path(__file__).parents[2]
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert int(ran.stdout.split()[-1]) > len(days), "nobody was killed: this shows nothing"
    people = [cast.owner, cast.editor, cast.supplier_owner, cast.stranger]
    assert mails(app) == sorted([person.email for person in people] * len(days))
    for organisation in (bakery, cast.supplier, cast.other):
        assert [row.times for row in rows(app, organisation, ReminderTold, scope_of) if row.times != 1] == []
        assert len(rows(app, organisation, Reminder, scope_of)) == len(days)
    with app.app_context():
        db.begin(writes=False)
        assert set(db.session().scalars(sa.select(DueWork.state))) == {WorkState.DONE}
