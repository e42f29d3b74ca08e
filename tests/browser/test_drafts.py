"""Words typed while the connection is gone: kept, told, and saved once it is back."""

from playwright.sync_api import expect

from core.i18n import Language
from tests.browser.driving import Driver
from tests.browser.page import Page

WEAKEST = Page("plans.item", "{o}/plan/self-check/weakest-point?path=on")


def test_words_typed_without_a_connection_are_kept_until_they_are_saved(driver: Driver) -> None:
    seen = driver.open(WEAKEST, Language.ENGLISH)
    tab, box = seen.tab, seen.tab.locator("#points")
    stored, address = box.input_value(), tab.url
    tab.context.set_offline(True)
    box.fill("One person knows how all of it works")
    expect(tab.locator("#draft")).to_contain_text("There is no connection")
    tab.get_by_role("button", name="Save and stop here").click()
    expect(tab.locator("#draft")).to_contain_text("There is no connection")
    tab.context.set_offline(False)
    expect(tab.locator("#draft")).to_contain_text("The connection is back")

    tab.goto(address)
    expect(box).to_have_value("One person knows how all of it works")
    expect(tab.locator("#draft")).to_contain_text("was not saved")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Throw it away").click()
    expect(box).to_have_value(stored)

    box.fill("One person knows how all of it works")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Save and stop here").click()
    expect(tab.locator(".flash-success")).to_be_visible()
    tab.goto(address)
    expect(box).to_have_value("One person knows how all of it works")
    expect(tab.locator("#draft")).to_be_hidden()
    box.fill(stored)
    with tab.expect_navigation():
        tab.get_by_role("button", name="Save and stop here").click()
    assert seen.complaints == []
    tab.close()
