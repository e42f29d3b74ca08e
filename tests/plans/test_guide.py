"""The guided path: every item once, in an order that works, left and taken up again where one was."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from core.i18n import Language, written_in
from plans.guide.steps import SECTION_ORDER, duration_text, legs, minutes_left, neighbours, next_open, path
from plans.handbook import Section, items
from plans.models import Answer, Assignment
from plans.status import ItemState, Status
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page

FIRST, SECOND, THIRD = path()[:3]
UNDONE = {item.id: ItemState(Status.TO_DO) for item in items()}
DONE = {item.id: ItemState(Status.COMPLETE) for item in items()}


@pytest.fixture
def judged() -> bool:
    """These pages tell what is found."""
    return True


def test_the_path_leads_past_every_item_once() -> None:
    assert sorted(SECTION_ORDER) == sorted(Section)
    assert sorted(item.id for item in path()) == sorted(item.id for item in items())


def test_a_plan_is_written_in_an_evening() -> None:
    assert 120 < minutes_left(legs(UNDONE)) <= 300
    assert minutes_left(legs(DONE)) == 0
    assert all(item.minutes for item in items() if item.id not in ("upkeep.tailored", "testing.restore-new-systems"))


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (Status.TO_DO, True),
        (Status.ATTENTION, True),
        (Status.DUE_SOON, False),
        (Status.COMPLETE, False),
        (Status.LEFT_OUT, False),
    ],
)
def test_what_is_in_order_or_left_out_takes_no_time(status: Status, *, counts: bool) -> None:
    left = minutes_left(legs(DONE | {FIRST.id: ItemState(status)}))
    assert left == (FIRST.minutes if counts else 0)


def test_the_next_step_lies_behind_and_then_round_the_path() -> None:
    assert next_open(UNDONE) == FIRST
    assert next_open(UNDONE, FIRST.id) == SECOND
    assert next_open(UNDONE | {SECOND.id: ItemState(Status.DUE_SOON)}, FIRST.id) == THIRD
    assert next_open(DONE | {FIRST.id: ItemState(Status.TO_DO)}, THIRD.id) == FIRST
    assert next_open(UNDONE, "no.such-item") == FIRST
    assert next_open(DONE) is None
    assert next_open(DONE | {"upkeep.tailored": ItemState(Status.TO_DO)}) is None, "it follows from the others"


def test_the_ends_of_the_path_have_one_neighbour() -> None:
    assert neighbours(FIRST) == (None, SECOND)
    assert neighbours(path()[-1])[1] is None


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (1, "about 1 minute"),
        (59, "about 59 minutes"),
        (60, "about 1 hour"),
        (67, "about 1 hour"),
        (68, "about 1 h 15 min"),
        (254, "about 4 h 15 min"),
    ],
)
def test_time_is_told_no_finer_than_anybody_knows(app: Flask, minutes: int, text: str) -> None:
    with app.app_context(), written_in(Language.ENGLISH):
        assert duration_text(minutes) == text


def test_an_owner_walks_the_path_stops_and_goes_on_there(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk = add_contact()
    browser, base = visitor(cast.owner), f"/o/{cast.bakery.slug}/plan"
    assert f"Begin: {FIRST.title_en}" in browser.get(f"{base}/path").get_data(as_text=True)
    begun = browser.get(f"{base}/path/on")
    assert begun.location == f"{page(cast.bakery, FIRST)}?path=on"
    step = browser.get(begun.location).get_data(as_text=True)
    assert "Step 1 of 75" in step
    assert "Save and go on" in step
    assert f'action="{page(cast.bakery, FIRST)}/answer?path=on"' in step

    skipped = browser.post(f"{page(cast.bakery, FIRST)}/later?path=on")
    assert skipped.location == f"{page(cast.bakery, SECOND)}?path=on"
    saved = browser.post(f"{page(cast.bakery, SECOND)}/answer?path=on", {"points": "The till"})
    assert saved.location == f"{page(cast.bakery, THIRD)}?path=on"
    assert browser.get(f"{base}/path/on").location == saved.location, "the browser remembers the step, not the start"

    stopped = browser.post(
        f"{page(cast.bakery, 'processes.personal-data')}/seats?path=on", {"holder-contact": str(henk), "then": "stop"}
    )
    assert stopped.location == f"{base}/path"
    shown = browser.get(stopped.location).get_data(as_text=True)
    assert "Go on: Which systems each department uses" in shown
    assert "2 of 75 in order" in shown
    assert "about 2 minutes" in shown
    assert f'href="{base}/path/on"' in browser.get(f"/o/{cast.bakery.slug}/").get_data(as_text=True)


def test_half_an_answer_on_the_path_is_kept_and_mistakes_stay_on_the_step(visitor: SignIn, cast: Cast) -> None:
    browser, address = visitor(cast.editor), page(cast.bakery, "backup.offsite-data")
    wrong = browser.post(f"{address}/answer?path=on", {"location": "Safe", "seen_on": "31-02-2027"})
    shown = wrong.get_data(as_text=True)
    assert (wrong.status_code, "There is no such day in the calendar." in shown, "Step " in shown) == (422, True, True)
    assert browser.post(f"{address}/answer?path=on", {"location": "Safe"}).status_code == 302
    assert 'value="Safe"' in browser.get(address).get_data(as_text=True)


def test_an_empty_step_is_not_told_line_by_line_what_it_lacks(visitor: SignIn, cast: Cast) -> None:
    browser, address, lacks = visitor(cast.editor), page(cast.bakery, "backup.offsite-data"), "What is still to do"
    browser.post(f"{page(cast.bakery, FIRST)}/answer", {"secured": "yes"})
    assert lacks in browser.get(address).text, "off the path it is the list of what to do"
    assert lacks not in browser.get(f"{address}?path=on").text
    browser.post(f"{address}/answer?path=on", {"location": "Safe"})
    assert lacks in browser.get(f"{address}?path=on").text, "half an answer lacks something that is not plain to see"


def test_home_counts_nothing_of_which_there_is_none(visitor: SignIn, cast: Cast) -> None:
    browser = visitor(cast.editor)
    browser.post(f"{page(cast.bakery, FIRST)}/answer", {"secured": "yes"})
    shown = browser.get(f"/o/{cast.bakery.slug}/").text
    assert "Still to fill in: 75 of 75." in shown
    assert not re.search(r"\b\d+ (fault|warning|notice)", shown), "nothing that was filled in is wrong"


@pytest.mark.parametrize(("item", "way"), [("backup.offsite-data", "answer"), ("runbook.first-contact", "seats")])
def test_nobody_is_told_that_nothing_was_saved(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, item: str, way: str
) -> None:
    browser, address = visitor(cast.editor), page(cast.bakery, item)
    for query, text in (("?path=on", "nothing was saved. This is the next step."), ("", "nothing was saved.</")):
        sent = browser.post(f"{address}/{way}{query}", {"location": " ", "holder-contact": ""})
        assert text in browser.get(sent.location).text
    with scope_of(cast.bakery):
        henk = add_contact()
        assert not any(db.session().scalar(sa.select(sa.func.count(one.id))) for one in (Answer, Assignment))
    some = {"keeper": str(henk), "holder-contact": str(henk)}
    assert "Saved." in browser.get(browser.post(f"{address}/{way}", some).location).text
    nothing = {"keeper": "", "holder-contact": ""}
    emptied = browser.post(f"{address}/{way}", nothing | {"seen": _seen(browser.get(address).text)})
    assert "Saved." in browser.get(emptied.location).text, "taking an answer away is something to save"
    assert "Henk Bakker</option>" in browser.get(address).text
    assert "selected" not in re.findall(r"<option[^>]*>Henk Bakker", browser.get(address).text)[0]


def _seen(shown: str) -> str:
    found: list[str] = re.findall(r'name="seen"[^>]*value="([^"]*)"', shown)
    return found[0]


def test_who_stands_in_for_an_only_seat_is_called_the_deputy(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    with scope_of(cast.bakery):
        add_contact()
        add_contact("Anna")
    assert "Deputy of: Who" not in browser.get(page(cast.bakery, "runbook.first-contact")).text
    assert ">Deputy<" in browser.get(page(cast.bakery, "runbook.first-contact")).text
    assert "Deputy of: IT administrator" in browser.get(page(cast.bakery, "runbook.team")).text


def test_a_register_and_a_table_lead_back_to_their_step_and_on_once_it_is_done(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        henk, anna = add_contact(), add_contact("Anna")
    browser, item, registers = visitor(cast.owner), "processes.department-heads", f"/o/{cast.bakery.slug}/registers"
    there, back = f"{registers}/departments?path={item}", f'href="{page(cast.bakery, item)}?path=on"'
    assert f'href="{there}"' in browser.get(f"{page(cast.bakery, item)}?path=on").text
    empty = browser.get(there).text
    assert back in empty
    assert f'href="{registers}/departments/new?path={item}"' in empty
    assert "Go on to the next step" not in empty
    assert f'href="{registers}/"' in empty, "the menu leads off the path"
    added = browser.post(f"{registers}/departments/new?path={item}", {"name": "Shop"}).location
    assert added.endswith(f"path={item}")
    assert "Go on to the next step" not in browser.get(added).text
    wide = browser.get(f"{registers}/systems-used?path=processes.systems-used").text
    assert "Back to the step: " in wide
    (shop,) = re.findall(r'id="r1" href="departments/([0-9a-f-]+)', browser.get(added).text)
    sent = {"name": "Office", "version": "1", "head_id": str(henk), "deputy_id": str(anna)}
    saved = browser.post(f"{registers}/departments/{shop}?path={item}", sent).location
    assert f'action="{page(cast.bakery, item)}/later"' in browser.get(saved).text
    listed = browser.get(f"{there}&q=Office").text
    assert f'name="path" value="{item}"' in listed, "a search stays on the path"
    assert all(f"?path={item}" in link for link in re.findall(r'id="r1" href="([^"]+)"', listed))
    assert "Back to the step: " not in browser.get(f"{registers}/departments").text
    for nonsense in ("no.such-item", "staff.own-0", "on", "<b>", "runbook"):
        strange = browser.get(f"{registers}/departments", query_string={"path": nonsense})
        assert (strange.status_code, "Back to the step: " in strange.text) == (200, False)
    assert "Back to the step: " not in browser.get(f"{registers}/nothing?path={item}").text


def test_a_reader_sees_the_path_and_cannot_leave_a_step_for_later(visitor: SignIn, cast: Cast) -> None:
    reader = visitor(cast.reader)
    shown = reader.get(f"{page(cast.bakery, FIRST)}?path=on").get_data(as_text=True)
    assert "Step 1 of 75" in shown
    assert "Skip for now" not in shown
    assert reader.post(f"{page(cast.bakery, FIRST)}/later").status_code == 403
    assert visitor(cast.stranger).get(f"/o/{cast.bakery.slug}/plan/path").status_code == 404


def test_a_step_that_no_longer_exists_begins_the_path_anew(visitor: SignIn, cast: Cast) -> None:
    browser = visitor(cast.owner)
    browser.client.set_cookie("path_place", "no.such-item")
    assert browser.get(f"/o/{cast.bakery.slug}/plan/path/on").location == f"{page(cast.bakery, FIRST)}?path=on"
