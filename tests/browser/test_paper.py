"""Lists on paper: the list and whose it is, without what only works on a screen."""

import pytest

from core.i18n import Language
from tests.browser.driving import HEIGHT, Driver
from tests.browser.fitting import sideways
from tests.browser.pages import BY_NAME

# Of a sheet of A4 between its margins, as a browser counts them.
SHEET = 720
LISTS = (
    "registers.show", "registers.show..systems", "registers.show..filtered", "audits.findings", "trail.index",
    "plans.section", "plans.programme_year", "plans.copies", "continuity.cover", "portfolio.index",
)  # fmt: skip
# What is pressed, unfolded or read while one presses.
FOR_THE_SCREEN = """() => [...document.querySelectorAll("main :is(button, .btn, summary, .on-screen)")]
  .filter(element => element.checkVisibility({visibilityProperty: true}) && !element.matches("a[href^='tel:']"))
  .map(element => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", LISTS)
def test_paper_holds_the_list_and_nothing_to_press(driver: Driver, name: str) -> None:
    seen = driver.open(BY_NAME[name], Language.DUTCH)
    tab = seen.tab
    assert tab.evaluate(FOR_THE_SCREEN) != []
    tab.set_viewport_size({"width": SHEET, "height": HEIGHT})
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(FOR_THE_SCREEN) == []
    assert sideways(tab) == []
    assert tab.locator("main :is(tbody tr, .task-list li)").first.is_visible()
    tab.close()


def test_paper_opens_every_part_of_a_comparison(driver: Driver) -> None:
    tab = driver.open(BY_NAME["plans.version..used"], Language.DUTCH).tab
    part = tab.locator("details.change-part").first
    part.evaluate("part => { part.open = false }")
    assert not part.locator("h4").first.is_visible()
    tab.emulate_media(media="print")
    assert part.locator("h4").first.is_visible()
    tab.close()


def test_paper_leaves_out_filters_that_narrow_nothing(driver: Driver) -> None:
    tab = driver.open(BY_NAME["registers.show..filtered"], Language.DUTCH).tab
    tab.emulate_media(media="print")
    assert tab.locator("#q").is_visible()
    assert tab.locator("#within").is_visible()
    assert not tab.locator("#empty").is_visible()
    tab.close()
