"""Reminders of terms of reporting: each step once, at any hour, to whoever reports, and nothing of what was settled."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.erasing.services import erase_contact
from core import clock, db
from core.background import work
from core.background.work import DueWork
from core.background.work_states import WorkState
from core.i18n import Language
from core.mail.delivery import Sender, deliver
from core.mail.outbox import OutboxMail
from plans.calamity import reminding, telling, waking
from plans.calamity.deciders import Account
from plans.models import CalamityEntry, Contact, EntryKind
from tenants.models import Alarm, Capacity, Membership, Tenant, User
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.core.test_mail import Postman, carrier, serving
from tests.mailbox import letters_to
from tests.plans.items_scene import ScopeOf
from tests.plans.terms_scene import BEGAN, REPORTER, at, begin, end, look, name_reporter, say

ROOT = Path(__file__).parents[2]


def remind(app: Flask, hours: float, address: str = REPORTER) -> list[str]:
    """Do what is due so many hours after the beginning, twice; return the letters this brought to `address`."""
    with at(hours):
        before = len(letters_to(app, address))
        with app.app_context():
            reminding.remind()
            reminding.remind()
        return [f"{one['Subject']}\n{one.get_content()}" for one in letters_to(app, address)[before:]]


@pytest.fixture
def begun(cast: Cast, scope_of: ScopeOf) -> UUID:
    """The bakery in a calamity, with somebody who reports; the id of it."""
    with at(0), scope_of(cast.bakery):
        db.session().get_one(Tenant, cast.bakery.id).language = Language.DUTCH
        name_reporter()
        return begin()


def test_each_step_is_told_once_on_a_night_of_the_weekend_too(
    app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID
) -> None:
    assert remind(app, 0) == []
    assert remind(app, 11.9) == []
    (half,) = remind(app, 12)
    assert "Early warning" in half or "Vroege waarschuwing" in half
    assert remind(app, 19.9) == []
    assert len(remind(app, 20)) == 1
    (passed,) = remind(app, 24)
    assert "Een meldtermijn is voorbij bij Bakkerij Zonneschijn" in passed
    (both,) = remind(app, 36)
    assert both.count("NIS2, artikel 23, lid 4, b") == both.count("AVG, artikel 33, lid 1") == 1
    assert len(remind(app, 60)) == len(remind(app, 72)) == 1
    assert remind(app, 24 * 30) == []
    with scope_of(cast.bakery):
        found = look(begun)
        told = [one for one in found.course.timeline if one.kind is EntryKind.TERM_REMINDED]
        assert {telling.text(one, found.frozen) for one in told} == {"Fatima El Amrani"}
        # Whoever is erased is gone from what the service itself wrote too.
        person = db.session().scalars(sa.select(Contact).where(Contact.name == "Fatima El Amrani")).one()
        erase_contact(person, at=clock.now(), today=clock.today())
        found = look(begun)
        assert {one.by for one in told} == {"Waarborg"}
        assert "Fatima" not in str([telling.text(one, found.frozen) for one in found.course.timeline])
        assert "Fatima" not in str(found.course.timeline)
    assert Counter(one.target for one in told) == {"cbw-early": 3, "cbw-notification": 3, "avg-authority": 3}


def test_letter_names_the_law_and_the_moment_and_nothing_that_anybody_wrote(
    app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID
) -> None:
    with at(1), scope_of(cast.bakery):
        say(begun, EntryKind.NOTE, "", "Ransomware on the till server")
        say(begun, EntryKind.APPLIES, "cbw", "We run servers for hospitals")
    (letter,) = remind(app, 20)
    assert "zo 22 november 23:00 (over 4 uur)" in letter
    assert f"/o/{cast.bakery.slug}/calamity/" in letter
    assert "Fatima El Amrani" in letter
    assert "geen account" in letter
    assert "Niemand heeft nog beantwoord" not in letter
    for secret in ("Ransomware", "hospitals", "till", "+31612345678"):
        assert secret not in letter
    (unanswered,) = remind(app, 36)
    assert "Niemand heeft nog beantwoord" in unanswered


def test_after_down_time_the_newest_step_is_told_and_none_below_it(app: Flask, begun: UUID) -> None:
    (letter,) = remind(app, 24 * 9)
    assert letter.count("De termijn liep af") == 3
    assert "loopt af" not in letter.partition("\n")[2]
    assert remind(app, 24 * 10) == []


@pytest.mark.parametrize("how", ["not ours", "done", "closed"])
def test_nothing_is_told_of_what_was_settled(app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID, how: str) -> None:
    with at(1), scope_of(cast.bakery):
        found = begun
        if how == "closed":
            end(found)
        for question, terms in (("cbw", ("cbw-early", "cbw-notification")), ("avg", ("avg-authority",))):
            if how == "not ours":
                say(found, EntryKind.APPLIES_NOT, question, "Nothing of it")
            elif how == "done":
                for one in terms:
                    say(found, EntryKind.TERM_DONE, one, "417")
    for hours in (12, 24, 72, 200):
        assert remind(app, hours) == []


def test_what_is_undone_is_told_of_again(app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID) -> None:
    with at(1), scope_of(cast.bakery):
        found = begun
        said = say(found, EntryKind.APPLIES_NOT, "cbw", "Nothing of it")
    assert remind(app, 13) == []
    with at(14), scope_of(cast.bakery):
        say(found, EntryKind.RETRACTED, said.hex)
    assert len(remind(app, 14)) == 1


def test_final_report_goes_on_after_closing_until_it_is_done(
    app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID
) -> None:
    with at(10), scope_of(cast.bakery):
        found = begun
        say(found, EntryKind.APPLIES_NOT, "avg", "No data of people")
        say(found, EntryKind.TERM_DONE, "cbw-early", "1")
        say(found, EntryKind.TERM_DONE, "cbw-notification", "2")
        end(found)
    with scope_of(cast.bakery):
        final = look(found).reporting.term("cbw-final")
        assert final is not None
        assert final.ends_at is not None
        hours = (final.ends_at - BEGAN) / timedelta(hours=1)
        half = (final.begins_at + (final.ends_at - final.begins_at) / 2 - BEGAN) / timedelta(hours=1)
    assert remind(app, half - 1) == []
    (letter,) = remind(app, half)
    assert "Eindverslag" in letter
    with at(half + 1), scope_of(cast.bakery):
        say(found, EntryKind.TERM_DONE, "cbw-final", "3")
    for later in (hours - 1, hours, hours + 100):
        assert remind(app, later) == []


def test_moment_that_is_set_earlier_is_told_of_at_once(app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID) -> None:
    with at(1), scope_of(cast.bakery):
        found = begun
        say(found, EntryKind.AWARE, "", "The night watch saw it", names_at=BEGAN - timedelta(hours=15))
    (letter,) = remind(app, 1)
    assert "(over 8 uur)" in letter


def test_exercise_reminds_nobody(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    with at(0), scope_of(cast.bakery):
        name_reporter()
        found = begin(Alarm.EXERCISE)
        say(found, EntryKind.APPLIES, "cbw")
        assert db.session().scalar(sa.select(sa.func.count()).where(DueWork.kind == waking.KIND)) == 0
    for hours in (12, 24, 72):
        assert remind(app, hours) == []
    with at(80), scope_of(cast.bakery):
        end(found)
        assert not [one for one in look(found).course.timeline if one.kind is EntryKind.TERMS_LEFT]
    # Also when somebody planned to look at it all the same.
    with at(81), app.app_context(), scoped(whole(cast.bakery.id)):
        work.plan(waking.KIND, [waking.about(cast.bakery.id, found, clock.now())], clock.today(), at=clock.now())
    assert remind(app, 81) == []


@pytest.mark.parametrize(
    ("reporter", "leader", "expected"),
    [
        pytest.param("reports", "Owner", REPORTER, id="who reports"),
        pytest.param("editor", "Owner", "editor@people.example", id="who reports and has an account"),
        pytest.param("archived", "Editor", "editor@people.example", id="put away: who leads"),
        pytest.param("nobody", "Editor", "editor@people.example", id="nobody named: who leads"),
        pytest.param("no address", "Reader", "reader@people.example", id="without an address: who leads"),
        pytest.param("nobody", "Somebody (Draadwerk IT)", "owner@people.example", id="the owner"),
        pytest.param("left", "Owner", "owner@people.example", id="whose access ended: who leads"),
        pytest.param("left", "Editor", "owner@people.example", id="and who leads too: the owner"),
    ],
)
def test_letter_goes_to_who_reports_else_who_leads_else_the_owner(
    app: Flask, cast: Cast, scope_of: ScopeOf, reporter: str, leader: str, expected: str
) -> None:
    addresses = {"reports": REPORTER, "archived": REPORTER, "editor": cast.editor.email, "left": cast.editor.email}
    with at(0), scope_of(cast.bakery):
        named = None if reporter == "nobody" else name_reporter(addresses.get(reporter, ""))
        begin(who=Account(leader, "x@people.example", Capacity.OWNER))
    with at(1), scope_of(cast.bakery):
        if reporter == "archived":
            row = db.session().scalars(sa.select(Contact).where(Contact.id == named)).one()
            row.archived_at = clock.now()
        if reporter == "left":
            theirs = sa.select(Membership).where(Membership.user_id == cast.editor.id)
            db.session().scalars(theirs).one().ends_at = clock.now() - timedelta(hours=1)
    with at(12), app.app_context():
        reminding.remind()
        db.begin(writes=False)
        found = [row.recipient for row in db.session().scalars(sa.select(OutboxMail))]
        db.rollback()
    assert found == [expected]


def test_organisation_that_left_and_a_person_without_access_are_told_nothing(
    app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID
) -> None:
    with at(1), scope_of(cast.bakery):
        db.session().get_one(Tenant, cast.bakery.id).left_at = clock.now()
    assert remind(app, 12) == []


def test_disabled_account_is_not_written_to(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    with at(0), scope_of(cast.bakery):
        name_reporter(cast.editor.email)
        begin()
        db.session().get_one(User, cast.editor.id).disabled_at = clock.now()
    assert remind(app, 12, cast.editor.email) == []
    assert len(remind(app, 20, cast.owner.email)) == 1


def test_work_that_was_given_up_or_never_planned_is_looked_at_the_next_day(
    app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID
) -> None:
    assert remind(app, 1) == []
    with scope_of(cast.bakery):
        db.session().execute(
            sa.update(DueWork).where(DueWork.kind == waking.KIND).values(state=WorkState.FAILED, done_at=clock.now())
        )
    # Midnight in Amsterdam comes 25 hours after the beginning; the day then is a new one.
    assert remind(app, 24) == []
    assert len(remind(app, 26)) == 1


def test_letter_leaves_by_a_real_mail_server(app: Flask, begun: UUID) -> None:
    postman = Postman()
    with at(12), app.app_context(), serving(postman) as server:
        reminding.remind()
        assert deliver(carrier(server), Sender("Waarborg <noreply@waarborg.example>", "waarborg.example")).sent == 1
        assert deliver(carrier(server), Sender("Waarborg <noreply@waarborg.example>", "waarborg.example")).sent == 0
    (letter,) = postman.took
    assert letter["To"] == REPORTER
    assert "Vroege waarschuwing" in str(letter.get_content())


def test_killed_again_and_again_each_step_is_told_once(apart: Flask, cast: Cast) -> None:
    for organisation in (cast.bakery, cast.other, cast.supplier, cast.foundation):
        with at(0), apart.app_context(), scoped(whole(organisation.id)):
            name_reporter(f"reports.{organisation.slug}@people.example")
            begin()
    settings = apart.config["SETTINGS"]
    with apart.app_context():
        db.session().close()
        db.engine().dispose()
    program = [sys.executable, "-m", "tests.plans.terms_killing", settings.database_url, str(settings.data_dir)]
    program += [str(settings.master_key_file), (BEGAN + timedelta(hours=61)).isoformat(), "2", "5"]
    ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert int(ran.stdout.split()[-1]) >= 2
    told: Counter[str] = Counter()
    for organisation in (cast.bakery, cast.other, cast.supplier, cast.foundation):
        with apart.app_context(), scoped(whole(organisation.id), writes=False):
            rows = db.session().scalars(
                sa.select(CalamityEntry.target).where(CalamityEntry.kind == EntryKind.TERM_REMINDED)
            )
            assert sorted(rows) == ["avg-authority", "cbw-early", "cbw-notification"]
    with apart.app_context():
        db.begin(writes=False)
        told.update(row.recipient for row in db.session().scalars(sa.select(OutboxMail)))
        db.rollback()
    assert set(told.values()) == {1}
    assert len(told) == 4
