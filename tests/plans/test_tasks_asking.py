"""The whole team is asked at once whether they know their tasks: one mail and one link a person, and nobody twice."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from plans.items import services as item_services
from plans.items.services import SeatValues
from plans.models import Assignment
from plans.runbook import services
from plans.runbook.asking import fingerprint
from plans.seats import TEAM_ITEM
from tenants.models import PlanLink
from tests.cast import Cast
from tests.mailbox import last_letter, letters_to, link_in
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page
from tests.visitor import Visitor

HENK, JANE = "henk@people.example", "jane@people.example"
TASKS = "runbook.tasks-known"
EVERYBODY = "/o/bakery/plan/runbook/tasks-known/ask"


@pytest.fixture
def team(cast: Cast, scope_of: ScopeOf) -> dict[str, UUID]:
    """Henk has two tasks, Jane one; Piet has no address, and in the last seat nobody has a task."""
    with scope_of(cast.bakery):
        found = {
            "henk": add_contact("Henk", email=HENK),
            "jane": add_contact("Jane", email=JANE),
            "piet": add_contact("Piet"),
        }
        seats = {"it-administrator": "henk", "management": "henk", "gdpr-officer": "jane", "department-head": "piet"}
        item_services.assign(TEAM_ITEM, {seat: SeatValues(found[who]) for seat, who in seats.items()})
        tasks = {"it-administrator": "Stops the network", "management": "Calls the bank", "gdpr-officer": "Reports it"}
        services.save_tasks(tasks, today=clock.today())
    return found


def known(cast: Cast, scope_of: ScopeOf) -> set[str]:
    with scope_of(cast.bakery):
        return set(db.session().scalars(sa.select(Assignment.seat).where(Assignment.acknowledged_on.is_not(None))))


def test_each_gets_one_mail_for_all_tasks_and_answers_once(
    app: Flask, cast: Cast, team: dict[str, UUID], visitor: SignIn, scope_of: ScopeOf
) -> None:
    editor = visitor(cast.editor)
    assert editor.post(EVERYBODY).status_code == 302
    assert "A mail is on its way to: Henk, Jane." in editor.get(page(cast.bakery, TASKS)).get_data(as_text=True)
    assert editor.post(EVERYBODY).status_code == 302
    shown = editor.get(page(cast.bakery, TASKS)).get_data(as_text=True)
    assert "Asked less than a week ago, so not asked again: Henk, Jane." in shown
    assert "That is 0 %." in shown
    assert [len(letters_to(app, address)) for address in (HENK, JANE)] == [1, 1]
    letter = last_letter(app, HENK)
    assert "IT administrator, Member of the daily board" in str(letter.get_content())
    link, guest = link_in(letter), Visitor(app)
    told = guest.get(link).get_data(as_text=True)
    assert "Stops the network" in told
    assert "Calls the bank" in told
    assert "Reports it" not in told
    assert guest.post(link).status_code == 303
    assert known(cast, scope_of) == {"it-administrator", "management"}
    shown = editor.get(page(cast.bakery, TASKS)).get_data(as_text=True)
    assert "2 of 3 tasks are acknowledged." in shown
    assert "That is 66 %." in shown
    assert "Ask 1 person by mail" in shown


def test_nobody_is_asked_again_within_a_week_unless_the_task_changed(
    app: Flask, cast: Cast, team: dict[str, UUID], visitor: SignIn, scope_of: ScopeOf
) -> None:
    for days, letters in ((0, 1), (6, 1), (7, 2)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=True):
            visitor(cast.editor).post(EVERYBODY)
            assert len(letters_to(app, HENK)) == letters
    with scope_of(cast.bakery):
        services.save_tasks({"management": "Calls the lawyer"}, today=clock.today())
    with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
        visitor(cast.editor).post(EVERYBODY)
        assert [len(letters_to(app, address)) for address in (HENK, JANE)] == [3, 2]


@pytest.mark.parametrize(("days", "asked"), [(335, False), (336, True), (366, True)])
def test_who_said_so_almost_a_year_ago_is_asked_again(
    app: Flask, cast: Cast, team: dict[str, UUID], visitor: SignIn, scope_of: ScopeOf, days: int, asked: bool
) -> None:
    # Noon: days counted from close to midnight end one day further when summer time begins in between.
    noon = clock.now().replace(hour=12, minute=0) + timedelta(days=1)
    with scope_of(cast.bakery):
        services.acknowledge("gdpr-officer", team["jane"], today=noon.date())
    with time_machine.travel(noon + timedelta(days=days), tick=True):
        visitor(cast.editor).post(EVERYBODY)
        shown = visitor(cast.reader).get(page(cast.bakery, TASKS)).get_data(as_text=True)
        assert bool(letters_to(app, JANE)) is asked
    assert ("Too long ago" in shown) is (days > 365)


def test_link_that_names_the_seat_still_opens_its_task(
    app: Flask, cast: Cast, team: dict[str, UUID], visitor: SignIn, scope_of: ScopeOf
) -> None:
    visitor(cast.editor).post(f"/o/bakery/plan/{TASKS.replace('.', '/')}/people/{team['henk']}/ask")
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(Assignment).where(Assignment.seat == "management")).one()
        link = db.session().scalars(sa.select(PlanLink)).one()
        link.subject_id, link.fingerprint = row.id, fingerprint([row])
    assert Visitor(app).post(link_in(last_letter(app, HENK))).status_code == 303
    assert known(cast, scope_of) == {"management"}


def test_who_has_no_task_or_left_the_team_is_not_asked(
    app: Flask, cast: Cast, team: dict[str, UUID], visitor: SignIn, scope_of: ScopeOf
) -> None:
    editor = visitor(cast.editor)
    assert editor.post(f"/o/bakery/plan/runbook/tasks-known/people/{team['piet']}/ask").status_code == 404
    with scope_of(cast.bakery):
        services.save_tasks({"department-head": "Keeps the shop open"}, today=clock.today())
        item_services.assign(TEAM_ITEM, {"gdpr-officer": SeatValues(None)})
    editor.post(EVERYBODY)
    assert "Look at the e-mail address of: Piet." in editor.get(page(cast.bakery, TASKS)).get_data(as_text=True)
    assert letters_to(app, JANE) == []
