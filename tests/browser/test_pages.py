"""Every page, in both languages: readable for everybody, light and dark, wide and narrow, without a complaint."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from core.i18n import Language
from tests.browser.checker import Readable, missed, unfit
from tests.browser.driving import HEIGHT, NARROW, WIDE, ZOOMED, Driver, Seen, spoken_on
from tests.browser.fitting import cramped, sideways
from tests.browser.page import Page
from tests.browser.pages import PAGES

# A page is the same in every language but for its words.
CHECKED = Language.DUTCH
# How wide the window is when the page opens, and how wide it is made then.
OPENED_AT = {Language.DUTCH: WIDE, Language.ENGLISH: ZOOMED}
LIMIT = 60_000


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


@pytest.fixture(scope="module")
def readable() -> Readable:
    """The looks of text that were found readable, in light and in the dark."""
    return defaultdict(set)


def test_page_is_fit_for_everybody(reader: Driver, page: Page, readable: Readable) -> None:
    languages = set()
    for seen in reader.in_each_language(page, OPENED_AT):
        languages.add(seen.language)
        fit(seen, page, readable)
    assert languages == set(Language)


def fit(seen: Seen, page: Page, readable: Readable) -> None:
    """Look at a page in one language."""
    tab = seen.tab
    assert seen.status == page.status
    assert spoken_on(tab) == seen.language.value
    if seen.language is CHECKED:
        assert unfit(tab, readable) == []
    # Each change of width is worked out and drawn anew: begin with the nearer.
    for width in sorted((NARROW, ZOOMED), key=lambda width: abs(width - OPENED_AT[seen.language])):
        tab.set_viewport_size({"width": width, "height": HEIGHT})
        assert sideways(tab) == [], f"sticks out at {width} pixels in {seen.language}"
        if width == NARROW:
            assert cramped(tab) == [], f"cramped at {width} pixels in {seen.language}"
            assert seen.language is not CHECKED or missed(tab) == []
    assert tab.evaluate("() => new Blob([document.documentElement.outerHTML]).size") < LIMIT
    assert seen.complaints == []
