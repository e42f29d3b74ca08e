"""The table of departments and systems, by keyboard alone."""

from playwright.sync_api import expect

from core.i18n import Language
from tests.browser.checker import EVERY_RULE, violations
from tests.browser.driving import Driver
from tests.browser.page import Page

MATRIX = Page("registers.systems_used", "{o}/registers/systems-used")


def test_boxes_are_walked_ticked_and_saved_by_keyboard(driver: Driver) -> None:
    seen = driver.open(MATRIX, Language.ENGLISH)
    tab = seen.tab
    rows = tab.locator("table.matrix tbody tr")
    across, down = rows.first.locator("input").count(), rows.count()
    assert across > 2
    assert down > 2

    def box(row: int, column: int) -> str:
        return rows.nth(row).locator("input").nth(column).get_attribute("value") or ""

    def here() -> str:
        return str(tab.evaluate("document.activeElement.value"))

    tab.locator(".table-region").focus()
    tab.keyboard.press("Tab")
    assert here() == box(0, 0)
    for keys, place in (
        ("ArrowLeft ArrowUp", (0, 0)),  # nothing lies beyond the edge
        ("ArrowRight ArrowDown", (1, 1)),
        ("End", (1, across - 1)),
        ("PageDown", (down - 1, across - 1)),
        ("Home", (down - 1, 0)),
        ("PageUp ArrowDown", (1, 0)),
    ):
        for key in keys.split():
            tab.keyboard.press(key)
        assert here() == box(*place), keys
    assert violations(tab, "light", EVERY_RULE) == []
    mine = rows.nth(1).locator("input").nth(0)
    before = mine.is_checked()
    tab.keyboard.press("Space")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Save")).to_be_focused()
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    expect(mine).to_be_checked(checked=not before)
    expect(tab.locator(".flash")).to_contain_text("Saved: 1 change.")
    mine.focus()
    tab.keyboard.press("Space")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Save").press("Enter")
    expect(mine).to_be_checked(checked=before)
    assert seen.complaints == []
    tab.close()
