"""Cells of a register changed in the table itself: by keyboard, with what is wrong told at the cell."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from core.i18n import Language
from tests.browser.checker import EVERY_RULE, violations
from tests.browser.driving import Driver
from tests.browser.page import Page

SERVERS = Page("registers.show", "{o}/registers/servers")


@pytest.fixture
def tab(driver: Driver) -> Iterator[Tab]:
    """The servers of the bakery, in English."""
    seen = driver.open(SERVERS, Language.ENGLISH)
    yield seen.tab
    assert [told for told in seen.complaints if "status of 4" not in told] == []
    seen.tab.close()


def cell(tab: Tab, heading: str) -> Locator:
    """The cell of the first record under a heading."""
    place = tab.locator("table.cells thead th").all_inner_texts().index(heading)
    return tab.locator("table.cells tbody tr").first.locator("td").nth(place)


def test_cells_are_walked_changed_and_taken_back_by_keyboard(tab: Tab) -> None:
    first = cell(tab, "Name")
    before = cell(tab, "Location").inner_text()
    first.focus()
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    expect(cell(tab, "Location")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("#cell-input")).to_be_focused()
    tab.keyboard.type("Cellar")
    tab.keyboard.press("Escape")
    expect(cell(tab, "Location")).to_have_text(before)
    tab.keyboard.press("Enter")
    expect(tab.locator("#cell-input")).to_be_focused()
    tab.keyboard.type("Cellar")
    tab.keyboard.press("Tab")
    expect(cell(tab, "Location")).to_have_text("Cellar")
    expect(cell(tab, "IP address").locator("#cell-input")).to_be_focused()
    assert violations(tab, "light", EVERY_RULE) == []
    tab.keyboard.press("Escape")
    notice = tab.locator("#done")
    expect(notice).to_contain_text("Changed")
    with tab.expect_navigation():
        notice.get_by_role("button", name="Undo").press("Enter")
    expect(cell(tab, "Location")).to_have_text(before)


def test_what_is_wrong_is_told_at_the_cell_and_stays_typed(tab: Tab) -> None:
    address = cell(tab, "IP address")
    before = address.inner_text()
    address.click()
    expect(tab.locator("#cell-input")).to_be_focused()
    tab.keyboard.type("192.168.10.300")
    tab.keyboard.press("Enter")
    expect(address.locator("#cell-error")).to_contain_text("not an IP address")
    expect(tab.locator("#cell-input")).to_have_value("192.168.10.300")
    assert violations(tab, "light", EVERY_RULE) == []
    tab.keyboard.press("Escape")
    expect(address).to_have_text(before)


def test_two_people_in_one_cell_see_both_values(driver: Driver, tab: Tab) -> None:
    mine = cell(tab, "Administrator")
    before = mine.inner_text()
    mine.click()
    expect(tab.locator("#cell-input")).to_be_focused()
    other = driver.open(SERVERS, Language.ENGLISH).tab
    theirs = cell(other, "Administrator")
    theirs.click()
    expect(other.locator("#cell-input")).to_be_focused()
    other.keyboard.type("Somebody else")
    other.keyboard.press("Enter")
    expect(theirs).to_have_text("Somebody else")
    other.close()
    tab.bring_to_front()
    tab.locator("#cell-input").fill("Mine")
    tab.keyboard.press("Enter")
    expect(mine.locator("#cell-error")).to_contain_text("Somebody else")
    expect(tab.locator("#cell-input")).to_have_value("Mine")
    tab.keyboard.press("Enter")
    expect(mine).to_have_text("Mine")
    mine.click()
    expect(tab.locator("#cell-input")).to_be_focused()
    tab.locator("#cell-input").fill(before)
    tab.keyboard.press("Enter")
    expect(mine).to_have_text(before)


def test_whoever_taps_is_not_told_of_keys(tab: Tab) -> None:
    tap, keys = tab.get_by_text("Tap a cell to change it."), tab.get_by_text("walk with the arrow keys")
    expect(keys).to_be_visible()
    expect(tap).to_be_hidden()
    told = tab.context.new_cdp_session(tab)
    told.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    expect(tap).to_be_visible()
    expect(keys).to_be_hidden()
