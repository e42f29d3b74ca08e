"""Every page, in both languages: readable for everybody, light and dark, wide and narrow, without a complaint."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Page as Tab

from core.i18n import Language
from tests.browser.driving import HEIGHT, NARROW, ZOOMED, Driver, Seen, sideways
from tests.browser.pages import PAGES, Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
EVERY_RULE: dict[str, Any] = {"runOnly": {"type": "tag", "values": STANDARDS}}
COLOURS_ONLY: dict[str, Any] = {"runOnly": {"type": "rule", "values": COLOUR_RULES}}
# A page is the same in every language but for its words, and whatever is no colour is the same in the dark.
LOOKS: list[tuple[Literal["light", "dark"], dict[str, Any]]] = [("light", EVERY_RULE), ("dark", COLOURS_ONLY)]
CHECKED = Language.DUTCH
LIMIT = 60_000


@cache
def axe() -> str:
    """Return the checker's script."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(tab: Tab, colours: Literal["light", "dark"], rules: dict[str, Any]) -> list[str]:
    """Return what the checker finds on the page in these colours, one line per rule and place."""
    tab.emulate_media(color_scheme=colours, reduced_motion="reduce")
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(axe())  # the content security policy rightly blocks a script tag
    found: dict[str, Any] = tab.evaluate("rules => axe.run(document, {...rules, resultTypes: ['violations']})", rules)
    return [
        f"{colours}: {rule['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.fixture(params=PAGES, ids=[page.name for page in PAGES])
def page(request: pytest.FixtureRequest) -> Page:
    """Each page of the table in turn."""
    found = request.param
    assert isinstance(found, Page)
    return found


@pytest.fixture(scope="module")
def reader(driver: Driver) -> Iterator[Driver]:
    """The browser; whatever was read last, its windows speak English afterwards."""
    yield driver
    driver.speak(Language.ENGLISH)


def test_page_is_fit_for_everybody(reader: Driver, page: Page) -> None:
    languages = set()
    for seen in reader.in_each_language(page):
        languages.add(seen.language)
        fit(seen, page)
    assert languages == set(Language)


def fit(seen: Seen, page: Page) -> None:
    """Look at a page in one language."""
    tab = seen.tab
    assert seen.status == page.status
    assert tab.locator("html").get_attribute("lang") == seen.language.value
    if seen.language is CHECKED:
        assert [wrong for look in LOOKS for wrong in violations(tab, *look)] == []
    for width in (NARROW, ZOOMED):
        tab.set_viewport_size({"width": width, "height": HEIGHT})
        assert sideways(tab) == [], f"sticks out at {width} pixels in {seen.language}"
    assert len(tab.content().encode()) < LIMIT
    assert seen.complaints == []
