"""The checker itself: a look of text is judged once in each of the colours, and what is not readable is told."""

from collections import defaultdict

from tests.browser.checker import Readable, unfit
from tests.browser.driving import Driver

PAGE = """<!doctype html><html lang="en"><title>Bread</title><meta name="viewport" content="width=device-width">
<style>
  body {background: white; color: black} select {background: white url("data:image/svg+xml,<svg/>")}
  @media (prefers-color-scheme: dark) {body {background: black; color: white}}
</style>
<main><h1>Bread</h1><p>Baked</p></main></html>"""


def test_pale_text_is_found_in_the_colours_in_which_it_is_pale(driver: Driver) -> None:
    window = driver.new_window()
    tab = window.new_page()
    readable: Readable = defaultdict(set)
    tab.set_content(PAGE)
    assert unfit(tab, readable) == []
    known = {colours: set(looks) for colours, looks in readable.items()}
    assert set(known) == {"light", "dark"}
    assert unfit(tab, readable) == []
    assert readable == known
    for shade, colours in (("#999", "light"), ("#444", "dark")):
        tab.set_content(PAGE.replace("Baked</p>", f"Baked <b style='color: {shade}'>at night</b></p>"))
        told = unfit(tab, readable)
        assert len(told) == 1
        assert told[0].startswith(f"{colours}: color-contrast: <b")
    window.close()
