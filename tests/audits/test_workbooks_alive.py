"""The workbooks of the runbook and of the upkeep: who does what, who knows it, who read, changed and answered what."""

from datetime import timedelta

import pytest
from flask import Flask

from core import clock, db
from core.i18n import Language
from plans.audiences import services as audience_services
from plans.audiences.services import AudienceValues
from plans.confirming.queries import Whom, held
from plans.confirming.services import propose
from plans.items import services as item_services
from plans.items.services import AnswerValues, SeatValues
from plans.models import BusinessChange, Happening
from plans.runbook import services as runbook_services
from plans.runbook.services import StepValues
from plans.seats import TEAM_ITEM
from plans.signs import services as sign_services
from plans.staff import services as staff_services
from plans.staff.queries import POLICY, newest
from plans.upkeep import looking
from tests.audits.test_workbooks import Scoped, book, table
from tests.cast import Cast
from tests.plans.items_scene import add_contact, add_system
from tests.visitor import Visitor

# Sheets are the same whichever database their rows came from.
pytestmark = pytest.mark.once

HENK, PHONE = "henk@people.example", "06 87654321"


@pytest.fixture
def lived(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    """A team with one task that nobody knows, a day of two steps beside each other, and a year of upkeep."""
    today = clock.today("Europe/Amsterdam")
    with scope_of(cast.bakery):
        henk, jane = add_contact("Henk", email=HENK, department="Shop"), add_contact("Jane")
        item_services.assign(TEAM_ITEM, {"management": SeatValues(henk), "gdpr-officer": SeatValues(jane, henk)})
        runbook_services.save_tasks({"management": "Calls the bank", "gdpr-officer": "Reports it"}, today=today)
        runbook_services.acknowledge("gdpr-officer", jane, today=today)
        sign_services.add_sign("The oven talks")
        sign_services.add_sign("The oven bakes", ends=True)
        audience_services.add_audience(AudienceValues("The neighbours", henk, jane, "By a note through the door"))
        runbook_services.add_step(StepValues("Call", None, 15, henk))
        runbook_services.add_step(StepValues("Restore", add_system("Till"), 90, jane))
        values = AnswerValues({"text": "Stop and call."})
        item_services.save_answer(POLICY, values, by="Henk", today=today)
        staff_services.publish_instruction(by="Henk", today=today, language=Language.ENGLISH)
        published = newest()
        assert published is not None
        staff_services.acknowledge_instruction(published.id, {jane}, on=today, today=today)
        change = BusinessChange(kind=Happening.MOVED, what="To the market", reported_on=today, reported_by="Eva")
        db.session().add(change)
        db.session().flush()
        looking.open_item(change, ["runbook.reachability", "backup.offsite-data"])
        looking.settle("runbook.reachability", by="Eva", today=today, still_right=True)
        propose(held(Whom.CONTACT, [henk])[0], {"phone": PHONE}, "Since May", by="Henk", today=today)
    Visitor(app, cast.editor).post("/o/bakery/plan/runbook/tasks-known/ask")


def test_runbook_tells_who_does_what_and_what_runs_beside_each_other(app: Flask, cast: Cast, lived: None) -> None:
    found = book(Visitor(app, cast.reader), "runbook", as_of=clock.today().isoformat())
    seats = {row["Seat"]: row for row in table(found, "Seats and tasks")}
    knows = {seat: (row["Task"], row["Counts today"]) for seat, row in seats.items()}
    assert knows["Member of the daily board"] == ("Calls the bank", "No")
    assert knows["GDPR officer"] == ("Reports it", "Yes")
    assert seats["GDPR officer"]["Deputy"] == "Henk"
    signs = [(row["Sign"], row["Tells that it is over"]) for row in table(found, "Signs")]
    assert signs == [("The oven talks", "No"), ("The oven bakes", "Yes")]
    (told,) = table(found, "Who informs whom")
    assert (told["Who is informed"], told["By whom"], told["How"]) == (
        "The neighbours", "Henk", "By a note through the door",
    )  # fmt: skip
    day = table(found, "Recovery day plan")
    assert [
        (row["Begins after (minutes)"], row["Done after (minutes)"], row["At the same time as"]) for row in day
    ] == [
        (0, 15, "2"),
        (0, 90, "1"),
    ]


def test_plan_tells_signs_and_own_audiences_beside_who_decides_and_informs(app: Flask, cast: Cast, lived: None) -> None:
    rows = table(book(Visitor(app, cast.reader), "plan", as_of=clock.today().isoformat()), "Plan")
    told = {str(row["Code"]): row["Answer"] for row in rows}
    assert (told["runbook.activation"], told["runbook.informing"]) == ("2 signs", "1 audience more")


def test_upkeep_tells_who_read_changed_and_answered_what_and_nobodys_address(
    app: Flask, cast: Cast, lived: None
) -> None:
    found = book(Visitor(app, cast.reader), "upkeep", as_of=clock.today().isoformat())
    receipts = {row["Name"]: row for row in table(found, "Read receipts")}
    assert (receipts["Henk"]["Acknowledged on"], receipts["Henk"]["Department"]) == (None, "Shop")
    jane = receipts["Jane"]
    assert jane["Counts until"] - jane["Acknowledged on"] == timedelta(days=365)  # type: ignore[operator]
    changes = {row["Item it touches"]: row["State"] for row in table(found, "Business changes")}
    assert sorted(changes.values(), key=str) == ["Still right", "To be looked at"]
    assert "Back-ups kept off site" in changes
    (asked,) = table(found, "Asked by link")
    assert (asked["To whom"], asked["For what"], asked["Answered"]) == ("Henk", "Do you know your task?", None)
    (corrected,) = table(found, "Corrections")
    assert (corrected["About"], corrected["In their words"], corrected["Taken over"]) == ("Henk", "Since May", None)
    everything = str([list(sheet.iter_rows(values_only=True)) for sheet in found])
    assert HENK not in everything
    assert PHONE not in everything
    assert "87654321" not in everything
