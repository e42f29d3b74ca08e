"""An exercise on a telephone: tapped without a connection, sent once when it is back, closed with a report."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect
from playwright.sync_api import Page as Tab

from tests.browser.driving import Driver
from tests.browser.fitting import sideways
from tests.browser.people import Who
from tests.browser.scene import Scene
from tests.browser.sessions import let_in

TELEPHONE = {"width": 360, "height": 740}


@pytest.fixture
def telephone(driver: Driver, scene: Scene) -> Iterator[tuple[BrowserContext, Tab]]:
    """The owner's telephone, signed in, in English."""
    fresh = driver.new_window(viewport=TELEPHONE, has_touch=True, is_mobile=True, locale="en")
    let_in(fresh, scene, scene.people[Who.OWNER].email)
    tab = fresh.new_page()
    tab.goto(f"{scene.address}/organisations")
    with tab.expect_navigation():
        tab.locator("button[name=language][value=en]").click()
    yield fresh, tab
    fresh.close()


def test_exercise_runs_on_a_telephone_that_loses_its_connection(
    telephone: tuple[BrowserContext, Tab], scene: Scene
) -> None:
    window, tab = telephone
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(f"{scene.address}/o/{scene.people[Who.OWNER].slug}/calamity/activate/exercise")
    tab.get_by_role("checkbox").first.check()
    tab.get_by_label("What is going on?").fill("We practise")
    tab.get_by_role("button", name="Begin the exercise").tap()
    expect(tab.get_by_role("heading", name="What to do now")).to_be_visible()
    assert sideways(tab) == []
    for button in tab.locator(".run-buttons .btn").all()[:12]:
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    tab.get_by_role("button", name="Done: 1", exact=True).tap()
    expect(tab.locator("#steps-done")).to_contain_text("1 step is done")

    window.set_offline(True)
    tab.get_by_role("button", name="Begin: 2", exact=True).tap()
    tab.get_by_label("In words").fill("We go on by hand")
    tab.get_by_role("button", name="Write down", exact=True).tap()
    notice = tab.locator("#run-status")
    expect(notice).to_contain_text("No connection")
    expect(notice).to_contain_text("Not sent yet: 2")
    expect(tab.get_by_label("In words")).to_have_value("")

    window.set_offline(False)
    expect(notice).to_be_hidden()
    expect(tab.locator("#step-2")).to_contain_text("Under way")
    expect(tab.locator(".run-log")).to_contain_text("We go on by hand")
    tab.reload()
    assert tab.locator(".run-log .lines").get_by_text("We go on by hand").count() == 1

    # Somebody else, on a page of their own, and what they did comes in by itself.
    other = window.new_page()
    other.goto(tab.url)
    other.get_by_role("button", name="Done: 2", exact=True).tap()
    expect(other.locator("#steps-done")).to_contain_text("2 steps are done")
    other.close()
    tab.bring_to_front()
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(tab.locator("#steps-done")).to_contain_text("2 steps are done")

    # What must be reported: answered, ticked off without a connection, and taken back.
    expect(tab.locator("main")).to_contain_text("This is an exercise: report nothing.")
    tab.get_by_role("button", name="Yes: Personal data (AVG)").tap()
    breach = tab.locator("#term-avg-authority")
    expect(breach).to_contain_text("Still to report")
    expect(breach).to_contain_text("AVG, article 33, paragraph 1")
    window.set_offline(True)
    tab.get_by_role("button", name="Reported: Report of the data breach").tap()
    expect(notice).to_contain_text("Not sent yet: 1")
    window.set_offline(False)
    expect(notice).to_be_hidden()
    tab.get_by_role("link", name="Add the reference").focus()
    tab.keyboard.press("Enter")
    tab.get_by_label("Number or reference you got").fill("AP-417")
    tab.get_by_role("button", name="Write down", exact=True).press("Enter")
    expect(breach).to_contain_text("AP-417")
    tab.get_by_role("link", name="Explain, or no: Cyberbeveiligingswet (NIS2)").tap()
    expect(tab.locator("main")).to_contain_text("NIS2, article 23, paragraph 3")
    assert sideways(tab) == []
    tab.get_by_label("No, it need not be reported").check()
    tab.get_by_role("button", name="Write down", exact=True).tap()
    expect(tab.locator(".field-error")).to_contain_text("Write down in a few words why.")
    tab.get_by_label("Why").fill("We are too small")
    tab.get_by_role("button", name="Write down", exact=True).tap()
    expect(tab.locator("#applies-cbw")).to_contain_text("We are too small")
    tab.get_by_role("button", name="Undo: Cyberbeveiligingswet (NIS2)").tap()
    expect(tab.locator("#applies-cbw")).to_contain_text("Not known yet.")
    assert sideways(tab) == []

    tab.get_by_role("link", name="Close the exercise").tap()
    tab.get_by_label("How did it go?").fill("Well enough")
    tab.get_by_role("button", name="Close and see the report").tap()
    expect(tab.get_by_role("heading", name="Report of an exercise")).to_be_visible()
    expect(tab.locator("main")).to_contain_text("Well enough")
    expect(tab.locator("main")).to_contain_text("We go on by hand")
    expect(tab.locator("main")).to_contain_text("AP-417")
    assert sideways(tab) == []
    assert complaints == []
